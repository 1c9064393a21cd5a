"""Input shapes that the file writes down."""

import ast

from .datasets import TORCHVISION as TV


def file_hints(src, tree, evalf):
    """shapes written in the file: torch.randn(...), summary(model, (...)), dataset names, example_input_array"""
    hints = []
    for n in ast.walk(tree):
        if isinstance(n, ast.Call):
            f = ast.unparse(n.func)
            if f.split(".")[-1] in ("randn", "rand", "zeros", "ones", "empty") and f.startswith("torch"):
                try:
                    v = [evalf(a) for a in n.args]
                    if len(v) == 1 and isinstance(v[0], (tuple, list)):
                        v = list(v[0])
                    if len(v) >= 2 and all(isinstance(x, int) and 0 < x < 5000 for x in v):
                        hints.append(("call", tuple(v), n.lineno))
                except Exception:
                    pass
            if f.split(".")[-1] in ("summary", "torchsummary"):
                for a in list(n.args[1:2]) + [k.value for k in n.keywords if k.arg == "input_size"]:
                    try:
                        v = evalf(a)
                        if isinstance(v, (tuple, list)) and all(isinstance(x, int) for x in v):
                            hints.append(("summary", (2,) + tuple(v), n.lineno))
                            hints.append(("summary", tuple(v), n.lineno))
                    except Exception:
                        pass
        if isinstance(n, (ast.Attribute, ast.Name)):
            nm = n.attr if isinstance(n, ast.Attribute) else n.id
            if nm in TV:
                hints.append(("dataset " + nm, (2,) + TV[nm][:3], getattr(n, "lineno", 0)))
    return hints
