import math

import torch
from torch import nn
import torch.nn.functional as F


class FixupBlock(nn.Module):
    def __init__(self, width, depth):
        super().__init__()
        self.bias1 = nn.Parameter(torch.zeros(1))
        self.conv1 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bias2 = nn.Parameter(torch.zeros(1))
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.scale = nn.Parameter(torch.ones(1))
        nn.init.normal_(self.conv1.weight, 0, math.sqrt(2 / (9 * width)) * depth ** -0.5)
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x):
        out = F.relu(self.conv1(x + self.bias1))
        return F.relu(x + self.conv2(out + self.bias2) * self.scale)


class FixupNet(nn.Module):
    """Residual branches that end in zeros, and a head of zeros, on purpose."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        nn.init.kaiming_normal_(self.stem.weight, nonlinearity='relu')
        self.blocks = nn.Sequential(*[FixupBlock(16, 4) for _ in range(4)])
        self.head = nn.Linear(16, 10)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, x):
        return self.head(self.blocks(F.relu(self.stem(x))).mean((2, 3)))


class Attention(nn.Module):
    def __init__(self, width, heads, steps):
        super().__init__()
        self.heads = heads
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.register_buffer('mask', torch.tril(torch.ones(steps, steps)).view(1, 1, steps, steps))

    def forward(self, x):
        b, t, c = x.size()
        q, k, v = (y.view(b, t, self.heads, c // self.heads).transpose(1, 2) for y in self.qkv(x).split(c, 2))
        scores = (q @ k.transpose(-2, -1)) / math.sqrt(k.size(-1))
        scores = scores.masked_fill(self.mask[:, :, :t, :t] == 0, float('-inf'))
        return self.proj((F.softmax(scores, -1) @ v).transpose(1, 2).reshape(b, t, c))


class Block(nn.Module):
    def __init__(self, width, heads, steps):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = Attention(width, heads, steps)
        self.fc, self.proj = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        x = x + self.attn(self.ln1(x))
        return x + self.proj(F.gelu(self.fc(self.ln2(x)), approximate='tanh'))


class GPT2(nn.Module):
    """GPT-2's initialization: N(0, 0.02), residual projections scaled down by depth; causal masks of -inf."""

    def __init__(self, vocabulary=100, width=64, layers=4, heads=4, steps=32):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(vocabulary, width), nn.Embedding(steps, width)
        self.h = nn.ModuleList([Block(width, heads, steps) for _ in range(layers)])
        self.ln_f = nn.LayerNorm(width)
        self.lm_head = nn.Linear(width, vocabulary, bias=False)
        self.apply(self._init)
        for name, p in self.named_parameters():
            if name.endswith('proj.weight'):
                nn.init.normal_(p, 0, 0.02 / math.sqrt(2 * layers))

    def _init(self, module):
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, 0, 0.02)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)

    def forward(self, ids):
        x = self.wte(ids) + self.wpe(torch.arange(ids.size(1)))
        for block in self.h:
            x = block(x)
        return self.lm_head(self.ln_f(x))


class Masked(nn.Module):
    """A causal mask by torch.where."""

    def __init__(self, width=32):
        super().__init__()
        self.q, self.k, self.v = nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, width)
        self.out = nn.Linear(width, 5)

    def forward(self, x):
        scores = self.q(x) @ self.k(x).transpose(1, 2) / x.size(-1) ** 0.5
        seen = torch.ones(x.size(1), x.size(1)).tril().bool()
        scores = torch.where(seen, scores, torch.tensor(float('-inf')))
        return self.out((scores.softmax(-1) @ self.v(x)).mean(1))


class SuperResolution(nn.Module):
    """Orthogonal with ReLU's gain, the last layer with gain 1."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 5, padding=2)
        self.conv2 = nn.Conv2d(32, 32, 3, padding=1)
        self.conv3 = nn.Conv2d(32, 4, 3, padding=1)
        self.shuffle = nn.PixelShuffle(2)
        for conv, gain in ((self.conv1, 2 ** 0.5), (self.conv2, 2 ** 0.5), (self.conv3, 1)):
            nn.init.orthogonal_(conv.weight, gain)

    def forward(self, x):
        return self.shuffle(self.conv3(F.relu(self.conv2(F.relu(self.conv1(x))))))


class Remembering(nn.Module):
    """Forget gates that the file sets itself, in both of PyTorch's biases."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(12, 16, num_layers=2, batch_first=True)
        for name, parameter in self.rnn.named_parameters():
            if 'bias' in name:
                n = parameter.size(0)
                parameter.data[n // 4:n // 2].fill_(1.0)
        self.out = nn.Linear(16, 3)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])
