"""The whole of a parameter, also where every rank of torchrun keeps a part of it (gathered for as long as it is looked at)."""


def home(parameter):
    """The parameter that keeps the values and gets the gradient."""
    found = getattr(parameter, "_initscope_home", None)
    return parameter if found is None else found()


def whole(tensor):
    """All values of a tensor. Where it is spread over ranks, every one of them must ask."""
    return tensor.full_tensor() if hasattr(tensor, "full_tensor") else tensor
