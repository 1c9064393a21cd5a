import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { snippets } from '../../../src/advice/snippet.ts';
import type { Change } from '../../../src/model/change.ts';
import type { CodeSite, LoopSite } from '../../../src/model/codeSite.ts';
import { contentHash } from '../../../src/model/hash.ts';
import type { Semantics } from '../../../src/model/semantics.ts';
import type { ModelSpec } from '../../../src/model/spec.ts';
import { editPython } from '../../../src/readers/python/edit.ts';

const zeros = { id: 'zeros', params: {}, seed: null, written: '' };
const he = { id: 'heNormal', params: {}, seed: null, written: '' };

function specOf(text: string, sites: Readonly<Record<string, CodeSite>>, semantics: Semantics): ModelSpec {
  const origin = { file: 'm.py', range: { start: 0, end: 0 }, kind: 'layer' as const };
  return {
    id: 'm',
    name: 'm',
    file: 'm.py',
    format: 'python',
    framework: 'x',
    semantics: { value: semantics, from: 'x' },
    graph: 'full',
    executable: semantics !== 'pytorch',
    layers: Object.entries(sites).map(([id, code]) => ({
      id,
      name: id,
      className: 'Linear',
      kind: 'dense',
      config: {},
      weights: [
        {
          name: 'kernel',
          part: 'kernel',
          shape: [2, 2],
          initializer: zeros,
          fanIn: 2,
          fanOut: 2,
          effectiveFanIn: 2,
          effectiveFanOut: 2,
          trainable: true,
          unitAxis: -1,
          key: 'kernel_initializer',
          code,
        },
      ],
      roles: [],
      origins: [origin],
      trainable: true,
    })),
    nodes: [],
    inputs: [],
    outputs: [],
    parameters: { total: 0, trainable: 0 },
    savedWeights: false,
    origin,
    problems: [],
    contentHash: contentHash(text),
  };
}

function applied(text: string, spec: ModelSpec, changes: readonly Change[]): string {
  const result = editPython(text, spec, changes);
  assert.ok(result.ok, result.ok ? '' : result.refusal.reason);
  let edited = text;
  for (const { range, text: put } of [...(result.edits[0]?.edits ?? [])].reverse())
    edited = edited.slice(0, range.start) + put + edited.slice(range.end);
  return edited;
}

const change = (...layers: string[]): Change => ({ layers, weight: 'kernel', initializer: he });

