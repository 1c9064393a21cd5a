"""Every shape of code in one file: attributes, Sequential, loops, helpers, init functions, functional calls, a training loop."""
import argparse

import missing_package_of_nobody
import torch
import torch.nn as nn
import torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument('data')
parser.add_argument('--width', type=int, default=48)
args = parser.parse_args()


def block(width):
    return nn.Sequential(nn.Linear(width, width), nn.GELU())


class Part(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc = nn.Linear(width, width)  # é €
        self.out = nn.Linear(width, width)
        nn.init.zeros_(self.out.weight)

    def forward(self, x):
        return x + self.out(torch.tanh(self.fc(x)))


class Net(nn.Module):
    def __init__(self, width, num_classes):
        super().__init__()
        self.stem = nn.Conv2d(3, width, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.parts = nn.ModuleList([Part(width) for _ in range(2)])
        self.tail = block(width)
        self.head = nn.Linear(width, num_classes)
        self.tail[0].weight.data.normal_(0, 1)

    def forward(self, x):
        x = F.relu(self.norm(self.stem(x)), inplace=True).mean((2, 3))
        for part in self.parts:
            x = part(x)
        return self.head(F.dropout(self.tail(x)))


if __name__ == '__main__':
    data = missing_package_of_nobody.load(args.data)
    net = Net(args.width, 10).cuda()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for x, y in data:
        loss = nn.CrossEntropyLoss()(net(x.cuda()), y)
        loss.backward()
        optimizer.step()
    torch.save(net.state_dict(), 'net.pt')
