"""What a verdict is measured against: importing PyTorch, and for every seed building the net and one bare pass forward and back.

    python tests/bench/python_bare.py FILE SHAPE BATCH SEEDS     (SHAPE without the batch: 1,28,28)"""

import runpy
import sys

import torch

Net = runpy.run_path(sys.argv[1])["Net"]
shape, batch, seeds = [int(size) for size in sys.argv[2].split(",")], int(sys.argv[3]), int(sys.argv[4])
for seed in range(1, seeds + 1):
    torch.manual_seed(seed)
    output = Net()(torch.randn(batch, *shape))
    torch.nn.functional.cross_entropy(output, torch.randint(0, 10, (batch,))).backward()
