import type { Rule } from './rule.ts';

/** Rules on the output layer, and those that read what is written. */
export const STATIC_RULES: readonly Rule[] = [
  {
    id: 'initial-loss',
    title: 'The first loss is far above the uninformed one',
    severity: 'warning',
    criterion:
      'Logit std > 5, or > 2.5 with a layer, head or input more than 3× off; squared error: rms of the output alike. Excess > 0.5 nat (2× Var y): information.',
    units: 'nat; std of logits',
    explanation:
      'Before training a model should know nothing: ln C for C classes. Large logits are confident and wrong; the first steps only shrink the head.',
    advice: 'A head of gain 1 or less (Glorot, 0.1 × LeCun, zeros), and a body that keeps its scale.',
    legitimate: 'A Glorot head on a He body: logit std 1.4, excess 0.8 nat.',
    formula: 'E[CE] − ln C ≈ s²/2 for logits N(0, s²); 10 classes: s = 2: 1.47, s = 5: 5.65.',
    references: ['Karpathy 2019, A recipe for training neural networks'],
    thresholds: { logits: 5, explained: 2.5, factor: 3, excess: 0.5, relative: 2 },
  },
  {
    id: 'output-bias',
    title: 'The class prior is not in the last bias',
    severity: 'information',
    criterion: 'Excess loss explained by the prior > 0.1 nat, with data or class counts.',
    units: 'nat',
    explanation:
      'With rare classes the first steps only learn the prior. The last bias can hold it from the start.',
    advice: 'b = ln(class prior); one class: −ln((1 − π)/π); regression: mean(y).',
    legitimate: 'Balanced classes.',
    formula: 'KL(prior ‖ uniform) = ln C − H(prior).',
    references: [
      'Lin et al. 2017, Focal loss for dense object detection, arXiv 1708.02002 (π = 0.01: b = −4.595)',
    ],
    thresholds: { excess: 0.1 },
  },
  {
    id: 'framework-trap',
    title: 'What is written is not what is drawn',
    severity: 'hint',
    criterion:
      'Static: a spelling this framework reads otherwise; information where the layer is the cause of a finding.',
    units: '',
    explanation:
      'TF.js truncates normals without correcting them (0.8796 of the std), reads stddev 0 or maxval 0 as absent, draws “truncated_normal” variance scaling uniformly; fans of depthwise and transposed kernels are not the true ones anywhere.',
    advice: 'heUniform, or varianceScaling with scale/0.7737, and explicit numbers.',
    legitimate: 'Where nothing downstream is off it is only a hint.',
    formula: 'std of a standard normal truncated at ±2: 0.8796.',
    references: ['tfjs#8594', 'tfjs-layers 4.22.0, src/initializers.ts'],
    thresholds: {},
  },
  {
    id: 'initializer-mismatch',
    title: 'Initializer and activation do not fit',
    severity: 'hint',
    criterion:
      'rms(W) drawn by a fan-scaled initializer is off the needed one by more than 1.25; alone a hint.',
    units: 'ratio to the advised rms',
    explanation:
      'Each activation needs its own gain. Glorot with ReLU trains as well as He to 8 layers and worse from 10; the named cause of a measured finding, else a hint.',
    advice: 'He for the ReLU family, LeCun for SELU, Glorot or LeCun for tanh.',
    legitimate: 'Shallow nets, and layers before norms.',
    formula: 'g = E[φ²]^(−1/2): ReLU 1.414, GELU 1.53, SiLU 1.68, SELU 1, tanh 1 (critical).',
    references: [
      'He et al. 2015, Delving deep into rectifiers, arXiv 1502.01852',
      'Klambauer et al. 2017, Self-normalizing neural networks, arXiv 1706.02515',
    ],
    thresholds: { factor: 1.25 },
  },
  {
    id: 'unscaled-initializer',
    title: 'A fixed scale whatever the fan-in',
    severity: 'hint',
    criterion: 'A fixed-scale initializer whose rms(W) is outside [½, 2] of the needed one; alone a hint.',
    units: 'ratio to the advised rms',
    explanation: 'N(0, 0.05²) fits one width only. The named cause of a measured finding, else a hint.',
    advice: 'An initializer that divides by the fan-in.',
    legitimate: 'Layers before norms; GPT-2’s 0.02 with pre-norm.',
    formula: 'Var W = g²/fan_in.',
    references: ['docs/theory.md'],
    thresholds: { factor: 2 },
  },
  {
    id: 'dead-parameters',
    title: 'Parameters that cannot matter',
    severity: 'hint',
    criterion: 'A bias directly before BatchNorm.',
    units: 'parameters',
    explanation: 'BatchNorm subtracts the mean, and the bias with it. It only costs memory.',
    advice: 'use_bias=False.',
    legitimate: 'Harmless.',
    formula: 'BN(Wx + b) = BN(Wx).',
    references: ['Ioffe & Szegedy 2015, Batch normalization, arXiv 1502.03167'],
    thresholds: {},
  },
];
