"""The losses that a file's text names."""

import ast
import re

LOSSES = {
    "CrossEntropyLoss": ("sparse_categorical_crossentropy", True),
    "cross_entropy": ("sparse_categorical_crossentropy", True),
    "NLLLoss": ("sparse_categorical_crossentropy", True),
    "nll_loss": ("sparse_categorical_crossentropy", True),
    "BCEWithLogitsLoss": ("binary_crossentropy", True),
    "binary_cross_entropy_with_logits": ("binary_crossentropy", True),
    "BCELoss": ("binary_crossentropy", False),
    "binary_cross_entropy": ("binary_crossentropy", False),
    "MSELoss": ("mean_squared_error", False),
    "mse_loss": ("mean_squared_error", False),
    "SmoothL1Loss": ("mean_absolute_error", False),
    "smooth_l1_loss": ("mean_absolute_error", False),
    "L1Loss": ("mean_absolute_error", False),
    "l1_loss": ("mean_absolute_error", False),
}
CLASSES = re.compile(
    r"num_?_?class|n_?class|vocab|n_?labels|num_labels|ntoken|logits|nb_class|class_num", re.I
)


def written_loss(tree, text):
    """The losses that the file calls: a list of (name, id, from logits), in order; then whether it speaks of classes."""
    found = []
    for node in ast.walk(tree):
        name = (
            node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else None
        )
        if name in LOSSES and not any(f[0] == name for f in found):
            found.append((name, *LOSSES[name]))
    return {"calls": found, "classes": bool(CLASSES.search(text))}
