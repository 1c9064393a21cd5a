import torch
from torch import nn
import torch.nn.functional as F


class ConstantKernels(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 6, 5)
        self.fc = nn.Linear(864, 84)
        self.out = nn.Linear(84, 10)
        for layer in (self.conv, self.fc, self.out):
            nn.init.constant_(layer.weight, 0.1)

    def forward(self, x):
        x = F.max_pool2d(torch.relu(self.conv(x)), 2)
        return self.out(torch.relu(self.fc(x.flatten(1))))


class ZeroKernels(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 64)
        self.out = nn.Linear(64, 10)
        nn.init.zeros_(self.fc.weight)

    def forward(self, x):
        return self.out(torch.relu(self.fc(x)))


class UnitNormal(nn.Module):
    """What initialize_weights() of a LeNet draws: N(0, 1) on 400 inputs."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)
        self.initialize_weights()

    def initialize_weights(self):
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.normal_(m.weight.data, 0, 1)
                m.bias.data.zero_()

    def forward(self, x):
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))


class DyingBias(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2, self.out = nn.Linear(20, 64), nn.Linear(64, 64), nn.Linear(64, 10)
        nn.init.constant_(self.fc1.bias, -10.0)

    def forward(self, x):
        return self.out(F.relu(self.fc2(F.relu(self.fc1(x)))))


class DeepSigmoid(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(32, 32) for _ in range(12)])
        self.out = nn.Linear(32, 5)

    def forward(self, x):
        for layer in self.layers:
            x = torch.sigmoid(layer(x))
        return self.out(x)


class SharpAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.attend = nn.MultiheadAttention(64, 4, batch_first=True)
        nn.init.normal_(self.attend.in_proj_weight, 0, 1)
        self.out = nn.Linear(64, 10)

    def forward(self, x):
        return self.out(self.attend(x, x, x)[0].mean(1))
