"""Limits of time and memory inside the probe; the parent kills the process where these do not bite."""

import signal
import sys
import threading


class TooLong(Exception):
    """A statement or pass ran longer than these seconds."""

    def __init__(self, seconds):
        super().__init__(f"it ran longer than {seconds:g} s")
        self.seconds = seconds


class Limit:
    """Gives up what runs longer than `seconds` (main thread, Unix; elsewhere it does nothing)."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.active = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()

    def __enter__(self):
        if self.active:
            self.before = signal.signal(signal.SIGALRM, self._over)
            signal.setitimer(signal.ITIMER_REAL, self.seconds)
        return self

    def __exit__(self, *_error):
        if self.active:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self.before)

    def _over(self, *_args):
        raise TooLong(self.seconds)


def limit_memory(gigabytes):
    """Lets allocations beyond the limit fail as MemoryError instead of taking the machine down (Unix only)."""
    if sys.platform == "win32" or sys.platform == "darwin" or not gigabytes:
        return
    import resource

    size = int(gigabytes * 2**30)
    _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard != resource.RLIM_INFINITY:
        size = min(size, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (size, hard))
