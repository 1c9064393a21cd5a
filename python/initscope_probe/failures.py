"""Which of the statements that did not run is why a model was not built, and how an error is told in one line."""

import re

from .fakes import Blocked, NeedValue, missing_packages
from .limits import TooLong

UNKNOWN = re.compile(r"(?:<value |value of '(?:[\w.]+\()?|name ')(\w+)")


# A size that is counted from data: what a person can answer, where the data cannot be; so is the length of what is not known.
COUNTED = re.compile(r"(\w+) = (?:\d+ \+ )?(?:len|max|min|int|sum)\(")
LENGTH = re.compile(r"NeedValue: value of .* is not known here: len\(\)$")


def short(name):
    """`Net(num_classes)` as a person gives it: num_classes; of a whole expression its first name."""
    inner = name.split("(")[-1].rstrip(")").split(".")[-1]
    return inner or re.split(r"\W", name)[0] or name


def cause(failed, first, last):
    """The earliest of the failed statements (line, text, why) that the one on lines `first` to `last` goes back to; None without any."""
    found = next((f for f in failed if first <= f[0] <= last), failed[-1] if failed else None)
    while found is not None:
        unknown = UNKNOWN.search(found[2])
        name = unknown and unknown[1]
        before = [f for f in failed if f[0] < found[0] and name and _binds(f[1], name)]
        if not before or COUNTED.match(found[1]) or LENGTH.match(found[2]):
            return found
        found = before[-1]
    return None


def _binds(text, name):
    if text.startswith("with "):
        return text.rstrip(":").endswith(f" as {name}")
    left, assigned, _right = text.partition("=")
    return bool(assigned) and re.search(rf"\b{name}\b", left.split("(")[0]) is not None


def raise_cause(failure):
    """Raises what a failed statement says: a value that is not known, a name that is not defined, else one line."""
    if failure is not None:
        counted = COUNTED.match(failure[1])
        if counted:
            raise NeedValue(counted[1], failure[0])
        undefined = re.match(r"NameError: name '(\w+)' is not defined", failure[2])
        if undefined:
            raise Undefined(undefined[1])
        unknown = re.match(r"NeedValue: value of '([^']+)'", failure[2])
        lacks = re.match(r"AttributeError: 'Namespace' object has no attribute '(\w+)'", failure[2])
        if unknown or lacks:
            raise NeedValue((unknown or lacks)[1], failure[0])
    raise RuntimeError(_told(failure))


class Undefined(Exception):
    """A name that no statement which ran defines."""

    def __init__(self, name):
        super().__init__(f"{name} is not defined where the model is built")
        self.name = name


class NotRun(LookupError):
    """No input was found that a model's forward takes; `hangs`: it did not end with one."""

    def __init__(self, why, hangs=False):
        super().__init__(why)
        self.hangs = hangs


def _told(failure):
    if failure is None:
        return "the statement that builds it did not run"
    line, _text, why = failure
    kind, _colon, text = why.partition(": ")
    plain = {
        "MemoryError": "it needs more memory than it may take",
        "RecursionError": "it calls itself without end",
        "TooLong": text,
    }
    return f"line {line} did not run: {plain.get(kind, why)}"


def said(error):
    """The first line of an error's text; of what Keras wraps around an error, the error itself."""
    text = str(error).strip()
    wrapped = re.match(r"Exception encountered when calling ([\w.]+)\(\)\.\s+(?:\x1b\[\d+m)?(.+)", text)
    if wrapped:
        return f"{wrapped[2]} (in {wrapped[1]})".replace("\x1b[0m", "")
    return text.split("\n")[0]


def reason(error):
    """One line about what went wrong, without a stack."""
    if isinstance(error, (NeedValue, Blocked, TooLong, Undefined)):
        return str(error)
    if isinstance(error, MemoryError):
        return "it needs more memory than it may take"
    if isinstance(error, RecursionError):
        return "it calls itself without end"
    text = said(error)
    if "initscope_probe.fakes.Fake" in text:
        return f"it is made of parts of {', '.join(missing_packages()) or 'a package'}, which is not installed here"
    if type(error) in (RuntimeError, LookupError, NotRun) and text:
        return text[:240]
    return f"{type(error).__name__}: {text}"[:240] if text else type(error).__name__
