import type { Rule } from './rule.ts';

const LU = 'Lu et al. 2020, Dying ReLU and initialization: theory and numerical examples, arXiv 1903.06733';

/** Rules on single units, biases, gates and attention. */
export const UNIT_RULES: readonly Rule[] = [
  {
    id: 'dead-relu',
    title: 'Units that output zero for every input',
    severity: 'warning',
    criterion: 'Share of dead units above the twin’s by 0.25 at equal batch; error: a whole layer.',
    units: 'share of units',
    explanation:
      'A ReLU unit whose pre-activation is negative for all inputs passes no gradient and stays dead. Deep healthy nets have some (12 % at 10 layers); what the twin has too is not reported.',
    advice: 'Remove negative biases; give the kernels their gain.',
    legitimate: 'The share a well-initialized net of this depth has.',
    formula: 'He, width 512, 256 inputs: .004 at layer 3, .05 at 5, .12 at 10, .28 at 20.',
    references: [LU],
    thresholds: { excess: 0.25 },
  },
  {
    id: 'bias-init',
    title: 'A bias that kills or saturates',
    severity: 'warning',
    criterion:
      'Share of zeros > 0.8 while the twin’s < 0.65; GELU, SiLU: −mean(b) > 0.85 · std over the data of Wx.',
    units: 'share of zeros; ratio',
    explanation:
      'A constant bias as large as the signal pushes most values to one side of the activation: zeros without gradient.',
    advice: 'Start hidden biases at zero.',
    legitimate: 'Output biases (class prior), forget biases, gates.',
    formula: 'P(Wx + b > 0) = Φ(b/σ): b = −1, σ = 1: 16 %.',
    references: [LU],
    thresholds: { zeros: 0.8, expected: 0.65, shift: 0.85 },
  },
  {
    id: 'saturated-activation',
    title: 'The activation sits in its flat part',
    severity: 'warning',
    criterion: '|φ′| < 5 % of its maximum (tanh: |a| > 0.9747) for > 25 % of values; error > 80 %.',
    units: 'share of values',
    explanation:
      'Where tanh, sigmoid or a gate is flat the gradient is lost, and outputs are nearly binary whatever the weights.',
    advice: 'Smaller kernels (Glorot, LeCun), smaller inputs or biases.',
    legitimate: 'Outputs after training; never at the start.',
    formula: 'tanh′ = 1 − a²; pre-activation std 1.09 (gain 5/3) puts 4.5 % there.',
    references: [
      'Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks',
    ],
    thresholds: { share: 0.25, error: 0.8 },
  },
  {
    id: 'symmetric-units',
    title: 'Units that stay identical for ever',
    severity: 'error',
    criterion:
      'A tied non-zero hidden kernel (recurrent: tied gates); a zero kernel if ReLU follows or all its consumers are tied too.',
    units: 'share of distinct units',
    explanation:
      'Units that start with equal weights get equal gradients and stay equal: the layer has the capacity of one unit. Only random weights break the symmetry.',
    advice: 'Draw the kernel at random; keep zeros for biases, heads and branch ends.',
    legitimate:
      'Zero heads, zeroed branch ends, zero-γ, ReZero, LoRA’s B, one small constant layer between random ones.',
    formula: '∂L/∂W_ij is the same for all i when all W_ij and all outgoing weights are.',
    references: ['Goodfellow et al. 2016, Deep Learning, 8.4'],
    thresholds: { factor: 0.25 },
  },
  {
    id: 'duplicate-weights',
    title: 'Two layers start bit-identical',
    severity: 'information',
    criterion: 'Two kernels with bit-equal, not constant values.',
    units: 'layers',
    explanation:
      'A shared unseeded initializer instance, equal seeds or deep copies give two layers the same random values. It trains as well at initialization, but is rarely meant.',
    advice: 'One initializer instance per layer, different seeds.',
    legitimate: 'Tied weights.',
    formula: 'Equal (seed, shape, law) in Keras 3 and TF.js.',
    references: ['pytorch#86274', 'keras-hub#352'],
    thresholds: {},
  },
  {
    id: 'recurrent-scale',
    title: 'Gradient through time',
    severity: 'warning',
    criterion: 'log₁₀(‖∂h₁‖/‖∂h_T‖) less the twin’s outside ±1.5.',
    units: 'orders of magnitude',
    explanation:
      'The gradient is multiplied by the recurrent kernel once per step: its scale decides how far back the net can learn.',
    advice: 'Orthogonal recurrent kernels, Glorot input kernels, LSTM forget bias 1.',
    legitimate: 'What the well-initialized twin shows (10⁻⁴…10⁻¹⁰ for an LSTM with a last-step loss).',
    formula: '‖∂h_{t−1}‖² ≈ ‖∂h_t‖²·u·Var U·E[φ′²].',
    references: [
      'Saxe et al. 2014, arXiv 1312.6120',
      'Pascanu et al. 2013, On the difficulty of training recurrent neural networks',
      'Gilboa et al. 2019, Dynamical isometry and a mean field theory of LSTMs and GRUs, arXiv 1901.08987',
    ],
    thresholds: { decades: 1.5 },
  },
  {
    id: 'lstm-forget-bias',
    title: 'LSTM forget bias is 0',
    severity: 'information',
    criterion:
      'Mean of the forget gate’s bias < 0.5; warning when the file says that T ≥ 20 and only the last step is used.',
    units: 'bias',
    explanation:
      'With forget bias 0 the cell forgets half its content in every step. Keras starts at 1; TF.js does not.',
    advice: 'unitForgetBias: true (Keras: unit_forget_bias=True).',
    legitimate: 'Short sequences.',
    formula: 'σ(0)^T = 2^−T against σ(1)^T = 0.73^T.',
    references: [
      'Jozefowicz et al. 2015, An empirical exploration of recurrent network architectures',
      'keras#298',
    ],
    thresholds: { bias: 0.5, steps: 20 },
  },
  {
    id: 'attention-saturation',
    title: 'Attention is nearly one-hot',
    severity: 'warning',
    criterion: 'Std of the attention logits > 3.',
    units: 'std of logits',
    explanation: 'With large logits the softmax picks one position and passes no gradient to the others.',
    advice: 'Smaller query and key kernels (Glorot, N(0, 0.02²)).',
    legitimate: 'Never at the start.',
    formula: 'std = fan_in·σ_q·σ_k for unit inputs after 1/√d; GPT-2: 0.31.',
    references: ['Vaswani et al. 2017, Attention is all you need, arXiv 1706.03762', 'docs/theory.md'],
    thresholds: { std: 3 },
  },
  {
    id: 'embedding-scale',
    title: 'The embedding is out of proportion',
    severity: 'warning',
    criterion:
      'Std of tied logits > 2, or norm of the embedding more than 10× off the positions added to it.',
    units: 'ratio; std of logits',
    explanation:
      'A tied embedding is the output kernel too: N(0, 1) gives logits of std √d. Added to positions of another size, one of both is lost.',
    advice: 'N(0, 0.02²), or scale by √d where it is added.',
    legitimate: 'Embeddings that nothing is added to, before a norm.',
    formula: 'logit std = √d·σ: d = 768, σ = 1: 27.7; σ = 0.02: 0.55.',
    references: ['pytorch#3121', 'GPT-2'],
    thresholds: { logits: 2, ratio: 10 },
  },
];
