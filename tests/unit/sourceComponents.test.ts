import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { oneModel, readText, TF, weighted } from '../support/sources.ts';

const REACT = `${TF}import React, { useCallback, useEffect, useMemo, useState } from 'react';\n`;
const PATH = '/project/App.tsx';
const net = (units: string): string =>
  `tf.sequential({ layers: [tf.layers.dense({ units: ${units}, inputShape: [3] })] })`;

const read = (body: string) => readText(REACT + body, {}, {}, PATH);
const one = (body: string) => oneModel(REACT + body, {}, {}, PATH);

/** What stands in a component, and the kernels of the models that are found. */
const FOUND: Readonly<Record<string, readonly [body: string, kernels: readonly string[]]>> = {
  'in an attribute': [`export default () => <Chart model={${net('2')}} />;`, ['Dense 3×2 2']],
  'in a handler': [
    `export default () => <button onClick={async () => { const m = ${net('2')}; await m.fit(); }}>x</button>;`,
    ['Dense 3×2 2'],
  ],
  'in a function among the children': [
    `export default () => <Data>{(units = 4) => <Chart model={${net('units')}} />}</Data>;`,
    ['Dense 3×4 4'],
  ],
  'in a class, by its state': [
    `class App extends React.Component { constructor(p) { super(p); this.state = { units: 5 }; } render() { return <b onClick={() => { this.model = ${net('this.state.units')}; }} />; } }`,
    ['Dense 3×5 5'],
  ],
  'in an effect, by a prop that an element gives': [
    `function Net({ units }: { units: number }) { useEffect(() => { ${net('units')}; }, []); return <p />; }\nexport const App = () => <main><Net units={7} /></main>;`,
    ['Dense 3×7 7'],
  ],
  'in a memo, by a prop that an element gives': [
    `const Net = React.memo(({ units }: any) => { const m = useMemo(() => ${net('units')}, [units]); return <p>{m.name}</p>; });\nexport const App = () => <Net units={8} />;`,
    ['Dense 3×8 8'],
  ],
  'in a callback, by a state': [
    `export const App = () => { const [units] = useState(6); const train = useCallback(() => { ${net('units')}; }, [units]); return <b onClick={train} />; };`,
    ['Dense 3×6 6'],
  ],
  'in a class that is shown, by its props': [
    `class Net extends React.Component { componentDidMount() { ${net('this.props.units')}; } render() { return <p />; } }\nexport const App = () => <Net units={9} />;`,
    ['Dense 3×9 9'],
  ],
  'in a component that createElement names': [
    `function Net({ units }) { ${net('units')}; return null; }\nexport const App = () => React.createElement(Net, { units: 2 });`,
    ['Dense 3×2 2'],
  ],
  'once for each item of a list': [
    `export const App = () => <ul>{[4, 8].map((units) => <li key={units}>{${net('units')}.countParams()}</li>)}</ul>;`,
    ['Dense 3×4 4', 'Dense 3×8 8'],
  ],
  'on both sides of what is not known to be shown': [
    `export const App = ({ on, page }) => <>{on && <Chart of={${net('1')}} />}{page === 2 ? ${net('2')}.name : null}</>;`,
    ['Dense 3×1 1', 'Dense 3×2 2'],
  ],
  'in a component that shows itself again': [
    `const Net = () => { ${net('2')}; return <Net />; };\nexport const App = () => <Net />;`,
    ['Dense 3×2 2'],
  ],
  'behind an optional call': [
    `export const m = tf?.sequential?.({ layers: [tf.layers.dense({ units: 1, inputShape: [3] })] });`,
    ['Dense 3×1 1'],
  ],
};

describe('sources: components', () => {
  it('names a component after what it builds and keeps the place in the element', async () => {
    const body = `export default function App({ size = 3 }: { size?: number }) { return <Chart model={${net('size')}} />; }`;
    const model = await one(body);
    assert.equal(model.id, 'App');
    const { start, end } = model.layers.at(-1)?.origins[0]?.range ?? { start: 0, end: 0 };
    assert.equal((REACT + body).slice(start, end), 'tf.layers.dense({ units: size, inputShape: [3] })');
  });

  for (const [where, [body, kernels]] of Object.entries(FOUND)) {
    it(`finds a model ${where}`, async () => {
      const { models, questions, problems } = await read(body);
      assert.deepEqual(questions ?? [], []);
      assert.deepEqual(models.flatMap(weighted), kernels, JSON.stringify(problems));
    });
  }

  it('asks for a prop that no element gives', async () => {
    const { models, questions } = await read(
      `export const App = (props) => <Chart model={${net('props.units')}} />;`,
    );
    assert.deepEqual(models, []);
    assert.deepEqual(
      questions?.map(({ name }) => name),
      ['props.units'],
    );
  });

  it('says of a model where nothing is run that it is not inspected', async () => {
    const { models, problems, notAModel } = await read(`@wrap(${net('1')})\nexport class A {}`);
    assert.deepEqual(models, []);
    assert.equal(notAModel, undefined);
    assert.match(problems[0]?.message ?? '', /^The model of line 3 is not inspected: /);
  });
});
