import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textFindings } from '../../../src/inspect/staticFindings.ts';
import { DEFAULT_PROJECT_CONFIG } from '../../../src/model/projectConfig.ts';
import { disabledLines } from '../../../src/readers/python/lint/disabledLines.ts';
import { lintPython } from '../../../src/readers/python/lint/lint.ts';
import { parsePython } from '../../../src/readers/python/lint/syntax.ts';
import { leastProcessorTime } from '../../support/processorTime.ts';

const lint = (text: string) => lintPython(text, 'm.py').findings;
const fired = (text: string): string[] =>
  lint(text).map(({ rule, origin }) => `${rule}: ${text.slice(origin.range.start, origin.range.end)}`);

const HEAD = `import torch\nfrom torch import nn\nimport torch.nn.functional as F\n`;

const DEEP = `${HEAD}
class Net(nn.Module):
    def __init__(self, width=64, depth=8):
        super().__init__()
        self.first = nn.Linear(20, width)
        self.body = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.out = nn.Linear(width, 10)

    def forward(self, x):
        x = F.relu(self.first(x))
        for layer in self.body:
            x = F.relu(layer(x))
        return self.out(x)
`;

const STACK = `${HEAD}
class Model(nn.Module):
    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(64, 4)
        self.encoder = nn.TransformerEncoder(layer, num_layers=6)
`;

const TIED = `${HEAD}
class LM(nn.Module):
    def __init__(self, vocab, d):
        super().__init__()
        self.embed = nn.Embedding(vocab, d)
        self.head = nn.Linear(d, vocab, bias=False)
        self.head.weight = self.embed.weight
`;

const SHARED = `import keras
from keras import layers
init = keras.initializers.HeNormal()
model = keras.Sequential([
    layers.Dense(64, activation='relu', kernel_initializer=init),
    layers.Dense(64, activation='relu', kernel_initializer=init),
    layers.Dense(64, activation='relu', kernel_initializer=init),
    layers.Dense(10),
])
`;

describe('traps of a Python text', () => {
  it('are PyTorch’s default under deep ReLU, but not where anything keeps or draws the scale', () => {
    assert.deepEqual(fired(DEEP), ['initializer-mismatch: nn.Linear(width, width)']);
    const twins = [
      DEEP.replace('depth=8', 'depth=3'),
      DEEP.replace('depth=8', 'depth'),
      DEEP.replaceAll('F.relu', 'F.gelu'),
      DEEP.replace('self.out =', 'self.norm = nn.LayerNorm(width)\n        self.out ='),
      DEEP.replace('x = F.relu(layer(x))', 'x = x + F.relu(layer(x))'),
      DEEP.replace('x = F.relu(layer(x))', 'x += F.relu(layer(x))'),
      `${DEEP}\ndef init_weights(m):\n    if isinstance(m, nn.Linear):\n        nn.init.kaiming_normal_(m.weight)\nNet().apply(init_weights)\n`,
      `${DEEP}\nnet = Net()\nfor p in net.parameters():\n    p.data.normal_(0, 0.1)\n`,
      `${DEEP}\nnet = Net()\nnet.load_state_dict(torch.load('x'))\n`,
    ];
    for (const twin of twins) assert.deepEqual(fired(twin), [], twin);
  });

  it('counts layers through loops, products, nested classes and Sequential', () => {
    const block = `class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.a, self.act = nn.Conv2d(c, c, 3), nn.ReLU()
        self.b = nn.Conv2d(c, c, 3)
    def forward(self, x):
        return self.act(self.b(self.act(self.a(x))))
class Net(nn.Module):
    N = 4
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential()
        for i in range(1, 2 * 2 + 1):
            self.blocks.append(Block(8))
`;
    assert.deepEqual(fired(HEAD + block), ['initializer-mismatch: nn.Conv2d(c, c, 3)']);
    const head = block.replace(
      'self.blocks = nn.Sequential()',
      'self.stem = nn.Conv2d(3, 8, 3)\n        self.blocks = nn.Sequential()',
    );
    assert.match(lint(HEAD + head)[0]!.message, /9 layers/);
    const flat = `${HEAD}net = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), *([nn.Linear(8, 8), nn.ReLU()] * 7))\n`;
    assert.deepEqual(fired(flat), ['initializer-mismatch: nn.Linear(8, 8)']);
    assert.deepEqual(fired(flat.replace('* 7', '* 3')), []);
  });

  it('are deep copies in nn.TransformerEncoder, unless drawn again', () => {
    assert.deepEqual(fired(STACK), ['duplicate-weights: nn.TransformerEncoder(layer, num_layers=6)']);
    assert.deepEqual(fired(STACK.replace('num_layers=6', 'num_layers=1')), []);
    const again = `${STACK}        for p in self.parameters():\n            if p.dim() > 1:\n                nn.init.xavier_uniform_(p)\n`;
    assert.deepEqual(fired(again), []);
    const other = `${STACK}        nn.init.uniform_(self.table.weight, -0.1, 0.1)\n        self.table.weight.data.normal_(0, 1)\n`;
    assert.equal(fired(other).length, 1);
    assert.deepEqual(fired(`${HEAD}net = nn.Transformer(64, 4)\n`), []);
  });

  it('are N(0, 1) embeddings tied to the head', () => {
    assert.deepEqual(fired(TIED), ['embedding-scale: nn.Embedding(vocab, d)']);
    assert.deepEqual(fired(TIED.replace('self.head.weight = self.embed.weight', 'pass')), []);
    assert.deepEqual(fired(`${TIED}        nn.init.normal_(self.embed.weight, std=0.02)\n`), []);
    assert.deepEqual(fired(`${TIED}        self.embed.weight.data.uniform_(-0.1, 0.1)\n`), []);
    assert.deepEqual(fired(`${TIED}        self.apply(self._init_weights)\n`), []);
  });

  it('are one Keras initializer for several layers of a size', () => {
    assert.deepEqual(fired(SHARED), ['duplicate-weights: keras.initializers.HeNormal()']);
    assert.deepEqual(fired(SHARED.replaceAll('=init)', "='he_normal')")), []);
    assert.deepEqual(fired(SHARED.replace('HeNormal()', 'Zeros()')), []);
    assert.deepEqual(fired(SHARED.replace('HeNormal()', 'HeNormal(seed=keras.random.SeedGenerator(1))')), []);
    assert.deepEqual(fired(SHARED.replace('Dense(64', 'Dense(32')), []);
  });

  it('come at once, from broken text too', async () => {
    const broken = `${DEEP}\nclass Half(nn.Module:\n  def __init__(self\n`;
    assert.equal(fired(broken).length, 1);
    const long = `${HEAD}${Array.from({ length: 60 }, (_, i) => DEEP.slice(HEAD.length).replace('Net', `Net${i}`)).join('\n')}`;
    const least = await leastProcessorTime(() => lintPython(long, 'm.py'));
    assert.ok(long.split('\n').length > 700);
    assert.ok(least < 50, `${least} ms of processor time`);
  });
});

