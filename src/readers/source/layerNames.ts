const NAMES: Readonly<Record<string, string>> = {
  add: 'Add',
  average: 'Average',
  concatenate: 'Concatenate',
  dot: 'Dot',
  maximum: 'Maximum',
  minimum: 'Minimum',
  multiply: 'Multiply',
  subtract: 'Subtract',
  activation: 'Activation',
  alphaDropout: 'AlphaDropout',
  batchNormalization: 'BatchNormalization',
  bidirectional: 'Bidirectional',
  dense: 'Dense',
  conv1d: 'Conv1D',
  conv2d: 'Conv2D',
  conv3d: 'Conv3D',
  conv2dTranspose: 'Conv2DTranspose',
  conv3dTranspose: 'Conv3DTranspose',
  depthwiseConv2d: 'DepthwiseConv2D',
  separableConv2d: 'SeparableConv2D',
  convLstm2d: 'ConvLSTM2D',
  convLstm2dCell: 'ConvLSTM2DCell',
  cropping2D: 'Cropping2D',
  dropout: 'Dropout',
  spatialDropout1d: 'SpatialDropout1D',
  elu: 'ELU',
  embedding: 'Embedding',
  flatten: 'Flatten',
  gaussianDropout: 'GaussianDropout',
  gaussianNoise: 'GaussianNoise',
  globalAveragePooling1d: 'GlobalAveragePooling1D',
  globalAveragePooling2d: 'GlobalAveragePooling2D',
  globalMaxPooling1d: 'GlobalMaxPooling1D',
  globalMaxPool1d: 'GlobalMaxPooling1D',
  globalMaxPooling2d: 'GlobalMaxPooling2D',
  globalMaxPool2d: 'GlobalMaxPooling2D',
  gru: 'GRU',
  gruCell: 'GRUCell',
  lstm: 'LSTM',
  lstmCell: 'LSTMCell',
  simpleRNN: 'SimpleRNN',
  simpleRNNCell: 'SimpleRNNCell',
  rnn: 'RNN',
  stackedRNNCells: 'StackedRNNCells',
  inputLayer: 'InputLayer',
  input: 'InputLayer',
  layerNormalization: 'LayerNormalization',
  leakyReLU: 'LeakyReLU',
  masking: 'Masking',
  permute: 'Permute',
  prelu: 'PReLU',
  reLU: 'ReLU',
  repeatVector: 'RepeatVector',
  reshape: 'Reshape',
  averagePooling1d: 'AveragePooling1D',
  avgPool1d: 'AveragePooling1D',
  avgPooling1d: 'AveragePooling1D',
  averagePooling2d: 'AveragePooling2D',
  avgPool2d: 'AveragePooling2D',
  avgPooling2d: 'AveragePooling2D',
  averagePooling3d: 'AveragePooling3D',
  avgPool3d: 'AveragePooling3D',
  avgPooling3d: 'AveragePooling3D',
  maxPooling1d: 'MaxPooling1D',
  maxPool1d: 'MaxPooling1D',
  maxPooling2d: 'MaxPooling2D',
  maxPool2d: 'MaxPooling2D',
  maxPooling3d: 'MaxPooling3D',
  maxPool3d: 'MaxPooling3D',
  softmax: 'Softmax',
  thresholdedReLU: 'ThresholdedReLU',
  timeDistributed: 'TimeDistributed',
  upSampling2d: 'UpSampling2D',
  zeroPadding2d: 'ZeroPadding2D',
  rescaling: 'Rescaling',
  resizing: 'Resizing',
  centerCrop: 'CenterCrop',
  categoryEncoding: 'CategoryEncoding',
  randomWidth: 'RandomWidth',
};

/** The class behind a function of `tf.layers` (`dense` → `Dense`); a name we do not know keeps itself, capitalized. */
export function classOfLayerFunction(fn: string): string {
  return Object.hasOwn(NAMES, fn) ? (NAMES[fn] ?? fn) : fn.charAt(0).toUpperCase() + fn.slice(1);
}

/** The class behind a function of `tf.initializers` (`heNormal` → `HeNormal`, `leCunNormal` → `LeCunNormal`). */
export function classOfInitializerFunction(fn: string): string {
  return fn.charAt(0).toUpperCase() + fn.slice(1);
}

/** The name TF.js gives the n-th unnamed layer of a class: `dense_Dense1`. */
export function automaticLayerName(className: string, count: number): string {
  const snake = className
    .replace(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
  return `${snake.replace(/^_+/, '')}_${className}${count}`;
}
