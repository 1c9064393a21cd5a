import keras
from keras import layers

picture = keras.Input((12, 12, 3), name='picture')
words = keras.Input((7,), dtype='int32', name='words')
x = layers.Conv2D(16, 3, activation='relu', kernel_initializer=keras.initializers.RandomNormal(stddev=1.5))(picture)
x = layers.BatchNormalization()(x)
y = layers.Conv2D(16, 3, padding='same', activation='tanh', kernel_initializer='zeros')(x)
x = layers.Add()([x, y])
x = layers.GlobalAveragePooling2D()(x)
tower = keras.Sequential([layers.Dense(24, activation='relu'), layers.Dropout(0.5), layers.Dense(24)], name='tower')
z = layers.LSTM(24)(layers.Embedding(50, 16)(words))
joined = layers.Concatenate()([tower(x), z])
deep = layers.Dense(32, activation='tanh', kernel_initializer=keras.initializers.RandomNormal(stddev=3))(joined)
out = layers.Dense(10, activation='softmax', name='classes')(deep)
model = keras.Model([picture, words], out)
model.compile(loss=keras.losses.SparseCategoricalCrossentropy())
model.fit()