describe('# initscope: ignore', () => {
  const ranges = (text: string) =>
    disabledLines(parsePython(text)).map(({ rules, range, written }) => ({
      rules,
      held: text.slice(range.start, range.end).trim(),
      written,
    }));

  it('holds for its line, or for the next one where it stands alone', () => {
    assert.deepEqual(ranges('a = Dense(3)  # initscope: ignore[dead-relu, scale] why not\nb = 2\n'), [
      {
        rules: ['dead-relu', 'scale'],
        held: 'a = Dense(3)',
        written: '# initscope: ignore[dead-relu, scale]',
      },
    ]);
    assert.deepEqual(
      ranges('x = 1\n  # initscope: ignore\n\n  # more\n  b = f(\n    2)\n').map(({ held }) => held),
      ['b = f(\n    2)'],
    );
  });

  it('holds for the whole statement from its first or last line, for the line in between', () => {
    const text = (first: string, middle: string, last: string) =>
      `s = nn.Sequential(${first}\n    nn.Linear(1, 2),${middle}\n    nn.ReLU())${last}\nt = 1\n`;
    const mark = '  # initscope: ignore[a]';
    const whole = (held: string | undefined) =>
      held?.startsWith('s = ') === true && held.includes('nn.ReLU())');
    assert.ok(whole(ranges(text(mark, '', ''))[0]?.held));
    assert.ok(whole(ranges(text('', '', mark))[0]?.held));
    assert.equal(ranges(text('', mark, ''))[0]?.held, 'nn.Linear(1, 2),');
    const text2 = 'class A(nn.Module):  # initscope: ignore[a]\n    x = 1\n';
    assert.equal(ranges(text2)[0]?.held, 'class A(nn.Module):');
  });

  it('leaves lint findings out as it does measured ones', () => {
    const reading = (text: string) =>
      textFindings(lintPython(text, 'm.py'), { path: 'm.py', options: {}, config: DEFAULT_PROJECT_CONFIG });
    const mark = (text: string) =>
      text.replace('num_layers=6)', 'num_layers=6)  # initscope: ignore[duplicate-weights]');
    assert.equal(reading(STACK).length, 1);
    assert.equal(reading(mark(STACK)).length, 0);
    assert.equal(reading(mark(STACK).replace('[duplicate', '[dead')).length, 1);
  });
});
