"""PyTorch's side of the bench: the networks of nets.ts, forward and backward with hooks that take the statistics ours takes.

`serve NET BATCH THREADS` answers each line of its input ("tapped", "bare", "seeds N") with the seconds that the run took, of the
processor and of the clock; "tapped N" and "bare N" run N passes, "memory" gives the kB that this process grew by at most since PyTorch was imported.
`once NET BATCH SEEDS` builds, runs and prints every seed's statistics, as a script for one inspection would."""

import json
import os
import resource
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "python"))
import torch
from torch import nn
from torch_nets import NETS, Tap, he

from initscope_probe import statistics as S, unit_statistics as U


def hooked(model):
    """Hooks on every leaf: statistics of value and gradient, over all values and over units."""
    seen = []

    def record(module, _args, out):
        if isinstance(out, tuple):
            return
        axis = 1 if out.dim() == 4 and not isinstance(module, Tap) else -1
        entry = {"value": S.tensor_stats(out), "units": U.unit_stats(out, axis, isinstance(module, (nn.ReLU, nn.ReLU6)))}
        seen.append(entry)
        if getattr(module, "value_only", False):
            return

        def back(gradient):
            entry["gradient"] = S.tensor_stats(gradient)
        out.register_hook(back)

    leaves = [m for m in model.modules() if not list(m.children()) and not isinstance(m, nn.Sequential)]
    return seen, [m.register_forward_hook(record) for m in leaves]


def peak_kilobytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


AT_START = peak_kilobytes()


def clocks():
    return time.process_time(), time.perf_counter()


def since(begin):
    return [now - then for now, then in zip(clocks(), begin)]


def one_pass(model, x, target, hooks):
    """Forward and backward; with hooks also the statistics of weights and their gradients. Gives seconds and what was seen."""
    model.zero_grad(set_to_none=True)
    seen, handles = hooked(model) if hooks else ([], [])
    begin = clocks()
    nn.functional.cross_entropy(model(x), target, reduction="sum").backward()
    if hooks:
        for p in model.parameters():
            seen.append((S.tensor_stats(p), S.tensor_stats(p.grad), U.distinct_share(p, 0), S.fingerprint(p)))
    seconds = since(begin)
    for handle in handles:
        handle.remove()
    return seconds, seen


def made(name, batch, seed):
    torch.manual_seed(seed)
    model, shape = NETS[name]()
    classes = [m for m in model.modules() if isinstance(m, nn.Linear)][-1].out_features
    return he(model), torch.randn(batch, *shape), torch.randint(0, classes, (batch,))


def seeds(name, batch, count):
    begin = clocks()
    for seed in range(1, count + 1):
        one_pass(*made(name, batch, seed), True)
    return since(begin)


def serve(name, batch, threads):
    torch.set_num_threads(threads)
    parts = made(name, batch, 1)
    print("ready", torch.__version__, flush=True)
    for line in sys.stdin:
        word, *rest = line.split()
        count = int(rest[0]) if rest else 1
        if word == "memory":
            answer = [(peak_kilobytes() - AT_START) / 1000, 0]
        elif word == "seeds":
            answer = seeds(name, batch, count)
        else:
            answer = [sum(each) for each in zip(*(one_pass(*parts, word == "tapped")[0] for _ in range(count)))]
        print(*answer, flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        name, batch, count = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
        found = [one_pass(*made(name, batch, seed), True)[1] for seed in range(1, count + 1)]
        json.dump({"net": name, "seeds": found}, sys.stdout)
