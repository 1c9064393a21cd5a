"""One rank of a probe that torchrun runs several times: rank 0 talks, and hands every message on to the others.

Every rank answers every message in the same way, as FSDP2 wants it. One that fails alone ends, and torchrun ends the others."""

import contextlib
import datetime
import json
import os
import sys
import threading
import time

LONG = datetime.timedelta(days=30)
GRACE_S = 5


def end_with(parent, leave, ended):
    """Leaves at once when torchrun is gone, and a little later when whoever asks is."""
    while os.getppid() == parent and not ended.is_set():
        time.sleep(0.3)
    if ended.is_set():
        time.sleep(GRACE_S)
    leave(1)


class Failed(Exception):
    """A message could not be answered."""


def be_silent():
    """Leaves stdin and stdout to rank 0."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1) if os.environ.get("INITSCOPE_PROBE_DEBUG") else (0, 1, 2):
        os.dup2(nothing, number)


def missing():
    """What this installation lacks, in one line; None when it has all."""
    try:
        import torch
    except ImportError:
        return f"There is no PyTorch in {sys.executable}; install it: {sys.executable} -m pip install torch"
    if not torch.distributed.is_available():
        return f"PyTorch {torch.__version__} is built without torch.distributed, by which ranks talk"
    try:
        from torch.distributed.fsdp import fully_shard  # noqa: F401
    except ImportError:
        return (
            f"PyTorch {torch.__version__} has no fully_shard (FSDP2): --executor torchrun needs 2.6 or newer"
        )
    if not torch.distributed.is_gloo_available():
        return f"PyTorch {torch.__version__} is built without gloo, by which ranks on the CPU talk"
    return None


def main():
    """Joins the other ranks, then answers until `bye`."""
    leave, rank, ended = os._exit, int(os.environ["RANK"]), threading.Event()
    threading.Thread(target=end_with, args=(os.getppid(), leave, ended), daemon=True).start()
    from .agreement import CURRENT, Agreement, section
    from .answering import Answering, hello, quiet_threads
    from .protocol import Channel

    quiet_threads()
    channel = Channel(ended) if rank == 0 else be_silent()
    lacking = missing()
    if lacking:
        return channel and channel.send("error", message=lacking)
    import torch.distributed as dist

    store, _rank, world = next(dist.rendezvous("env://"))
    dist.init_process_group("gloo", store=store, rank=rank, world_size=world)
    dist.barrier()
    CURRENT.append(Agreement(store, rank, world, leave))
    silent = lambda *_type, **_content: None
    answering = Answering(
        channel.send if channel else silent, channel.cancelled if channel else threading.Event(), world
    )
    if channel:
        channel.send("hello", **hello())
    number = 0
    while True:
        number += 1
        if channel:
            store.set(f"message {number}", json.dumps(channel.messages.get()))
        else:
            store.wait([f"message {number}"], LONG)
        message = json.loads(store.get(f"message {number}"))
        if message.get("type") == "bye":
            break
        with contextlib.suppress(Failed), section():
            if not answering.answer(message):
                raise Failed
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
