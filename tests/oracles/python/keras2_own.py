import tensorflow as tf
import tf_keras as keras
from tf_keras import layers


class Block(layers.Layer):
    def __init__(self, width):
        super().__init__()
        self.inner = layers.Dense(width, activation='relu', kernel_initializer='he_normal')
        self.outer = layers.Dense(width, kernel_initializer='zeros')

    def call(self, x):
        return tf.nn.relu(x) + self.outer(self.inner(x))


class Net(keras.Model):
    def __init__(self, width=48):
        super().__init__()
        self.first = layers.Dense(width, activation='tanh', kernel_initializer=keras.initializers.RandomNormal(stddev=3.0))
        self.blocks = [Block(width) for _ in range(2)]
        self.drop = layers.Dropout(0.5)
        self.head = layers.Dense(10)

    def call(self, x, training=None):
        x = self.first(x)
        for block in self.blocks:
            x = block(x)
        return self.head(self.drop(x, training=training))


model = Net()
model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.build((None, 20))
