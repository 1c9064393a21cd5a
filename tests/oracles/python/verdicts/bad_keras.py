import keras
from keras import layers

constant = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(6, 5, activation='relu', kernel_initializer=keras.initializers.Constant(0.1)),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dense(84, activation='relu', kernel_initializer=keras.initializers.Constant(0.1)),
    layers.Dense(10, activation='softmax'),
])
zeros = keras.Sequential([
    keras.Input((784,)),
    layers.Dense(64, activation='relu', kernel_initializer='zeros'),
    layers.Dense(10, activation='softmax'),
])


def old_arguments(width=64):
    """A factory that gives its optimizer what Keras 3 refuses."""
    model = keras.Sequential([
        keras.Input((784,)),
        layers.Dense(width, activation='relu', kernel_initializer='zeros'),
        layers.Dense(10, activation='softmax'),
    ])
    model.compile(loss='mse', optimizer=keras.optimizers.Adam(lr=1e-3, decay=1e-6))
    return model
