"""Places in the user's files: exact ranges of the calls that a stack of frames is executing, as UTF-16 offsets."""

import ast
import functools
import itertools
import os
import re
import sys
import weakref

LIBRARIES = ("site-packages", "dist-packages", f"{os.sep}lib{os.sep}python3", "<frozen", "<string>")
# Python 3.11 and later say which call of a line runs; without, or for a test of that, the text is searched for it.
EXACT = hasattr(sys._getframe().f_code, "co_positions") and "INITSCOPE_PROBE_LINES" not in os.environ
OWN = os.path.dirname(os.path.abspath(__file__)) + os.sep


class SourceText:
    """A decoded text without BOM, and the way from lines and UTF-8 columns to UTF-16 offsets."""

    def __init__(self, text):
        self.text = text
        self.starts = [0] + [m.end() for m in re.finditer(r"\r\n|\r|\n", text)]
        self.plain = text.isascii()
        self._tree = None

    @property
    def tree(self):
        if self._tree is None:
            self._tree = ast.parse(self.text)
        return self._tree

    def index(self, line, column):
        """Index into the text of a 1-based line and a UTF-8 column."""
        start = self.starts[min(line, len(self.starts)) - 1]
        if self.plain or not column:
            return min(start + (column or 0), len(self.text))
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        row = self.text[start:end].encode("utf-8")[:column]
        return start + len(row.decode("utf-8", "ignore"))

    def offset(self, line, column):
        """The same in UTF-16 units."""
        index = self.index(line, column)
        if self.plain:
            return index
        return index + sum(1 for c in self.text[:index] if ord(c) > 0xFFFF)

    def range(self, place):
        """The range of (line, column, end line, end column), or of a line without its indentation where columns are unknown."""
        line, column, end_line, end_column = place
        if column is None:
            start = self.starts[line - 1]
            end = self.starts[line] if line < len(self.starts) else len(self.text)
            row = self.text[start:end].rstrip()
            column = len(row) - len(row.lstrip())
            return {"start": self.offset(line, column), "end": self.offset(line, 0) + len(row)}
        return {"start": self.offset(line, column), "end": self.offset(end_line, end_column)}


class Files:
    """The texts of the files that frames name; `main` may be an unsaved text."""

    def __init__(self, path, text, root):
        self.main = os.path.abspath(path)
        self.root = os.path.abspath(root) + os.sep
        self.texts = {self.main: SourceText(text)}
        self.known = {}

    def is_user(self, name):
        """Whether a code object's file is the user's own."""
        known = self.known.get(name)
        if known is None:
            inside = name == self.main or name.startswith(self.root)
            known = inside and not any(part in name for part in LIBRARIES) and not name.startswith(OWN)
            self.known[name] = known
        return known

    def source(self, name):
        """The text of a user's file; None when it cannot be read."""
        if name not in self.texts:
            try:
                with open(name, encoding="utf-8-sig", newline="") as file:
                    self.texts[name] = SourceText(file.read())
            except (OSError, UnicodeError):
                self.texts[name] = None
        return self.texts[name]

    def origin(self, frame, kind, **more):
        """An Origin of a recorded frame."""
        source = self.source(frame.file)
        if source is None:
            return None
        return dict({"file": frame.file, "range": source.range(frame.place), "kind": kind}, **more)


class Frame:
    """A frame of the user's code at the time something was built: where, in which function, for which `self` (while that lives)."""

    __slots__ = ("file", "place", "function", "_owner")

    def __init__(self, file, place, function, owner):
        self.file, self.place, self.function = file, place, function
        try:
            # A model that its own modules held would be freed late: two of them take twice the memory.
            self._owner = weakref.ref(owner)
        except TypeError:
            self._owner = None

    @property
    def owner(self):
        return None if self._owner is None else self._owner()

    def __deepcopy__(self, memo):
        owner = self.owner
        return Frame(self.file, self.place, self.function, memo.get(id(owner), owner))

    def __reduce__(self):
        return Frame, (self.file, self.place, self.function, None)

    @property
    def key(self):
        return (self.file, self.place)


@functools.lru_cache(maxsize=20000)
def _position(code, instruction):
    found = next(itertools.islice(code.co_positions(), instruction // 2, None), None)
    return None if found is None or found[0] is None else (found[0], found[2], found[1], found[3])


def _place(frame):
    """The exact range of what a frame executes (Python 3.11 and later), else its line."""
    code = frame.f_code
    found = _position(code, frame.f_lasti) if EXACT else None
    return found or (frame.f_lineno, None, frame.f_lineno, None)


def user_frames(files, skip=None, limit=8, depth=1):
    """Frames of the user's files, innermost first; those that run methods of `skip` (the object being built) are left out."""
    frame = sys._getframe(depth)
    result = []
    while frame is not None and len(result) < limit:
        code = frame.f_code
        if files.is_user(code.co_filename):
            owner = None
            if code.co_argcount:
                owner = frame.f_locals.get(code.co_varnames[0])
            if skip is None or owner is not skip:
                result.append(Frame(code.co_filename, _place(frame), code.co_name, owner))
        frame = frame.f_back
    return result


# What runs without being called by name: operators by the layer that they make, comprehensions by their frame.
UNNAMED = {
    "add": (ast.Add,),
    "sub": (ast.Sub,),
    "mul": (ast.Mult,),
    "scale": (ast.Mult, ast.Div),
    "div": (ast.Div,),
    "<listcomp>": (ast.ListComp,),
    "<genexpr>": (ast.GeneratorExp,),
    "<dictcomp>": (ast.DictComp,),
}


def _runs(node, name):
    """How well a node of a line fits what ran there: 2 by its name, 1 as any call, 0 not at all."""
    wanted = UNNAMED.get(name, ())
    if isinstance(node, wanted) or isinstance(getattr(node, "op", None), wanted):
        return 2
    if not isinstance(node, ast.Call):
        return 0
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return 2 if called == name else 1


def narrow(files, frame, name):
    """Before Python 3.11 only the line is known: the call of `name` on that line (or its operator), else the outermost call."""
    if frame.place[1] is not None:
        return frame
    source = files.source(frame.file)
    line = frame.place[0]
    best, place = 0, None
    for node in ast.walk(source.tree) if source is not None else ():
        if hasattr(node, "lineno") and node.lineno <= line <= (node.end_lineno or node.lineno):
            fits = _runs(node, name)
            if fits > best:
                best, place = fits, (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
    if place is not None:
        frame.place = place
    return frame


def called_by(frames, number, innermost):
    """The name that a frame's line calls, where the frames inside of it tell: a class, a method or a function; else `innermost`."""
    if number == 0:
        return innermost
    inner = frames[number - 1]
    built = inner.function == "__init__" and inner.owner is not None
    return type(inner.owner).__name__ if built else inner.function
