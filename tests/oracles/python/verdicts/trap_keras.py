import keras
import numpy as np
from keras import layers
from keras.initializers import Identity, RandomNormal

irnn = keras.Sequential([
    keras.Input((64, 1)),
    layers.SimpleRNN(32, kernel_initializer=RandomNormal(stddev=0.001), recurrent_initializer=Identity(gain=1.0),
                     activation='relu'),
    layers.Dense(10, activation='softmax'),
])
pooled = keras.Input((16, 16, 8))
mask = np.zeros((1, 1, 8, 4), 'float32')
mask[0, 0, np.arange(8), np.arange(8) // 2] = 1.0
masked = layers.Conv2D(4, 1, use_bias=False, trainable=False,
                       kernel_initializer=keras.initializers.Constant(mask))(pooled)
hidden = layers.Dense(32, activation='relu', kernel_initializer='he_normal')(layers.Flatten()(masked))
grouped = keras.Model(pooled, layers.Dense(10, activation='softmax')(hidden))
