import { depthwise, type Generated, mlp, normMlp, recurrent } from './families.ts';
import { constant, GLOROT, HE, type Init, normal, Net, ORTHOGONAL } from './net.ts';
import { onPixels, pixels } from './pixels.ts';
import { at, type Healthy } from './sample.ts';

/** Oddities that train as well: any warning is a false alarm. */
export function harmlessSet(): readonly Healthy[] {
  const seeded = (seed: number): Init => ({ class_name: 'HeNormal', config: { seed } });
  const orthogonal = (gain: number): Init => ({ class_name: 'Orthogonal', config: { gain } });
  const models: Generated[] = [
    mlp('shared-seeds', 64, 4, { init: seeded(7), semantics: 'keras3' }),
    normMlp('n001-bn', 64, 5, { init: normal(0.01) }),
    mlp('n001-one', 64, 5, { init: at(2, normal(0.01), HE) }),
    mlp('n001-2', 64, 2, { init: normal(0.01) }),
    recurrent('lstm-no-forget', 'LSTM', 10, { unit_forget_bias: false }),
    recurrent('gru-half', 'GRU', 40, { recurrent_initializer: orthogonal(0.5) }),
    mlp('zero-tanh', 64, 4, { init: at(1, 'zeros', GLOROT), activation: 'tanh' }),
    mlp('small-constant', 64, 4, { init: at(1, constant(0.001), HE) }),
    mlp('constant-0.01', 64, 4, { init: at(1, constant(0.01), HE) }),
    depthwise('depthwise-fans-bn', 4, HE, HE, true),
    mlp('orthogonal-tanh-head', 64, 50, { init: ORTHOGONAL, activation: 'tanh', head: normal(1) }),
  ];
  const lstm = new Net('lstm-head');
  const rnn = lstm.layer('LSTM', { units: 32, name: 'rnn' }, lstm.input(30, 16));
  models.push({
    name: 'lstm-head',
    text: lstm.json(lstm.dense(rnn, 10, normal(1), 'softmax', { name: 'head' })),
    hidden: [],
    semantics: 'keras2',
  });
  models.push(
    onPixels('pixels-rescaled', ['Rescaling', { scale: 1 / 255 }]),
    onPixels('pixels-normalized', ['BatchNormalization', { axis: -1 }]),
    { ...mlp('pixels-to-1', 64, 3, { init: HE }), data: pixels(255) },
  );
  return models.map((model) => ({ model }));
}
