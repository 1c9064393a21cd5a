"""Refuses the side effects of a user's file by an audit hook: writes, deletions, processes, network.

What libraries do on their own account (caches in their usual folders, `uname`) is let through; what the user's file starts,
directly or through the standard library, is not."""

import os
import sys
import tempfile

from .fakes import Blocked

OWN = os.path.dirname(os.path.abspath(__file__))
HOME_CACHES = tuple(os.path.expanduser(p) for p in ("~/.cache", "~/.config", "~/.keras", "~/.matplotlib"))
LIBRARY_FOLDERS = (tempfile.gettempdir() + os.sep, *HOME_CACHES, "/dev/shm")
HARMLESS_PROGRAMS = {"uname", "ldconfig", "gcc", "lscpu", "file", "arch", "ld", "objdump"}
WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
FILES = {
    "os.mkdir": "make the folder",
    "os.remove": "delete",
    "os.rename": "rename",
    "os.rmdir": "delete the folder",
    "shutil.rmtree": "delete the folder",
    "shutil.copyfile": "copy",
    "shutil.move": "move",
    "os.truncate": "truncate",
    "os.link": "link",
    "os.symlink": "link",
    "os.chmod": "change the mode of",
    "os.chown": "change the owner of",
}
NETWORK = {"socket.connect", "socket.getaddrinfo", "socket.bind", "urllib.Request", "http.client.connect"}
PROCESSES = {
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.forkpty",
    "pty.spawn",
    "os.kill",
    "os.killpg",
}


class Guard:
    """The hook; it cannot be removed, so it only looks at `armed`. `refused` lists what was refused, each once."""

    def __init__(self):
        self.armed = False
        self.refused = []
        sys.addaudithook(self._hook)

    def _culprit(self):
        """Whether the nearest frame outside the standard library belongs to the user's code or to a package."""
        frame = sys._getframe(3)
        while frame is not None:
            name = frame.f_code.co_filename
            if "site-packages" in name or "dist-packages" in name:
                return "package"
            if not (name.startswith("<") or f"{os.sep}lib{os.sep}python3" in name or name.startswith(OWN)):
                return "user"
            frame = frame.f_back
        return "none"

    def _refuse(self, what, path=None):
        who = self._culprit()
        if who == "none":
            return
        if who == "package" and path is not None and str(path).startswith(LIBRARY_FOLDERS):
            return
        if what not in self.refused and len(self.refused) < 50:
            self.refused.append(what)
        raise Blocked(f"the probe does not {what}")

    def _hook(self, event, args):
        if not self.armed:
            return
        if event == "open":
            path, mode, flags = args
            writes = any(c in mode for c in "wax+") if isinstance(mode, str) else bool((flags or 0) & WRITE)
            if not isinstance(path, int) and writes and not str(path).startswith(("/dev/", "/proc/")):
                self._refuse(f"write {path}", path)
        elif event in FILES:
            self._refuse(f"{FILES[event]} {args[0]}", args[0])
        elif event in NETWORK:
            self._refuse(f"use the network ({args[0] if event == 'urllib.Request' else args[-1]})"[:160])
        elif event in PROCESSES:
            program = str(args[0]).rsplit("/", 1)[-1] if args else event
            if not (program in HARMLESS_PROGRAMS and self._culprit() == "package"):
                self._refuse(f"start processes ({program})"[:120] if "kill" not in event else "send signals")
