import type { RealFile } from './realFiles.ts';

const AUTOTRAINER = { repo: 'shiningrain/AUTOTRAINER', commit: '03a463ea05691a73403d7cff99a368fb4b6720cf' };
const FADES = [{ rules: ['constant-signal', 'vanishing-signal', 'vanishing-gradient'] }];

/** Saved models of a study of training faults, and small nets found by search: most are wrong by law. */
export const FOUND_FILES: readonly RealFile[] = [
  {
    ...AUTOTRAINER,
    path: 'AutoTrainer/demo_case/Gradient_Vanish_Case/model.h5',
    faults: FADES,
    why: 'eight sigmoid layers of width 5 with He: φ′ ≤ 1/4 takes the gradient in each (theory.md §3.3); the authors’ own example of it',
  },
  {
    ...AUTOTRAINER,
    path: 'Motivation/DyingReLU/minist_relu_layer=34.h5',
    faults: FADES,
    why: '34 ReLU layers with Glorot: (1/√2)³⁴ = 8·10⁻⁶ (theory.md §3.2)',
  },
  {
    ...AUTOTRAINER,
    path: 'Motivation/OscillatingLoss/minist_relu_layer=20.h5',
    faults: FADES,
    why: '20 ReLU layers with Glorot: (1/√2)²⁰ = 10⁻³ (theory.md §3.2); the authors’ fault is the loss, not this',
  },
  {
    ...AUTOTRAINER,
    path: 'AutoTrainer/demo_case/Oscillating_Loss_Case/model.h5',
    why: 'one He layer with ReLU and a Glorot head: the fault is the step size',
  },
  {
    repo: 'mime-dream-team/tf-model-training',
    commit: 'edd29136a229a57f50db9169e8816a86f94a3ca3',
    path: 'client/model/model.js',
    why: 'two sigmoid layers: slow, as the default is; three would be a fault',
  },
  {
    repo: 'Khepu/tic-tac-toe',
    commit: 'ce590a9a5160a5bfb334214a8916021e37943b3a',
    path: 'js/neuralNetwork.js',
    why: 'two hidden ReLU layers with TF.js’s default; ReLU on the output is structural',
  },
];
