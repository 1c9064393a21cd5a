/** A small network. */
export const NET = `
class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.fc = nn.Linear(8, width)

    def forward(self, x):
        return self.fc(x)
`;
/** What every file begins with. */
export const HEAD = 'import torch\nfrom torch import nn\n';

/** What a bad file still gives: its model, or a line that says why not. */
interface BadPython {
  readonly name: string;
  readonly text: string;
  readonly model?: boolean;
  readonly said?: RegExp;
}

/** Files that do what a file should not; nothing of it happens. */
export const BAD_PYTHON: readonly BadPython[] = [
  {
    name: 'trains at module level',
    text: `${HEAD}${NET}
net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(10**9):
    loss = net(torch.randn(4, 8)).sum()
    loss.backward()
    optimizer.step()
`,
    model: true,
  },
  {
    name: 'downloads its data and its weights',
    text: `${HEAD}import urllib.request
urllib.request.urlretrieve('http://localhost:9/data.zip', 'data.zip')
state = torch.hub.load_state_dict_from_url('http://localhost:9/net.pth')
${NET}
net = Net()
net.load_state_dict(state)
`,
    model: true,
  },
  {
    name: 'needs CUDA and half precision',
    text: `${HEAD}${NET}
net = Net().cuda().to('cuda:0')
x = torch.randn(4, 8, device='cuda')
net(x)
`,
    model: true,
  },
  {
    name: 'opens windows and reads stdin',
    text: `${HEAD}import tkinter, sys
root = tkinter.Tk()
width = int(sys.stdin.readline() or 8)
name = input('name? ')
${NET}
net = Net(8)
root.mainloop()
`,
    model: true,
  },
  {
    name: 'imports itself',
    text: `${HEAD}import itself
from itself import Net as Other
${NET}
net = Net()
`,
    model: true,
  },
  {
    name: 'exits, by every door',
    text: `${HEAD}import os, sys
if len(sys.argv) < 2:
    sys.exit('usage: itself.py DATA')
${NET}
net = Net()
quit()
os._exit(3)
`,
    model: true,
  },
  {
    name: 'forks, and starts other programs',
    text: `${HEAD}import os, subprocess, multiprocessing, signal
subprocess.run(['touch', 'made'])
os.system('touch made')
if hasattr(os, 'fork') and os.fork() == 0:
    open('made', 'w').write('child')
multiprocessing.Process(target=print).start()
os.kill(os.getpid(), signal.SIGKILL)
${NET}
net = Net()
`,
    model: true,
  },
  {
    name: 'prints megabytes, while it is read and while it is run',
    text: `${HEAD}import sys
for i in range(20):
    print('x' * 2**20)
sys.stdout.write('{"type":"models","specs":[]}\\n' * 1000)
sys.stderr.write('y' * 2**20)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x):
        print(x.tolist(), '{"type":"error","message":"from the model"}')
        return self.fc(x)

net = Net()
`,
    model: true,
  },
  {
    name: 'builds a Keras model without layers besides another',
    text: `import keras
empty = keras.Sequential()
net = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4)])
`,
    model: true,
    said: /empty: The model has no layers/,
  },
  {
    name: 'allocates 100 GB',
    text: `${HEAD}
class Big(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(160_000, 160_000)

    def forward(self, x):
        return self.fc(x)

net = Big()
`,
    model: false,
    said: /parameters, 95\.\d GiB; at most/,
  },
  {
    name: 'allocates 100 GB besides',
    text: `${HEAD}
class Big(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.cache = bytearray(100 * 2**30)

    def forward(self, x):
        return self.fc(x)

net = Big()
`,
    model: false,
    said: /more memory than it may take/,
  },
  {
    name: 'is written for a newer Python',
    text: `${HEAD}${NET}\nnet = Net()\nlambda x: y := 3\n`,
    model: false,
    said: /Python 3\.\d+ cannot read the file/,
  },
  {
    name: 'recurses without end',
    text: `${HEAD}
class Loop(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Loop()

net = Loop()
`,
    model: false,
    said: /calls itself without end/,
  },
  {
    name: 'names no value for a size',
    text: `${HEAD}
class Net(nn.Module):
    def __init__(self, zorblax):
        super().__init__()
        self.fc = nn.Linear(8, zorblax)

    def forward(self, x):
        return self.fc(x)
`,
    model: false,
    said: /zorblax/,
  },
  {
    name: 'deletes files while its model is built',
    text: `${HEAD}import os
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        os.remove('itself.py')
        self.fc = nn.Linear(8, 8)

net = Net()
`,
    model: false,
    said: /net could not be built: .*the probe does not delete itself\.py/,
  },
  {
    name: 'downloads while its model is built',
    text: `${HEAD}import urllib.request
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        urllib.request.urlopen('http://localhost:9/data.zip')
        self.fc = nn.Linear(8, 8)

net = Net()
`,
    model: false,
    said: /net could not be built: .*the probe does not use the network \(http:\/\/localhost:9/,
  },
];
