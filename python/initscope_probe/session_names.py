"""Unique ids."""


def unique(name, taken):
    """The name, or `name#2` … where it is taken."""
    id, n = name, 1
    while id in taken:
        n += 1
        id = f"{name}#{n}"
    return id
