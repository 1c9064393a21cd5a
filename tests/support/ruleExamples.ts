import type { Semantics } from '../../src/model/semantics.ts';

/** A model that a rule fires on, with its numbers, and the repair in three frameworks. */
export interface RuleExample {
  readonly text: string;
  readonly repair: Partial<Readonly<Record<Semantics, string>>>;
}

const HE = {
  keras3: "Dense(64, activation='relu', kernel_initializer='he_normal')",
  tfjs: "tf.layers.dense({units: 64, activation: 'relu', kernelInitializer: 'heUniform'})",
  pytorch: "nn.init.kaiming_normal_(layer.weight, nonlinearity='relu')\nnn.init.zeros_(layer.bias)",
} as const;
const GLOROT = {
  keras3: "Dense(64, activation='tanh', kernel_initializer='glorot_uniform')",
  tfjs: "tf.layers.dense({units: 64, activation: 'tanh', kernelInitializer: 'glorotUniform'})",
  pytorch: 'nn.init.xavier_uniform_(layer.weight)',
} as const;
const NO_BIAS = {
  keras3: "Dense(64, activation='relu', bias_initializer='zeros')",
  tfjs: "tf.layers.dense({units: 64, activation: 'relu', biasInitializer: 'zeros'})",
  pytorch: 'nn.init.zeros_(layer.bias)',
} as const;
const HEAD = {
  keras3: "Dense(10, kernel_initializer=keras.initializers.VarianceScaling(0.01, 'fan_in'))",
  tfjs: "tf.layers.dense({units: 10, kernelInitializer: tf.initializers.varianceScaling({scale: 0.01, distribution: 'uniform'})})",
  pytorch: 'nn.init.zeros_(head.weight)',
} as const;

