"""Builds a candidate: runs what its statement needs, and takes values that nobody gives from answers, then from convention."""

import argparse
import re

from .failures import Undefined, short
from .fakes import Fake, NeedValue
from .guesses import guess
from .intercept import GIVEN
from .loader import Loader
from .preamble import run_preamble
from .sites import Sites
from .syntax import is_main_guard, loads, nested, slice_body

ROUNDS = 12


class Finder(Sites):
    """Candidates of a loaded file, and the way to build each of them."""

    def build(self, cand):
        """The model of a candidate. Raises NeedValue for what must be asked, else what went wrong."""
        if not hasattr(self, "base"):
            self.base = self.L.snapshot()
        else:
            # Every attempt starts from the same names; a built model keeps its own until the next.
            self.L.restore(self.base)
        for number in range(ROUNDS):
            cand["round"] = number
            try:
                return self.build_once(cand)
            except (NameError, Undefined) as error:
                self._define(error)
            except NeedValue as error:
                self._give(error)
        raise RuntimeError("too many unknown values")

    def _define(self, error):
        """Brings a name into being that was missing: from the file, an answer, or convention."""
        said = re.search(r"name '(\w+)' is not defined", str(error))
        name = getattr(error, "name", None) or (said and said[1])
        if not name:
            raise error
        self.L.need({name})
        for guard in [each for each in self.tree.body if is_main_guard(each)]:
            for statement in slice_body(guard.body, {name}):
                self.L.run(statement)
        if name in self.L.ns and not isinstance(self.L.ns[name], Fake):
            return
        self.used[name] = self.L.ns[name] = self._value(name, name)

    def _give(self, error):
        """Gives an unknown value where it is kept: a name of the file, or an attribute of parsed arguments."""
        name = short(error.name.split("[")[0])
        if name in self.used:
            raise error
        value = self._value(name, error.name, error.line)
        self.used[name] = self.L.answers[name] = value
        if isinstance(self.L.ns.get(name), Fake):
            self.L.ns[name] = value
        for kept in list(self.L.ns.values()):
            if isinstance(kept, argparse.Namespace) and isinstance(getattr(kept, name, None), Fake):
                setattr(kept, name, value)

    def _value(self, name, asked, line=0):
        if name in self.L.answers:
            return self.L.answers[name]
        try:
            return guess(name)
        except KeyError:
            raise NeedValue(asked, line) from None

    def release(self, cand):
        """Lets go of the model that the last build left in the names of its file."""
        self.L.restore(self.base)
        other = cand.get("_L")
        if other is not None:
            other.restore(cand["_snap"])
        cand.pop("models", None)

    def build_once(self, cand):
        """One attempt with the values known so far."""
        names = self.L.ns
        names["__probe_call__"] = self.call
        kind = cand["kind"]
        if kind == "site":
            return self._elsewhere(cand) if cand.get("file") else self.at_site(cand)
        if kind == "instance":
            return names[cand["name"]]
        if kind == "class":
            made = self.classes[cand["name"]]
            self.L.need(self.closure({cand["name"]}) - {cand["name"]})
            return self._called(made, cand["name"])
        if kind == "factory":
            return self._from_factory(cand)
        return self._from_holder(cand)

    def _called(self, function, label):
        args, kwargs = self.fill(function, [], {}, label)
        return function(*args, **kwargs)

    def _from_factory(self, cand):
        self.L.need(self.closure(loads(cand["node"])))
        function = self.L.ns[cand["name"]]
        if isinstance(function, Fake):
            raise NeedValue(cand["name"])
        made = self._called(function, cand["name"])
        if isinstance(made, (tuple, list)):
            return next((each for each in made if self.is_model(each)), made)
        return made

    def _from_holder(self, cand):
        """The largest model that an object of another class (a trainer, an agent) keeps as attribute."""
        holder = self._called(self.L.ns[cand["name"]], cand["name"])
        models = {name: value for name, value in vars(holder).items() if self.is_model(value)}
        if not models:
            raise RuntimeError("object holds no model")
        cand["models"] = models
        return max(models.values(), key=self.count)

    def _elsewhere(self, cand):
        """A call site in another file of the project: that file is loaded, and its statement run there."""
        other = cand.get("_L")
        if other is None:
            other = cand["_L"] = Loader(cand["file"], self.L.root, self.L.answers)
            run_preamble(other)
            cand["_snap"] = other.snapshot()
        other.restore(cand["_snap"])
        finder = Finder(other, light=True)
        finder.used = self.used
        holder = other.tree if cand["scope"] == "module" else _again(other.tree.body, cand["holder"])
        other.ns["__probe_call__"] = finder.call
        for name in list(self.L.answers):
            if name in GIVEN or isinstance(other.ns.get(name), Fake):
                other.ns[name] = self.L.answers[name]
        return finder.build_once(dict(cand, file=None, holder=holder, round=cand.get("round", 0)))


def _again(body, wanted):
    """The statement of a freshly parsed tree that stands where `wanted` stood."""
    for statement in body:
        if statement.lineno == wanted.lineno and type(statement) is type(wanted):
            return statement
        for inner in nested(statement):
            found = _again(inner, wanted)
            if found is not None:
                return found
    return None
