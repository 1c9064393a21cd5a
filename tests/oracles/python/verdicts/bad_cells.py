import torch
from torch import nn


class WildCell(nn.Module):
    """A recurrence that the file writes as a loop of a cell, its recurrent weights N(0, 1)."""

    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(8, 32)
        self.out = nn.Linear(32, 3)
        nn.init.normal_(self.cell.weight_hh)

    def forward(self, x):
        h = c = torch.zeros(x.size(0), 32)
        for t in range(40):
            h, c = self.cell(x[:, t % x.size(1)], (h, c))
        return self.out(h)


class WildGruCell(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(8, 32)
        self.out = nn.Linear(32, 3)
        nn.init.normal_(self.cell.weight_hh)

    def forward(self, x):
        h = torch.zeros(x.size(0), 32)
        for t in range(40):
            h = self.cell(x[:, t % x.size(1)], h)
        return self.out(h)


class WildRnnCell(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.RNNCell(8, 32)
        self.out = nn.Linear(32, 3)
        nn.init.normal_(self.cell.weight_hh)

    def forward(self, x):
        h = torch.zeros(x.size(0), 32)
        for t in range(40):
            h = self.cell(x[:, t % x.size(1)], h)
        return self.out(h)
