import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import type { ModelSpec } from '../../src/model/spec.ts';
import { nodeFiles } from '../../src/node/files.ts';
import { createPythonHost } from '../../src/node/python/host.ts';
import { readModels } from '../../src/readers/formats.ts';
import { testPlan } from '../support/builtSpecs.ts';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';

const python = oraclePython('torch');
const path = inRepo('tests', 'oracles', 'python', 'shapes.py');
const OUTPUTS = `import torch
from torch import nn
class Named(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.head, self.aux = nn.Linear(8, 16), nn.Linear(16, 5), nn.Linear(16, 3)
    def forward(self, x):
        h = torch.tanh(self.body(x))
        return {'hidden': h + h.data.new(h.size()).normal_(), 'logits': self.head(h), 'extra': [self.aux(h)]}
class Several(Named):
    def forward(self, x):
        found = super().forward(x)
        return found['logits'], (found['hidden'], {'extra': found['extra']})
named = Named()
several = Several()
`;
const JOINED = `import torch
from torch import nn
class Joined(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.head = nn.Linear(14, 20), nn.Linear(20, 6)
    def forward(self, noise, label, code):
        return self.head(torch.relu(self.first(torch.cat((noise, label, code), -1))))
joined = Joined()
`;

describe('places and outputs of Python files', { skip: python === null ? 'npm run oracles' : false }, () => {
  const hostOf = (env: NodeJS.ProcessEnv) =>
    createPythonHost({
      probeFolder: inRepo('python'),
      cwd: inRepo(),
      interpreter: python ?? '',
      env,
      keep: 2,
    });
  const exact = hostOf(oracleEnv);
  const byLines = hostOf({ ...oracleEnv, INITSCOPE_PROBE_LINES: '1' });
  after(() => Promise.all([exact.dispose(), byLines.dispose()]));
  const read = async (host: typeof exact, text: string): Promise<readonly ModelSpec[]> => {
    const file = { path, size: text.length, head: new Uint8Array(), text };
    return (await readModels(file, nodeFiles, {}, host)).models;
  };

  it('are the same where only lines are known, as before Python 3.11', async () => {
    const text = readFileSync(path, 'utf8');
    const [known] = await read(exact, text);
    const [found] = await read(byLines, text);
    assert.ok(known !== undefined && known.layers.length > 10);
    const placesOf = (spec: ModelSpec | undefined) =>
      spec?.layers.map(({ id, origins, weights }) => ({
        id,
        origins,
        edits: weights.map(({ code }) => code),
      }));
    assert.deepEqual(placesOf(found), placesOf(known));
  });

  it('of a dict and of nested tuples: the logits are the output, and what leads there is measured', async () => {
    const models = await read(byLines, OUTPUTS);
    assert.deepEqual(models.map(({ name }) => name).sort(), ['Named', 'Several']);
    for (const spec of models) {
      const [output, ...others] = spec.outputs;
      assert.ok(output !== undefined && others.length === 0);
      assert.equal(spec.nodes.find(({ id }) => id === output.ref.node)?.layer, 'head');
      assert.ok(
        spec.layers.every(({ id }) => id !== 'new'),
        'memory that is not set is no layer',
      );
      const seeds = [1, 2];
      const request = { spec, changes: [], plan: testPlan(spec, 8, seeds), seeds };
      const [first] = (await byLines.measure(request, new AbortController().signal)).seeds;
      const gradient = (layer: string) => first?.taps.find((tap) => tap.layer === layer)?.gradient;
      assert.ok(gradient('head') !== undefined && gradient('body') !== undefined);
      assert.equal(gradient('aux'), undefined);
      assert.ok((first?.losses[0]?.value ?? 0) > 1);
    }
  });

  it('of inputs that are joined before the first matrix: their sizes together are its own, and it is said', async () => {
    const [spec] = await read(byLines, JOINED);
    const sizes = spec?.inputs.map(({ shape }) => shape.at(-1) ?? 0);
    assert.deepEqual(sizes, [12, 1, 1]);
    assert.match(spec?.inputs[0]?.assumed ?? '', /joined to 14 values, whose shares are not known/);
  });
});
