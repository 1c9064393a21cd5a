/**
 * Names under which TensorFlow.js 4 registers layers, initializers and activations; a test holds them to its registry. Whoever loads a
 * model may register more.
 */
export const TFJS_NAMES: ReadonlySet<string> = new Set(
  `Zeros Ones Constant RandomUniform RandomNormal TruncatedNormal Identity VarianceScaling GlorotUniform GlorotNormal HeNormal HeUniform
  LeCunNormal LeCunUniform Orthogonal InputLayer Model Functional Sequential elu selu relu relu6 linear sigmoid hardSigmoid softplus
  softsign tanh softmax logSoftmax gelu gelu_new mish swish ReLU LeakyReLU PReLU ELU ThresholdedReLU Softmax Conv2D Conv3D
  Conv2DTranspose Conv3DTranspose SeparableConv2D Conv1D Cropping2D UpSampling2D DepthwiseConv2D RNN SimpleRNNCell SimpleRNN GRUCell GRU
  LSTMCell LSTM StackedRNNCells ConvLSTM2DCell ConvLSTM2D Dropout SpatialDropout1D Dense Flatten Activation RepeatVector Reshape Permute
  Masking Embedding Add Multiply Average Maximum Minimum Concatenate Dot GaussianNoise GaussianDropout AlphaDropout BatchNormalization
  LayerNormalization ZeroPadding2D MaxPooling1D AveragePooling1D MaxPooling2D AveragePooling2D MaxPooling3D AveragePooling3D
  GlobalAveragePooling1D GlobalMaxPooling1D GlobalAveragePooling2D GlobalMaxPooling2D TimeDistributed Bidirectional Rescaling CenterCrop
  CategoryEncoding Resizing RandomWidth`.split(/\s+/),
);

/** Short names of initializers, which TensorFlow.js turns into classes. */
const SHORT = new Set(
  `constant glorotNormal glorotUniform heNormal heUniform identity leCunNormal leCunUniform ones orthogonal randomNormal randomUniform
  truncatedNormal varianceScaling zeros`.split(/\s+/),
);

/** A name of a JSON file as TensorFlow.js looks it up: in camel case, `gelu_new` as `geluNew`. */
function tfjsSpelling(written: string): string {
  return written.replaceAll(/_+(\w|$)/g, (_whole, letter: string) => letter.toUpperCase());
}

/** Whether TensorFlow.js finds a name of a JSON file: a class, an activation, or a short name of an initializer. */
export function knownToTfjs(written: string, short: boolean): boolean {
  const name = tfjsSpelling(written);
  return TFJS_NAMES.has(name) || (short && SHORT.has(name));
}