describe('edits of Python code', () => {
  it('put a line after the statement that builds a PyTorch layer', () => {
    const text = 'class N:\n    def __init__(self):\n        self.fc = nn.Linear(2, 2)  # first\n';
    const site: CodeSite = {
      mode: 'insert',
      at: text.indexOf('# first') + 7,
      indent: '\n        ',
      target: 'self.fc.weight',
      nn: 'nn',
    };
    const edited = applied(text, specOf(text, { fc: site }, 'pytorch'), [change('fc')]);
    assert.match(
      edited,
      /# first\n {8}nn\.init\.kaiming_normal_\(self\.fc\.weight, nonlinearity='relu'\)\n$/,
    );
  });

  it('set the forget gates of an LSTM in two lines, in a file and as code to copy', () => {
    const text = 'class N:\n    def __init__(self):\n        self.rnn = nn.LSTM(2, 2, 2)\n';
    const target = 'self.rnn.bias_ih_l1_reverse';
    const site: CodeSite = {
      ...{ mode: 'insert', at: text.length - 1, indent: '\n        ', target, nn: 'torch.nn' },
    };
    const spec = specOf(text, { 'rnn.l1_reverse': site }, 'pytorch');
    const initializer = { id: 'forgetGateOnes', params: {}, seed: null, written: '' };
    const changes = [{ layers: ['rnn.l1_reverse'], weight: 'kernel', initializer }];
    assert.match(
      applied(text, spec, changes),
      /\n {8}torch\.nn\.init\.zeros_\(self\.rnn\.bias_ih_l1_reverse\)\n {8}torch\.nn\.init\.ones_\(self\.rnn\.bias_ih_l1_reverse\[1:2\]\)\n$/,
    );
    const [layer] = spec.layers;
    const [drawn] = layer!.weights;
    const weights = [
      { ...drawn!, name: 'recurrent_kernel', part: 'recurrent' as const },
      { ...drawn!, name: 'bias', part: 'bias' as const, shape: [8] },
    ];
    const recurrent = { ...spec, layers: [{ ...layer!, className: 'LSTM', weights }] };
    const copied = snippets(recurrent, [{ ...changes[0]!, weight: 'bias' }]).pytorch;
    assert.equal(
      copied,
      "for layer in map(model.get_submodule, ['rnn']):\n    nn.init.zeros_(layer.bias_ih_l1_reverse)\n    nn.init.ones_(layer.bias_ih_l1_reverse[2:4])",
    );
  });

  it('replace the call that draws a weight', () => {
    const text = 'nn.init.normal_(m.weight, 0, 1)';
    const site: CodeSite = {
      mode: 'replace',
      range: { start: 0, end: text.length },
      target: 'm.weight',
      nn: 'torch.nn',
    };
    const spec = specOf(text, { a: site, b: site }, 'pytorch');
    assert.equal(
      applied(text, spec, [change('a', 'b')]),
      "torch.nn.init.kaiming_normal_(m.weight, nonlinearity='relu')",
    );
    const alone = editPython(text, spec, [change('a')]);
    assert.ok(!alone.ok);
    assert.match(alone.refusal.reason, /also draws b/);
  });

  it('add or change a keyword of a Keras call', () => {
    const text = "Dense(10, kernel_initializer='zeros')\nDense(3)\nFlatten()";
    const given = text.indexOf("'zeros'");
    const sites: Record<string, CodeSite> = {
      a: {
        mode: 'keyword',
        keyword: 'kernel_initializer',
        value: { start: given, end: given + 7 },
        after: given + 7,
        empty: false,
      },
      b: { mode: 'keyword', keyword: 'kernel_initializer', after: text.indexOf('3)') + 1, empty: false },
      c: { mode: 'keyword', keyword: 'kernel_initializer', after: text.indexOf('Flatten(') + 8, empty: true },
    };
    const edited = applied(text, specOf(text, sites, 'keras3'), [change('a', 'b', 'c')]);
    assert.equal(
      edited,
      "Dense(10, kernel_initializer='he_normal')\nDense(3, kernel_initializer='he_normal')\nFlatten(kernel_initializer='he_normal')",
    );
  });

  it("draw what a line draws besides others at the end of the model's __init__", () => {
    const text = 'class N:\n    def __init__(self):\n        self.apply(init)\n\ndef init(m):\n    draw(m)\n';
    const site = (name: string, alike?: LoopSite['alike']): CodeSite => ({
      mode: 'replace',
      range: { start: text.indexOf('draw'), end: text.length - 1 },
      target: 'm.weight',
      nn: 'nn',
      loop: {
        at: text.indexOf('\n\ndef'),
        indent: '\n        ',
        nn: 'torch.nn',
        name,
        ...(alike === undefined ? {} : { alike }),
      },
    });
    const blocks = { start: 'h.', end: '.fc.weight', count: 2 };
    const spec = specOf(
      text,
      {
        'h.0.fc': site('h.0.fc.weight', blocks),
        'h.1.fc': site('h.1.fc.weight', blocks),
        out: site('out.weight'),
        table: site('out.weight'),
        other: site('other.weight'),
      },
      'pytorch',
    );
    const zero: Change = { ...change('out'), initializer: zeros };
    const edited = applied(text, spec, [change('h.0.fc', 'h.1.fc'), zero]);
    assert.equal(
      edited.slice(edited.indexOf('(init)') + 6, edited.indexOf('\n\ndef')),
      [
        '',
        'for name, parameter in self.named_parameters():',
        "    if name.startswith('h.') and name.endswith('.fc.weight'):",
        "        torch.nn.init.kaiming_normal_(parameter, nonlinearity='relu')",
        "    if name == 'out.weight':",
        '        torch.nn.init.zeros_(parameter)',
      ].join('\n        '),
    );
    assert.ok(edited.endsWith('draw(m)\n'));
    assert.match(applied(text, spec, [change('h.1.fc')]), /if name == 'h\.1\.fc\.weight':/);
    const tied = { ...site('out.weight'), range: { start: 0, end: 5 } };
    const alone = specOf(text, { out: tied, table: tied }, 'pytorch');
    assert.match(applied(text, alone, [change('out')]), /^nn\.init\.kaiming_normal_\(m\.weight/);
    const twice = editPython(text, spec, [zero, change('table')]);
    assert.ok(!twice.ok, 'one parameter in two ways');
  });

  it('refuse with the reason, and a text that has changed', () => {
    const spec = specOf('x', { a: { mode: 'none', reason: 'it is built in a loop' } }, 'pytorch');
    const result = editPython('x', spec, [change('a')]);
    assert.ok(!result.ok && /in a loop/.test(result.refusal.reason));
    const stale = editPython('y', spec, [change('a')]);
    assert.ok(!stale.ok && /has changed/.test(stale.refusal.reason));
  });
});
