"""What a file may try while it is loaded and while its model is built; none of it may happen."""
import os
import shutil
import subprocess
import sys
import urllib.request

import torch.nn as nn


def tries():
    yield lambda: open('written_by_hostile.txt', 'w').write('x')
    yield lambda: os.mkdir('made_by_hostile')
    yield lambda: os.remove(__file__)
    yield lambda: shutil.rmtree(os.path.dirname(os.path.abspath(__file__)))
    yield lambda: subprocess.run(['touch', 'touched_by_hostile'])
    yield lambda: os.system('touch touched_by_hostile')
    yield lambda: urllib.request.urlopen('http://localhost:9/')
    yield lambda: input('name? ')
    yield lambda: os.fork()
    yield lambda: os.kill(os.getppid(), 9)


for attempt in tries():
    attempt()
print('x' * 10_000_000)
sys.exit(3)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        print('x' * 10_000_000)
        for attempt in tries():
            try:
                attempt()
            except Exception as error:
                print(error)

    def forward(self, x):
        return self.fc(x)


model = Net()
