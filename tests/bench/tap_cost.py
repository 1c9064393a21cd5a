"""What watching costs: processor time of a measured pass over a bare one (forward, the same loss, backward), alternating on one thread.

    .cache/oracles/torch-*/bin/python tests/bench/tap_cost.py FILE [BATCH [PAIRS [MODEL]]]

Prints the median of the paired ratios and its quartiles. `--profile` adds where the time of the watched passes goes."""

import cProfile
import os
import pstats
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "python"))
from initscope_probe.answering import Answering, quiet_threads

quiet_threads()


def read(path, model):
    """The named model of a file, else its last."""
    said = []
    answering = Answering(lambda kind, **content: said.append((kind, content)), type("Never", (), {"clear": lambda self: None})())
    answering.answer({"type": "read", "path": path, "model": model})
    roots = answering.session.models
    if not roots:
        sys.exit(str(said[-1]))
    return roots[model] if model in roots else list(roots.values())[-1]


def main(path, batch=32, pairs=9, model=None, profile=False):
    root = read(path, model)
    import torch
    from initscope_probe import losses
    from initscope_probe.heads import pick_output
    from initscope_probe.loss_forms import FORMS
    from initscope_probe.taps import Taps
    from initscope_probe.torchmodels import axis_of

    torch.set_num_threads(1)
    net = root.drawn(1, {})

    def bare():
        generator = torch.Generator().manual_seed(1)
        with root.session.device_mode:
            output = net(*[feed.make(batch, generator) for feed in root.feeds])
        tensor, _name = pick_output(output)
        form = FORMS[root.loss["id"]]
        z = losses.as_logits(tensor, form, root.loss["fromLogits"], axis_of(tensor))
        losses.loss_sum(form, z, losses.targets(form, z, generator))._initscope_backward()

    def watched():
        generator = torch.Generator().manual_seed(1)
        taps = Taps(batch)
        capture, output = root._forward(net, batch, taps.record, taps, generator)
        tensor, name = pick_output(output)
        root._backward(tensor, name, root.loss, generator)
        root.weights(capture)

    def cost(action):
        net.zero_grad(set_to_none=True)
        start = time.process_time()
        action()
        return time.process_time() - start

    bare(), watched()
    profiler = cProfile.Profile(time.process_time)
    ratios, least = [], [1e9, 1e9]
    for _ in range(pairs):
        plain = cost(bare)
        if profile:
            profiler.enable()
        tapped = cost(watched)
        profiler.disable()
        ratios.append(tapped / plain)
        least = [min(least[0], plain), min(least[1], tapped)]
    ratios.sort()
    quarter = [ratios[round(q * (pairs - 1))] for q in (0.25, 0.5, 0.75)]
    print(f"{os.path.basename(path)} batch {batch}: {quarter[1]:.3f} ({quarter[0]:.3f} to {quarter[2]:.3f}); least {least[1]:.3f} s / {least[0]:.3f} s = {least[1] / least[0]:.3f}")
    if profile:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(22)


if __name__ == "__main__":
    options = [each for each in sys.argv[1:] if not each.startswith("--")]
    numbers = [int(each) for each in options[1:3]]
    main(os.path.abspath(options[0]), *numbers, model=options[3] if len(options) > 3 else None, profile="--profile" in sys.argv)
