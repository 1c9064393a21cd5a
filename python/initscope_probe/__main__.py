"""The probe's loop: says hello, then answers `read` and `measure` until `bye`."""

import os
import sys
import traceback


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


def main():
    if sys.version_info < (3, 9):
        sys.stdout.write(
            '{"type":"error","message":"Python %d.%d is too old: 3.9 or newer is needed"}\n'
            % sys.version_info[:2]
        )
        return
    from . import PROTOCOL
    from .failures import reason
    from .limits import limit_memory
    from .protocol import Channel
    from .session import WORK, Session

    # Idle threads of OpenMP that spin cost ten times the work of a small net.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("KMP_BLOCKTIME", "0")
    channel = Channel()
    sys.setrecursionlimit(3000)
    limits = {"build": 60, "pass": 240, "trials": 25, "file": 150, "bytes": 8e9}
    channel.send(
        "hello",
        protocol=PROTOCOL,
        python=sys.version.split()[0],
        executable=sys.executable,
        packages=versions(),
    )
    session, number = None, 0
    while True:
        message = channel.messages.get()
        kind, number = message.get("type"), message.get("id", number)
        if kind == "bye":
            return
        channel.cancelled.clear()
        try:
            if kind == "read":
                limits.update(message.get("limits") or {})
                limit_memory(limits.get("memory"))
                session = Session(limits)
                answer = session.read(message, lambda text: channel.send("progress", id=number, text=text))
                channel.send("models", id=number, **answer)
            elif kind in WORK:
                tell = lambda done, total: channel.send("progress", id=number, done=done, total=total)
                name, member, work = WORK[kind]
                found = work(session, message, tell, channel.cancelled.is_set)
                if found is None:
                    channel.send("error", id=number, message="cancelled")
                else:
                    channel.send(name, id=number, **{member: found})
        except BaseException as error:
            debug = traceback.format_exc() if os.environ.get("INITSCOPE_PROBE_DEBUG") else None
            channel.send("error", id=number, message=reason(error), **({"trace": debug} if debug else {}))


main()
