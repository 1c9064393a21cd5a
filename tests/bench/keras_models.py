"""Writes the architectures of Keras's own applications as people keep them: `model.to_json(indent=2)`."""

import sys
from pathlib import Path

import keras

NAMES = ["EfficientNetB5", "EfficientNetB7", "NASNetLarge", "InceptionResNetV2", "DenseNet201"]

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for name in NAMES:
    path = folder / f"{name}.json"
    if not path.exists():
        model = getattr(keras.applications, name)(weights=None)
        path.write_text(model.to_json(indent=2))
    print(path)