/** Examples by rule: `ruleModels.ts` builds each, `ruleFindings.json` holds what was measured of it; the other numbers are computed. */
export const EXAMPLES: Readonly<Record<string, RuleExample>> = {
  'non-finite': {
    text: 'Forty ReLU layers of width 512 with N(0, 1) kernels: each multiplies the rms by 16, and 16³² reaches 3.4·10³⁸, where float32 ends.',
    repair: HE,
  },
  'exploding-signal': {
    text: 'Ten ReLU layers of width 64 with N(0, 1) kernels: each multiplies the rms by 5.7, in all 5.7⁹ ≈ 6·10⁶.',
    repair: HE,
  },
  'vanishing-signal': {
    text: 'Thirty ReLU layers with Glorot kernels: (1/√2)²⁹ ≈ 1/23 000 of the rms is left, and less of what varies over the data.',
    repair: HE,
  },
  'constant-signal': {
    text: 'Three sigmoid layers: the std over the data falls from 0.134 over 0.019 to 0.0027, while the total std stays at 0.072.',
    repair: GLOROT,
  },
  'vanishing-gradient': {
    text: 'Ten sigmoid layers with Glorot kernels: the gradient loses a factor of 4 to 5 in each, about 10⁻⁶ in all.',
    repair: GLOROT,
  },
  'exploding-gradient': {
    text: 'Fifty tanh layers of width 64 with N(0, 0.225²) kernels, a gain of 1.8: χ = 1.27 a layer on the square, in all a factor of 346.',
    repair: GLOROT,
  },
  'normalized-kernel-scale': {
    text: 'N(0, 1) kernels of fan-in 64 before BatchNorm: 5.7 times He’s size, effective steps 32 times smaller.',
    repair: HE,
  },
  'residual-growth': {
    text: 'Twenty blocks x + W₂·ReLU(W₁x) of unit branches (He, then LeCun): the variance doubles in each, 2²⁰ = 10⁶.',
    repair: {
      keras3: "Dense(64, kernel_initializer='zeros')  # last layer of each branch",
      tfjs: "tf.layers.dense({units: 64, kernelInitializer: 'zeros'}) // last layer of each branch",
      pytorch: 'nn.init.zeros_(block.last.weight)',
    },
  },
  'scale-lottery': {
    text: 'GELU with He kernels, width 256, 30 layers: ten seeds end between 0.0008 and 0.34.',
    repair: {
      keras3: 'LayerNormalization()',
      tfjs: 'tf.layers.layerNormalization()',
      pytorch: 'nn.LayerNorm(256)',
    },
  },
  'correlation-collapse': {
    text: 'Two sigmoid layers of width 64 with N(0, 0.06²) kernels: the constant ½ outweighs the data, and the mean cosine is 0.999 where LeCun’s kernels give 0.991.',
    repair: GLOROT,
  },
  'input-scale': {
    text: 'Values around 127 ± 64, as pixels are, into 64 inputs with He: an rms of 141 where 1 is expected.',
    repair: {
      keras3: 'Rescaling(1 / 255)',
      tfjs: 'tf.layers.rescaling({scale: 1 / 255})',
      pytorch: 'x = x / 255',
    },
  },
  'dead-relu': {
    text: 'Six ReLU layers with biases of −3: from the second layer on every unit is 0 for every input.',
    repair: NO_BIAS,
  },
  'bias-init': {
    text: 'BatchNorm with β = −1 before ReLU: Φ(1) = 84 % of the values are 0 where 50 % are normal.',
    repair: {
      keras3: "BatchNormalization(beta_initializer='zeros')",
      tfjs: "tf.layers.batchNormalization({betaInitializer: 'zeros'})",
      pytorch: 'nn.init.zeros_(norm.bias)',
    },
  },
  'saturated-activation': {
    text: 'tanh layers of width 64 with N(0, 1) kernels: pre-activations of std 8, 78 % of the values beyond ±0.9747.',
    repair: GLOROT,
  },
  'symmetric-units': {
    text: 'A hidden layer with kernel_initializer="ones": 64 units compute one number.',
    repair: HE,
  },
  'duplicate-weights': {
    text: 'Four layers with HeNormal(seed=7) of equal shape start with the same kernel.',
    repair: {
      keras3: 'HeNormal(seed=i)  # one seed per layer',
      tfjs: 'tf.initializers.heUniform({seed: i})',
      pytorch: 'layer = make_layer()  # instead of copy.deepcopy',
    },
  },
  'recurrent-scale': {
    text: 'A SimpleRNN over 40 steps whose orthogonal recurrent kernel has gain 0.3: 0.3³⁹ = 4·10⁻²¹ of the gradient arrives at the first step.',
    repair: {
      keras3: "SimpleRNN(32, recurrent_initializer='orthogonal')",
      tfjs: "tf.layers.simpleRNN({units: 32, recurrentInitializer: 'orthogonal'})",
      pytorch: 'nn.init.orthogonal_(rnn.weight_hh_l0)',
    },
  },
  'lstm-forget-bias': {
    text: 'A TF.js LSTM over 100 steps read at the last one: σ(0)¹⁰⁰ = 10⁻³⁰ of the first step’s memory is left.',
    repair: {
      keras3: 'LSTM(32, unit_forget_bias=True)',
      tfjs: 'tf.layers.lstm({units: 32, unitForgetBias: true})',
      pytorch: 'lstm.bias_hh_l0.data[hidden:2 * hidden] = 1',
    },
  },
  'attention-saturation': {
    text: 'Query and key kernels of std 0.1 in 768 dimensions: logits of std 7.7.',
    repair: {
      keras3: "MultiHeadAttention(12, 64, kernel_initializer='glorot_uniform')",
      tfjs: "kernelInitializer: 'glorotUniform'",
      pytorch: 'nn.init.xavier_uniform_(attention.in_proj_weight)',
    },
  },
  'embedding-scale': {
    text: 'An N(0, 1) embedding beside positions of std 0.02: 50 times their size, so that the order of words is lost. Tied to the head, 768 dimensions of N(0, 1) give logits of std 27.7 (pytorch#3121).',
    repair: {
      keras3: 'Embedding(50257, 768, embeddings_initializer=RandomNormal(stddev=0.02))',
      tfjs: 'tf.initializers.randomNormal({stddev: 0.02})',
      pytorch: 'nn.init.normal_(embedding.weight, std=0.02)',
    },
  },
  'initial-loss': {
    text: 'An N(0, 1) head on 64 units: logits of std 8, a first loss of about 12.5 where ln 10 = 2.3 knows nothing.',
    repair: HEAD,
  },
  'output-bias': {
    text: 'One positive in a hundred: the prior costs 0.64 nat, and what the fresh head leans to on top, until the bias is −4.595.',
    repair: {
      keras3: "Dense(1, activation='sigmoid', bias_initializer=Constant(-4.595))",
      tfjs: 'biasInitializer: tf.initializers.constant({value: -4.595})',
      pytorch: 'nn.init.constant_(head.bias, -4.595)',
    },
  },
  'framework-trap': {
    text: 'TF.js heNormal in 20 ReLU layers: 0.8796²⁰ = 0.077 of the rms that the name promises.',
    repair: {
      keras3: "kernel_initializer='he_normal'  # right here",
      tfjs: "kernelInitializer: 'heUniform'",
      pytorch: "nn.init.kaiming_normal_(layer.weight, nonlinearity='relu')",
    },
  },
  'initializer-mismatch': {
    text: 'Glorot with ReLU: a gain of 1 where 1.41 is needed, 1/√2 per layer.',
    repair: HE,
  },
  'unscaled-initializer': {
    text: 'RandomNormal(stddev=0.05) at fan-in 64: 0.28 of He’s size, harmless in two layers; at fan-in 4096 it is 2.3 times He’s size.',
    repair: HE,
  },
  'dead-parameters': {
    text: 'Dense(64) with a bias directly before BatchNormalization: 64 parameters that the norm subtracts again.',
    repair: {
      keras3: 'Dense(64, use_bias=False)',
      tfjs: 'tf.layers.dense({units: 64, useBias: false})',
      pytorch: 'nn.Linear(64, 64, bias=False)',
    },
  },
};
