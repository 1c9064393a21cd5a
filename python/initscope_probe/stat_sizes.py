"""Constants of the statistics, shared by the PyTorch and the NumPy side and equal to the TensorFlow.js engine's."""

FINE = 2048
COARSE = 64
SHARES = (0.01, 0.05, 0.5, 0.95, 0.99)
COSINE_SAMPLES = 32
# Beyond this many values percentiles and histogram are taken from an even sample; all other numbers from every value.
HISTOGRAM_SAMPLE = 1 << 14
