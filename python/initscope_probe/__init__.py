"""Initscope's probe: builds the models of a Python file in the user's own interpreter and measures their initialization.

Pure Python, no dependency but the user's torch or keras. `python -m initscope_probe` speaks JSON lines (see protocol.py)."""

PROTOCOL = 1
