import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type CliRun, cli } from '../support/cli.ts';
import { inFolder } from '../support/folder.ts';
import { oracleEnv, oraclePython } from '../support/oracles.ts';

const python = oraclePython('torch');
const env = { KERAS_BACKEND: oracleEnv['KERAS_BACKEND'] ?? 'torch', PYTHONDONTWRITEBYTECODE: '1' };

/** The form of pytorch/examples word_language_model: a chosen recurrence, and a transformer that keeps its mask. */
const LANGUAGE = `import torch
from torch import nn

class Recurrent(nn.Module):
    def __init__(self, kind='LSTM', tokens=60, width=24, layers=2):
        super().__init__()
        self.encoder = nn.Embedding(tokens, width)
        self.rnn = getattr(nn, kind)(width, width, layers)
        self.decoder = nn.Linear(width, tokens)

    def forward(self, input, hidden):
        output, hidden = self.rnn(self.encoder(input), hidden)
        return torch.log_softmax(self.decoder(output), -1), hidden

class Kept(nn.Transformer):
    def __init__(self, tokens=5000, width=256, layers=2):
        super().__init__(width, 2, layers, layers, dim_feedforward=512)
        self.mask = None
        self.table = nn.Embedding(tokens, width)
        self.decoder = nn.Linear(width, tokens)

    def forward(self, src, has_mask=True):
        if self.mask is None or self.mask.size(0) != len(src):
            self.mask = torch.log(torch.tril(torch.ones(len(src), len(src))))
        if has_mask and self.mask[0, 0].item() != 0:
            raise ValueError('not lower triangular')
        return torch.log_softmax(self.decoder(self.encoder(self.table(src), mask=self.mask)), -1)
`;

const PACKED = `import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

class Tagger(nn.Module):
    def __init__(self, tokens=50, width=16, classes=5):
        super().__init__()
        self.table = nn.Embedding(tokens, width)
        self.rnn = nn.LSTM(width, 24, num_layers=2, batch_first=True, bidirectional=True)
        self.gru = nn.GRU(48, 12, num_layers=2, batch_first=True)
        self.attention = nn.MultiheadAttention(12, 3, batch_first=True)
        self.out = nn.Linear(12, classes)

    def forward(self, ids):
        lengths = torch.full((ids.size(0),), ids.size(1) // 2)
        packed = pack_padded_sequence(self.table(ids), lengths, batch_first=True, enforce_sorted=False)
        y, _ = pad_packed_sequence(self.rnn(packed)[0], batch_first=True)
        y, _ = self.gru(y)
        y, _ = self.attention(y, y, y)
        return self.out(y)
`;

const ZEROS = `import torch
from torch import nn
import torch.nn.functional as F

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(20, 64)
        nn.init.zeros_(self.first.weight)
        self.second = nn.Linear(64, 64)
        nn.init.normal_(self.second.weight, 0, 1)
        self.out = nn.Linear(64, 10)

    def forward(self, x):
        return self.out(F.relu(self.second(F.relu(self.first(x)))))
`;

interface ReportedLayer {
  readonly id: string;
  readonly measured?: Readonly<Record<'activation' | 'gradientNorm', { readonly mean: number } | undefined>>;
}

describe('whole Python files by the command line', { skip: python === null && 'npm run oracles' }, () => {
  const run = (command: string, name: string, cwd: string, ...more: string[]): Promise<CliRun> =>
    cli([command, name, '--python', python ?? '', '--no-cache', ...more], { cwd, env });

  it('measures a recurrence whose forget gates are tried, and a model that keeps what a pass made', async () => {
    await inFolder({ 'language.py': LANGUAGE }, async (cwd) => {
      const { out, err } = await run('inspect', 'language.py', cwd);
      assert.doesNotMatch(out + err, /could not be (measured|run|built)/);
      assert.match(out, /Recurrent · PyTorch/);
      assert.match(out, /Kept · PyTorch/);
      assert.match(out, /lstm-forget-bias/);
    });
  });

  it('taps every layer and direction of recurrences, packed or not, and attention', async () => {
    await inFolder({ 'packed.py': PACKED }, async (cwd) => {
      const { out, err } = await run('inspect', 'packed.py', cwd, '--json');
      assert.doesNotMatch(err, /could not be/);
      const { layers } = (JSON.parse(out) as { reports: [{ layers: readonly ReportedLayer[] }] }).reports[0];
      for (const id of [
        ...['rnn.l0', 'rnn.l0_reverse', 'rnn.l0_both', 'rnn.l1', 'rnn.l1_reverse', 'rnn.l1_both'],
        ...['gru.l0', 'gru.l1', 'attention', 'out'],
      ]) {
        const measured = layers.find((each) => each.id === id)?.measured;
        const [signal, gradient] = [measured?.activation?.mean ?? 0, measured?.gradientNorm?.mean ?? 0];
        assert.ok(signal > 0 && Number.isFinite(signal), `${id}: ${signal}`);
        assert.ok(gradient > 0 && Number.isFinite(gradient), `${id}: ${gradient}`);
      }
    });
  });

  it('writes a repair into a PyTorch file, after which nothing is wrong and nothing is left to write', async () => {
    await inFolder({ 'net.py': ZEROS }, async (cwd) => {
      const before = await run('inspect', 'net.py', cwd);
      assert.equal(before.code, 1, before.err);
      const fixed = await run('fix', 'net.py', cwd, '--write');
      const text = readFileSync(join(cwd, 'net.py'), 'utf8');
      assert.notEqual(text, ZEROS, fixed.out + fixed.err);
      assert.match(text, /kaiming_normal_\(self\.first\.weight, nonlinearity='relu'\)/);
      assert.doesNotMatch(text, /zeros_\(self\.first/);
      const after = await run('inspect', 'net.py', cwd);
      assert.equal(after.code, 0, after.out + after.err);
      assert.match(after.out, /Nothing is wrong/);
      const again = await run('fix', 'net.py', cwd, '--write');
      assert.match(again.err, /nothing to fix/);
      assert.equal(readFileSync(join(cwd, 'net.py'), 'utf8'), text);
    });
  });
});
