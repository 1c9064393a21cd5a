import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { PythonHost } from '../../src/model/pythonHost.ts';
import type { ReadResult } from '../../src/model/reader.ts';
import type { LayerSpec, ModelSpec } from '../../src/model/spec.ts';
import { nodeFiles } from '../../src/node/files.ts';
import { createPythonHost } from '../../src/node/python/host.ts';
import { editModels, readModels } from '../../src/readers/formats.ts';
import { applyEdits } from '../../src/report/unifiedDiff.ts';
import { testPlan } from '../support/builtSpecs.ts';
import { oracleEnv, oraclePython } from '../support/oracles.ts';
import { inRepo } from '../support/root.ts';

const python = oraclePython('torch');
const folder = inRepo('tests', 'oracles', 'python');
const textOf = (name: string): string => readFileSync(inRepo('tests', 'oracles', 'python', name), 'utf8');

describe(
  "Python files in the user's interpreter",
  { skip: python === null ? 'npm run oracles' : false },
  () => {
    let host: PythonHost;
    before(() => {
      host = createPythonHost({
        probeFolder: inRepo('python'),
        cwd: folder,
        interpreter: python ?? '',
        env: oracleEnv,
        keep: 4,
      });
    });
    after(() => host.dispose());

    const read = (
      name: string,
      text: string,
      params: Readonly<Record<string, number>> = {},
    ): Promise<ReadResult> =>
      readModels(
        { path: inRepo('tests', 'oracles', 'python', name), size: text.length, head: new Uint8Array(), text },
        nodeFiles,
        { params },
        host,
      );
    const onlyModel = async (name: string, text = textOf(name)): Promise<ModelSpec> => {
      const { models, problems } = await read(name, text);
      assert.equal(models.length, 1, JSON.stringify(problems));
      return models[0]!;
    };
    const layer = (spec: ModelSpec, id: string): LayerSpec => {
      const found = spec.layers.find((each) => each.id === id);
      assert.ok(found, `no layer ${id} in ${spec.layers.map((each) => each.id).join(', ')}`);
      return found;
    };

    it('finds root, inputs, layers, draws and exact places', async () => {
      const text = textOf('shapes.py');
      const spec = await onlyModel('shapes.py');
      assert.equal(spec.name, 'Net');
      assert.deepEqual(spec.inputs[0]?.shape.slice(0, 2), [null, 3]);
      assert.equal(spec.outputs[0]?.loss.id, 'sparse_categorical_crossentropy');
      const place = (id: string, at = 0): string => {
        const { start, end } = layer(spec, id).origins[at]!.range;
        return text.slice(start, end);
      };
      assert.equal(place('stem'), 'nn.Conv2d(3, width, 3, padding=1, bias=False)');
      assert.equal(place('parts.1.fc'), 'nn.Linear(width, width)');
      assert.equal(place('parts.1.fc', 1), 'Part(width)');
      assert.equal(place('tail.0', 1), 'block(width)');
      assert.equal(place('relu'), 'F.relu(self.norm(self.stem(x)), inplace=True)');
      assert.equal(layer(spec, 'stem').weights[0]?.shape.at(-1), 48);
      const law = (id: string) => layer(spec, id).weights[0]?.initializer;
      assert.deepEqual(
        [law('parts.0.out')?.id, law('tail.0')?.id, law('stem')?.id],
        ['zeros', 'randomNormal', 'kaimingUniform'],
      );
      assert.equal(law('tail.0')?.params['stddev'], 1);
      assert.ok(layer(spec, 'head').roles.includes('head'));
      assert.ok(layer(spec, 'parts.0.out').roles.includes('residual-end'));
      assert.deepEqual(
        spec.nodes.find(({ id }) => id === 'parts.1.add')?.inputs.map(({ node }) => node),
        ['parts.0.add', 'parts.1.out'],
      );
    });

    it('measures every seed anew, and changes by the same draws rescaled', async () => {
      const spec = await onlyModel('shapes.py');
      const seeds = [1, 2];
      const request = { spec, changes: [], plan: testPlan(spec, 16, seeds), seeds };
      const signal = new AbortController().signal;
      const measured = await host.measure(request, signal);
      const again = await host.measure(request, signal);
      assert.deepEqual(measured, again);
      const print = (seed: number) =>
        measured.seeds[seed]?.weights.find(({ layer: id }) => id === 'stem')?.fingerprint;
      assert.notEqual(print(0), print(1));
      const taps = measured.seeds[0]!.taps;
      for (const node of spec.nodes.filter(({ layer: id }) => id !== 'x'))
        assert.ok(
          taps.some((tap) => tap.node === node.id && tap.gradientNorm !== undefined),
          node.id,
        );
      const initializer = { id: 'randomNormal', params: { mean: 0, stddev: 0.5 }, seed: null, written: '' };
      const changes = [{ layers: ['tail.0'], weight: 'kernel', initializer }];
      const changed = await host.measure({ ...request, changes }, signal);
      const rms = (of: typeof measured) =>
        of.seeds[0]?.weights.find(({ layer: id }) => id === 'tail.0')?.value.rms ?? NaN;
      assert.ok(Math.abs(rms(changed) - 0.5) < 1e-4 && Math.abs(rms(measured) - 1) < 0.1);
      const zero = measured.seeds[0]?.weights.find(({ layer: id }) => id === 'parts.0.out');
      assert.equal(zero?.distinctUnits, 1 / 48);
    });

    it('writes edits that draw what was asked for', async () => {
      const text = textOf('shapes.py');
      const spec = await onlyModel('shapes.py');
      const initializer = {
        id: 'kaimingNormal',
        params: { a: 0, mode: 'fanIn', nonlinearity: 'relu' },
        seed: null,
        written: '',
      };
      const editedFor = (layers: readonly string[]): string => {
        const result = editModels(text, spec, [{ layers, weight: 'kernel', initializer }]);
        assert.ok(result.ok, result.ok ? '' : result.refusal.reason);
        return applyEdits(text, result.edits[0]?.edits ?? []);
      };
      const edited = editedFor(['stem', 'parts.0.fc', 'parts.1.fc']);
      assert.match(
        edited,
        /bias=False\)\n {8}nn\.init\.kaiming_normal_\(self\.stem\.weight, nonlinearity='relu'\)\n/,
      );
      assert.match(edited, /# é €\n {8}nn\.init\.kaiming_normal_\(self\.fc\.weight, nonlinearity='relu'\)\n/);
      const after = await onlyModel('shapes.py', edited);
      for (const id of ['stem', 'parts.0.fc', 'parts.1.fc'])
        assert.equal(layer(after, id).weights[0]?.initializer.id, 'kaimingNormal', id);
      const apart = editedFor(['parts.1.fc']);
      assert.match(
        apart,
        /normal_\(0, 1\)\n {8}for name, parameter in self\.named_parameters\(\):\n {12}if name == 'parts\.1\.fc\.weight':\n/,
      );
      const counted = apart
        .replace(
          '\nif __name__',
          "\nwith open('/nowhere/text') as file:\n    text = file.read()\nchars = sorted(set(text))\ndef half(x):\n    return x / 2\ndef quarter(x):\n    y = half(x)\n    return half(y)\n$&",
        )
        .replace('Net(args.width, 10)', 'Net(args.width, len(chars))');
      const { models, problems } = await read('model.py', counted, { chars: 57 });
      assert.ok(!problems.some(({ severity }) => severity === 'error'), 'a helper of model.py is no model');
      const parts = models[0]!;
      assert.equal(layer(parts, 'head').weights[0]?.shape.at(-1), 57, 'an answered count of things');
      assert.deepEqual(
        ['parts.0.fc', 'parts.1.fc', 'tail.0'].map((id) => layer(parts, id).weights[0]?.initializer.id),
        ['kaimingUniform', 'kaimingNormal', 'randomNormal'],
      );
    });

    it('lets nothing happen that the file tries', async () => {
      const before = readdirSync(folder).sort();
      const spec = await onlyModel('hostile.py');
      assert.equal(spec.name, 'Net');
      assert.deepEqual(readdirSync(folder).sort(), before);
      const said = spec.problems.map(({ message }) => message).join('\n');
      assert.match(said, /refused: the probe does not|refused: write/);
    });

    it('hands Keras models to our own engine, with places and edits in the code', async () => {
      const text = textOf('keras_net.py');
      const spec = await onlyModel('keras_net.py');
      assert.equal(spec.executable, true);
      const [first] = spec.layers.filter(({ kind }) => kind === 'dense');
      const { start, end } = first!.origins[0]!.range;
      assert.equal(text.slice(start, end), "layers.Dense(32, activation='relu', kernel_initializer='zeros')");
      const initializer = { id: 'heNormal', params: {}, seed: null, written: '' };
      const result = editModels(text, spec, [{ layers: [first!.id], weight: 'kernel', initializer }]);
      assert.ok(result.ok);
      assert.equal(result.edits[0]?.edits[0]?.text, "'he_normal'");
    });

    it('reads a notebook cell by cell, a broken one left out, and points into the document', async () => {
      const text = textOf('notebook.ipynb');
      const spec = await onlyModel('notebook.ipynb');
      const [origin] = layer(spec, 'first').origins;
      assert.equal(text.slice(origin!.range.start, origin!.range.end), 'nn.Linear(20, width)');
      assert.deepEqual(origin!.cell, { index: 3, startLine: 4, startColumn: 21, endLine: 4, endColumn: 41 });
      assert.match(spec.problems.map(({ message }) => message).join('\n'), /code cell 2 is left out/);
      const initializer = { id: 'zeros', params: {}, seed: null, written: '' };
      const result = editModels(text, spec, [{ layers: ['first', 'out'], weight: 'kernel', initializer }]);
      assert.ok(result.ok, result.ok ? '' : result.refusal.reason);
      let edited = text;
      for (const { range, text: put } of [...(result.edits[0]?.edits ?? [])].reverse())
        edited = edited.slice(0, range.start) + put + edited.slice(range.end);
      const after = await onlyModel('notebook.ipynb', edited);
      for (const id of ['first', 'out']) assert.equal(layer(after, id).weights[0]?.initializer.id, 'zeros');
    });

    it('gives a model the comments that leave findings out, and reports those that hold for nothing', async () => {
      const text = textOf('shapes.py').replace(
        '# é €',
        '# é €  # initscope: ignore[dead-relu]\n        x = 1  # initscope: ignore[dead-relu]',
      );
      const { models, problems } = await read('shapes.py', text);
      assert.equal(models[0]?.disabled?.length, 1);
      assert.equal(models[0].disabled[0]?.rules[0], 'dead-relu');
      assert.match(
        problems.map(({ message }) => message).join(),
        /ignore\[dead-relu\] holds for no layer here/,
      );
    });

    it('says where a file cannot be read', async () => {
      const { models, problems } = await read(
        'broken.py',
        'import torch.nn as nn\nclass N(nn.Module)\n    pass\n',
      );
      assert.equal(models.length, 0);
      assert.match(problems[0]?.message ?? '', /cannot read the file/);
      assert.equal(problems[0]?.range?.start, 22);
    });
  },
);
