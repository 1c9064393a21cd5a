"""What is answered while the user's file runs: the command line, `input()`, exits, sleeps, the file's own seeding."""

import argparse
import builtins
import os
import random
import sys
import time

from .failures import short
from .fakes import Blocked, Fake, StopProgram
from .guesses import guess
from .notes import note


def _refuse(what):
    def refused(*_args, **_kwargs):
        raise Blocked(f"the probe does not run {what}")

    return refused


def _stop(*_args, **_kwargs):
    raise StopProgram("exit")


# Values for names of the file: those that a person gave, and those that were taken by convention since.
ANSWERS, GIVEN = {}, set()


def answer(params):
    """Starts with the values that a person gave; returns what keeps them."""
    ANSWERS.clear()
    ANSWERS.update(params)
    GIVEN.clear()
    GIVEN.update(params)
    return ANSWERS


def taken(used):
    """Of the values that a build used, those that nobody gave: neither the file nor a person."""
    return {name: value for name, value in used.items() if not callable(value) and short(name) not in GIVEN}


def _parse_args(self, args=None, namespace=None):
    """Every option's given value, default, the first of its choices, or a conventional value."""
    for action in self._actions:
        action.required = False
    try:
        found, _rest = self.parse_known_args([], namespace)
    except (SystemExit, StopProgram, argparse.ArgumentError):
        found = argparse.Namespace()
        for action in self._actions:
            if action.default is not argparse.SUPPRESS:
                setattr(found, action.dest, action.default)
    for name, value in ANSWERS.items():
        if name in GIVEN or not hasattr(found, name):
            setattr(found, name, value)
    for action in self._actions:
        if action.default is argparse.SUPPRESS or isinstance(action, argparse._HelpAction):
            continue
        if getattr(found, action.dest, None) is None and action.default is None:
            setattr(found, action.dest, _answer(action))
    return found


def _answer(action):
    if action.choices:
        value = list(action.choices)[0]
        note(f"the argument {action.dest} is taken as {value!r}, the first of its choices")
        return value
    if action.type in (int, float) or not action.option_strings:
        try:
            value = guess(action.dest)
        except KeyError:
            return Fake(f"args.{action.dest}", 0, "value")
        note(f"the argument {action.dest} is taken as {value!r}")
        return value
    return None


def intercept():
    """Replaces what would stop, wait or ask."""
    argparse.ArgumentParser.parse_args = _parse_args
    builtins.input = _refuse("input()")
    for name in ("exit", "quit"):
        setattr(builtins, name, _stop)
    sys.exit = _stop
    os._exit = _stop
    os.abort = _stop
    time.sleep = lambda _seconds: None
    for name in ("system", "popen", "fork"):
        if hasattr(os, name):
            setattr(os, name, _refuse(f"os.{name}"))
    sys.argv = sys.argv[:1]


def own_seeding():
    """Makes the file's seeding inert (else every seed would draw the same weights); returns our own `seed(n)`."""
    setters = [random.seed]
    random.seed = lambda *_a, **_k: None
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy_seed = numpy.random.seed
        setters.append(lambda s: numpy_seed(s % 2**32))
        numpy.random.seed = lambda *_a, **_k: None
    torch = sys.modules.get("torch")
    if torch is not None:
        setters.append(torch.manual_seed)
        torch.manual_seed = torch.random.manual_seed = lambda *_a: torch.default_generator
        torch.seed = lambda: 0
        torch.cuda.manual_seed = torch.cuda.manual_seed_all = lambda *_a: None

    def seed(number):
        for setter in setters:
            setter(number)

    return seed
