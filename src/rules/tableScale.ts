import type { Rule } from './rule.ts';

const GLOROT =
  'Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks';
const HE = 'He et al. 2015, Delving deep into rectifiers, arXiv 1502.01852';
const HANIN =
  'Hanin & Rolnick 2018, How to start training: the effect of initialization and architecture, arXiv 1803.01719';
const SCHOENHOLZ = 'Schoenholz et al. 2017, Deep information propagation, arXiv 1611.01232';
const YANG = 'Yang et al. 2019, A mean field theory of batch normalization, arXiv 1902.08129';
const FIXUP =
  'Zhang et al. 2019, Fixup initialization: residual learning without normalization, arXiv 1901.09321';

/** Rules on the scale of signals and gradients. */
export const SCALE_RULES: readonly Rule[] = [
  {
    id: 'non-finite',
    title: 'NaN or infinity at initialization',
    severity: 'error',
    criterion: 'Any value of the forward pass, the loss or a gradient is not finite.',
    units: 'share of values',
    explanation:
      'The very first pass already leaves the range of float32. Training cannot start: every weight becomes NaN with the first step. The usual cause is a signal that grows by a factor in every layer, or an unscaled input.',
    advice: 'Scale the kernels of the named layer by 1/√fan_in (He, Glorot, LeCun), or normalise the input.',
    legitimate: 'Never.',
    formula: 'rms(z_l) = rms(z_1)·Π √(fan_in·Var W)·√E[φ²]; float32 ends at 3.4·10³⁸.',
    references: [HE],
    thresholds: {},
  },
  {
    id: 'exploding-signal',
    title: 'The signal explodes with depth',
    severity: 'warning',
    criterion:
      'rms of the last over the first weighted trunk layer > 10, also less the twin’s growth; error > 10³.',
    units: 'ratio of rms',
    explanation:
      'Every layer multiplies the size of its input by the same factor, so it grows exponentially with depth. Large pre-activations saturate what follows, make the first loss huge and its gradients too.',
    advice: 'Give the named layers the gain their activation needs: Var W = g²/fan_in.',
    legitimate:
      'A net whose growth the well-initialized twin shares (unstable activations at depth) is not reported.',
    formula: 'rms(z_L)/rms(z_1) = Π √(fan_in·Var W·E[φ²]).',
    references: [HE, HANIN],
    thresholds: { ratio: 10, error: 1000 },
  },
  {
    id: 'vanishing-signal',
    title: 'The signal dies with depth',
    severity: 'warning',
    criterion:
      'Std over the data of the last over the first weighted trunk layer < 1/20, also less the twin’s decay; error < 10⁻³.',
    units: 'ratio of standard deviations over the data',
    explanation:
      'What distinguishes one input from another shrinks by a factor in every layer. The last layers see almost nothing of the input, and by the same factor the first layers get almost no gradient.',
    advice:
      'Give the named layers the gain their activation needs (He for ReLU: √2), or put norms or skips in.',
    legitimate: 'Zero-γ, Fixup, ReZero, zeroed branch ends: paths through such zeros are left out.',
    formula: 'Per layer √(fan_in·Var W·E[φ²]); Glorot with ReLU: 1/√2.',
    references: [GLOROT, HE],
    thresholds: { ratio: 0.05, error: 0.001 },
  },
  {
    id: 'constant-signal',
    title: 'A layer barely depends on its input',
    severity: 'warning',
    criterion: 'Std over the data ÷ rms < 0.025 on the trunk; error < 10⁻⁴. The twin is no excuse.',
    units: 'ratio',
    explanation:
      'The layer’s values are nearly the same for every input: a mean or a bias carries the size, the information is gone. Plain std or rms looks fine; only the std over the data of each unit shows it. Deep sigmoid nets do this.',
    advice: 'Use an activation with zero mean (tanh, SELU, ReLU with He), smaller biases, or a norm.',
    legitimate: 'Sample-independent branches (positional embeddings) are not on the trunk.',
    formula: 'sigmoid: mean ½, slope ¼ at most; std over the data .134 .019 .0027 .0004 in four layers.',
    references: [GLOROT, SCHOENHOLZ],
    thresholds: { ratio: 0.025, error: 0.0001 },
  },
  {
    id: 'vanishing-gradient',
    title: 'The first layers receive no gradient',
    severity: 'warning',
    criterion:
      'Gradient norm per sample, first over last weighted trunk layer < 10⁻²; error < 10⁻⁴. The twin is no excuse.',
    units: 'ratio of gradient norms',
    explanation:
      'The gradient shrinks by a factor in every layer on its way back, so the first layers learn far slower than the last ones. Weight gradients may look flat nevertheless: small gradients meet large activations.',
    advice:
      'Give the named layers their gain; for sigmoids change the activation or add norms: no gain repairs both ways.',
    legitimate: 'Gradients stopped by a zero kernel that is meant (zero head, zero-γ) are left out.',
    formula: 'E‖∂L/∂z_l‖² = E‖∂L/∂z_{l+1}‖²·fan_in·Var W·E[φ′²].',
    references: [GLOROT, SCHOENHOLZ],
    thresholds: { ratio: 0.01, error: 0.0001 },
  },
  {
    id: 'exploding-gradient',
    title: 'The first layers receive far too much gradient',
    severity: 'warning',
    criterion:
      'Gradient norm first over last > 100 and, less the twin’s growth, > 30; information when the twin does it too.',
    units: 'ratio of gradient norms',
    explanation:
      'The gradient grows by a factor in every layer on its way back. A step size small enough for the first layers is far too small for the last ones.',
    advice:
      'Give the named layers their gain. BatchNorm without skips grows it by √1.467 a layer whatever the initializer: add skips.',
    legitimate: 'BatchNorm nets without skips show it in health; then it is information.',
    formula: 'BatchNorm + ReLU: π/(π − 1) = 1.467 per layer on the square.',
    references: [YANG, SCHOENHOLZ],
    thresholds: { ratio: 100, excess: 30 },
  },
  {
    id: 'normalized-kernel-scale',
    title: 'A kernel before a norm is far too large',
    severity: 'warning',
    criterion: 'rms(W) > 4 × advised, before a norm.',
    units: 'ratio to the advised rms',
    explanation:
      'The norm hides the kernel’s size from the forward pass, but the gradient of the kernel is divided by it and the effective step by its square: the layer learns slowly. Smaller than advised is harmless.',
    advice: 'Draw it by He or Glorot.',
    legitimate: 'Small kernels before norms.',
    formula: '∇_W ∝ 1/‖W‖, effective learning rate ∝ 1/‖W‖².',
    references: [
      'van Laarhoven 2017, L2 regularization versus batch and weight normalization, arXiv 1706.05350',
    ],
    thresholds: { ratio: 4 },
  },
  {
    id: 'residual-growth',
    title: 'Residual branches double the variance',
    severity: 'warning',
    criterion: 'Growth of the variance per block over the second half of ≥ 4 blocks > 1.5.',
    units: 'ratio of variances per block',
    explanation:
      'Without norms or branch scaling each block adds a branch as large as its input: the variance grows as 2^blocks. Additive growth (pre-norm) falls below 1.41 and is fine.',
    advice:
      'Start the last kernel of each branch at zero or scale it by 1/√blocks (Fixup, GPT-2), or put a norm into the branch.',
    legitimate: 'Pre-norm blocks grow additively.',
    formula: 'x + F(x): factor 2 per block; with 1/√L: (1 + 1/L)^L → e.',
    references: [
      FIXUP,
      'Bachlechner et al. 2021, ReZero is all you need: fast convergence at large depth, arXiv 2003.04887',
    ],
    thresholds: { growth: 1.5 },
  },
  {
    id: 'scale-lottery',
    title: 'The scale at this depth is luck',
    severity: 'information',
    criterion: 'Standard deviation over seeds of ln rms > 3 × what width and depth explain.',
    units: 'ratio of standard deviations',
    explanation:
      'The unit-variance point of this activation is unstable (GELU, SiLU): small differences between draws grow with depth, so that seeds differ by orders of magnitude.',
    advice: 'Put norms in, or calibrate with data (LSUV).',
    legitimate: 'Shallow nets.',
    formula: 'd q′/d q at the fixed point: GELU 1.144, SiLU 1.173 per layer.',
    references: ['Mishkin & Matas 2016, All you need is a good init (LSUV), arXiv 1511.06422'],
    thresholds: { ratio: 3 },
  },
  {
    id: 'correlation-collapse',
    title: 'Different inputs become one direction',
    severity: 'information',
    criterion: 'Mean cosine between samples > 0.99 and above the law of the activation at that depth.',
    units: 'cosine',
    explanation:
      'All inputs arrive as nearly the same vector. ReLU nets do so slowly in health (0.988 at 50 layers); faster than that law means a bias or mean that drowns the signal.',
    advice: 'Smaller biases, zero-mean activations, or norms.',
    legitimate: 'Very deep ReLU nets.',
    formula: 'c′ = (√(1 − c²) + (π − arccos c)·c)/π for He and ReLU.',
    references: [
      'Poole et al. 2016, Exponential expressivity in deep neural networks through transient chaos, arXiv 1606.05340',
      SCHOENHOLZ,
    ],
    thresholds: { cosine: 0.99 },
  },
  {
    id: 'input-scale',
    title: 'The data is not near unit scale',
    severity: 'warning',
    criterion:
      'rms of the given data outside [0.01, 10] where the first layer that computes takes it, behind rescalings and norms (one-hot inputs: of the non-zeros).',
    units: 'rms',
    explanation:
      'Initializers assume inputs of about unit size. Pixels of 0–255 make every pre-activation of the first layer a hundred times too large.',
    advice: 'Divide or standardise the input (Rescaling, Normalization).',
    legitimate: 'None: data that a Rescaling, a Normalization or a norm makes fit is not reported.',
    formula: 'rms(z_1) = rms(x)·√(fan_in·Var W); 0–255, He, 784 inputs: 210.',
    references: ['LeCun et al. 1998, Efficient backprop'],
    thresholds: { low: 0.01, high: 10 },
  },
];
