"""Which loss a name means: softmax and sigmoid take logits, the others differences."""

FORMS = {
    "categorical_crossentropy": "softmax",
    "sparse_categorical_crossentropy": "softmax",
    "binary_crossentropy": "sigmoid",
    "mean_squared_error": "squared",
    "mean_absolute_error": "absolute",
    "other": "squared",
}
