import control from './sandbox/control.sandbox.js';
import decisions from './sandbox/decisions.sandbox.js';
import environment from './sandbox/environment.sandbox.js';
import layers from './sandbox/layers.sandbox.js';
import loaded from './sandbox/loaded.sandbox.js';
import loops from './sandbox/loops.sandbox.js';
import main from './sandbox/main.sandbox.js';
import models from './sandbox/models.sandbox.js';
import modules from './sandbox/modules.sandbox.js';
import natives from './sandbox/natives.sandbox.js';
import operations from './sandbox/operations.sandbox.js';
import react from './sandbox/react.sandbox.js';
import recorder from './sandbox/recorder.sandbox.js';
import tf from './sandbox/tf.sandbox.js';
import tensors from './sandbox/tensors.sandbox.js';
import trace from './sandbox/trace.sandbox.js';
import unknown from './sandbox/unknown.sandbox.js';

/** In the order in which they stand on each other. */
const PARTS = [
  unknown,
  tensors,
  recorder,
  layers,
  operations,
  trace,
  models,
  loaded,
  tf,
  decisions,
  loops,
  control,
  natives,
  environment,
  modules,
  react,
];

/** A script that is one parenthesized function, as an expression. */
const expression = (script: string): string => `(${script.trim().replace(/;$/, '')})`;

/** What runs in the sandbox before any source: a function of its start as JSON, the shape law and the mark, which gives the host's entries. */
export const SANDBOX_CODE = `((json, shape, mark) => { const run = eval; const config = JSON.parse(json); Object.setPrototypeOf(config.answers, null); return ${expression(main)}(config, { shape, mark, start: (index) => run(config.files[index].code) }, [${PARTS.map(expression).join(',')}]); })`;
