"""Ranks that fail together or not at all: one that failed alone would leave the others waiting for it."""

import contextlib
import datetime

# A rank that has not failed by then goes on, in vain.
GRACE = datetime.timedelta(seconds=20)


class Agreement:
    """The ranks of a job by their store; `leave(code)` ends this one, upon which torchrun ends the others."""

    def __init__(self, store, rank, world, leave):
        self.store, self.rank, self.world, self.leave = store, rank, world, leave
        self.sections = 0

    @contextlib.contextmanager
    def section(self):
        """Lets a failure inside go on where every rank has it, else ends all."""
        self.sections += 1
        number = self.sections
        try:
            yield
        except BaseException:
            self.failed(number)
            raise

    def failed(self, number):
        """Says that this rank failed in a section, and waits for the others to say so."""
        own = f"failed {number} {self.rank}"
        self.store.set(own, "")
        try:
            self.store.wait([f"failed {number} {each}" for each in range(self.world)], GRACE)
        except Exception:
            # The others fail when this one leaves; that is not together.
            self.store.delete_key(own)
            self.leave(1)


# The agreement of this process, where it is a rank.
CURRENT = []


def section():
    """A section of the current agreement."""
    return CURRENT[0].section() if CURRENT else contextlib.nullcontext()
