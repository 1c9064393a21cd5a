import { main, run } from './support/run.mjs';
import { isEntry } from './support/stamps.mjs';
import { prepareVenv } from './support/venv.mjs';

const probes = {
  torch:
    "import os; os.environ['KERAS_BACKEND'] = 'torch'\nimport torch, keras; print('PyTorch', torch.__version__, 'Keras', keras.__version__)",
  scale:
    "import os; os.environ['KERAS_BACKEND'] = 'jax'\nimport ray, jax, torch, keras; print('Ray', ray.__version__, 'JAX', jax.__version__)",
  tf: "import tensorflow as tf, tf_keras; print('TensorFlow', tf.__version__, 'tf-keras', tf_keras.__version__)",
};

/** The environments of the oracles. */
export const oracleKinds = Object.keys(probes);

/** Prepares the Python environments the oracle tests compare with. */
export async function prepareOracles(kinds = oracleKinds) {
  for (const kind of kinds) {
    const python = await prepareVenv(kind);
    if (python === null)
      throw new Error('The oracles need Python 3.10 or later with venv (Debian: python3-venv).');
    const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
    if ((await run(python, ['-c', probes[kind]], { env })) !== 0) throw new Error(`${python} does not work.`);
  }
}

if (isEntry(import.meta.url)) {
  const asked = process.argv.slice(2);
  main(async () => {
    console.log(
      'The oracles take about 4 GB below .cache/oracles: PyTorch and Keras 3; TensorFlow and Keras 2; Ray and JAX.',
    );
    await prepareOracles(asked.length > 0 ? asked : undefined);
  });
}
