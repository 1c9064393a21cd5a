"""Known data sets by name: their shapes answer for the data, which is never read."""

TORCHVISION = {
    "MNIST": (1, 28, 28, 10),
    "FashionMNIST": (1, 28, 28, 10),
    "KMNIST": (1, 28, 28, 10),
    "EMNIST": (1, 28, 28, 47),
    "QMNIST": (1, 28, 28, 10),
    "USPS": (1, 16, 16, 10),
    "CIFAR10": (3, 32, 32, 10),
    "CIFAR100": (3, 32, 32, 100),
    "SVHN": (3, 32, 32, 10),
    "STL10": (3, 96, 96, 10),
    "ImageNet": (3, 224, 224, 1000),
    "ImageFolder": (3, 224, 224, 10),
    "CelebA": (3, 218, 178, 40),
    "LSUN": (3, 256, 256, 10),
    "Flowers102": (3, 224, 224, 102),
    "Food101": (3, 224, 224, 101),
    "OxfordIIITPet": (3, 224, 224, 37),
}

KERAS_IMAGES = {
    "mnist": ((28, 28), 10, 255),
    "fashion_mnist": ((28, 28), 10, 255),
    "cifar10": ((32, 32, 3), 10, 255),
    "cifar100": ((32, 32, 3), 100, 255),
}
