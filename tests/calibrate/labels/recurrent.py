"""Labels recurrent kernels: short paired trainings of an orthogonal recurrent kernel times a gain against gain 1.

Two tasks over `STEPS` steps of 16 inputs, ten classes, read off the last state, as in `recurrent` of tests/calibrate/families.ts: `steady`, where each
step shows a noisy prototype of the class, and `early`, where only the first four steps do and the rest is noise (so that the layer must remember).
Adam, best of three step sizes, paired seeds. Prints the smoothed loss after the last step as gain/1, and the interval (Student, 95 %) of the geometric
mean ratio: a gain whose interval lies above 1 is a fault on that task.
"""

import math
import statistics
import sys

import torch
from torch import nn

torch.set_num_threads(1)
STEPS = int(sys.argv[3]) if len(sys.argv) > 3 else 20
UPDATES = int(sys.argv[5]) if len(sys.argv) > 5 else 200
RATES = (1e-3, 3e-3, 1e-2)
SEEDS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
T = {3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 8: 2.365, 10: 2.262}
GAINS = tuple(float(word) for word in sys.argv[4].split(",")) if len(sys.argv) > 4 else (0.5, 0.6)
KINDS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class Classifier(nn.Module):
    def __init__(self, kind, gain, units=32):
        super().__init__()
        self.rnn = KINDS[kind](16, units, batch_first=True)
        for name, weight in self.rnn.named_parameters():
            if "weight_ih" in name:
                nn.init.xavier_uniform_(weight)
            elif "weight_hh" in name:
                # Keras: one orthogonal matrix (units, gates * units) with orthonormal rows, times the gain.
                square = torch.empty(units, weight.shape[0])
                nn.init.orthogonal_(square, gain)
                weight.data.copy_(square.T)
            else:
                nn.init.zeros_(weight)
        if kind == "lstm":
            self.rnn.bias_ih_l0.data[units : 2 * units] = 1.0
        self.head = nn.Linear(units, 10)
        nn.init.xavier_uniform_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, x):
        return self.head(self.rnn(x)[0][:, -1])


def final_loss(kind, task, gain, seed, rate):
    torch.manual_seed(seed)
    model = Classifier(kind, gain)
    generator = torch.Generator().manual_seed(1000 + seed)
    prototypes = torch.randn(10, 1, 16, generator=generator)
    shown = torch.zeros(1, STEPS, 1)
    shown[:, : STEPS if task == "steady" else 4] = 0.3 if task == "steady" else 1.0
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    for step in range(UPDATES):
        y = torch.randint(10, (32,), generator=generator)
        x = torch.randn(32, STEPS, 16, generator=generator) + shown * prototypes[y]
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        smooth = loss.item() if step == 0 else 0.95 * smooth + 0.05 * loss.item()
    return smooth if math.isfinite(smooth) else 1e3


for kind in KINDS:
    for task in ("steady", "early"):
        if len(sys.argv) > 1 and sys.argv[1] not in f"{kind}-{task}":
            continue
        best = {
            (gain, seed): min(final_loss(kind, task, gain, seed, rate) for rate in RATES)
            for seed in range(1, SEEDS + 1)
            for gain in (1.0, *GAINS)
        }
        for gain in GAINS:
            pairs = [(best[gain, seed], best[1.0, seed]) for seed in range(1, SEEDS + 1)]
            logs = [math.log(b / g) for b, g in pairs]
            mean, half = statistics.mean(logs), T[SEEDS] * statistics.stdev(logs) / math.sqrt(SEEDS)
            print(
                f"{kind}-{task} gain {gain}:",
                " ".join(f"{b:.3f}/{g:.3f}" for b, g in pairs),
                f"ratio {math.exp(mean):.2f} [{math.exp(mean - half):.2f}, {math.exp(mean + half):.2f}]",
                flush=True,
            )
