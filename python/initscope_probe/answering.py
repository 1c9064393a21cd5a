"""Answers the messages of a probe, one after the other, from one session."""

import os
import sys
import traceback

from . import PROTOCOL
from .failures import reason
from .limits import limit_memory
from .session import WORK, Session


def versions():
    """Installed frameworks and their versions, found without importing them."""
    from importlib import metadata

    found = {}
    for name in (
        "torch",
        "keras",
        "tf_keras",
        "tf-keras",
        "tensorflow",
        "torchvision",
        "jax",
        "numpy",
        "ray",
    ):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
        except Exception:
            continue
    return found


def hello():
    """What a probe says first."""
    return dict(
        protocol=PROTOCOL,
        python=sys.version.split()[0],
        executable=sys.executable,
        packages=versions(),
    )


def quiet_threads():
    """Idle threads of OpenMP that spin cost ten times the work of a small net; to be said before anything imports PyTorch."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("KMP_BLOCKTIME", "0")


class Answering:
    """The session of a probe. `send(type, **content)` takes what it says; `ranks` over how many processes its models are spread."""

    def __init__(self, send, cancelled, ranks=1):
        sys.setrecursionlimit(3000)
        self.send, self.cancelled, self.ranks = send, cancelled, ranks
        self.limits = {
            "statement": 20,
            "build": 60,
            "pass": 240,
            "trials": 25,
            "file": 150,
            "bytes": 8e9 * ranks,
        }
        self.session, self.number = None, 0

    def answer(self, message):
        """Says what a message asks for, or in one line why not; whether it could."""
        kind, number = message.get("type"), message.get("id", self.number)
        self.number = number
        self.cancelled.clear()
        try:
            if kind == "read":
                self.limits.update(message.get("limits") or {})
                limit_memory(self.limits.get("memory"))
                self.session = Session(self.limits, self.ranks)
                tell = lambda text: self.send("progress", id=number, text=text)
                self.send("models", id=number, **self.session.read(message, tell))
            elif kind in WORK:
                tell = lambda done, total: self.send("progress", id=number, done=done, total=total)
                name, member, work = WORK[kind]
                found = work(self.session, message, tell, self.cancelled.is_set)
                if found is None:
                    self.send("error", id=number, message="cancelled")
                else:
                    self.send(name, id=number, **{member: found})
        except BaseException as error:
            debug = traceback.format_exc() if os.environ.get("INITSCOPE_PROBE_DEBUG") else None
            self.send("error", id=number, message=reason(error), **({"trace": debug} if debug else {}))
            return False
        return True
