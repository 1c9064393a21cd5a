/** Why layers of a class are not run here; `keepsShape`: their output has the shape of their input. */
interface OpaqueClass {
  readonly reason: string;
  readonly keepsShape?: boolean;
}

const base: OpaqueClass = { reason: 'a base class computes nothing of its own' };
const foreign: OpaqueClass = { reason: 'it holds code of another framework, which is never run' };
const vocabulary: OpaqueClass = {
  reason: 'it makes ids by a vocabulary or a hash, which no initializer touches',
};
const spectrum: OpaqueClass = { reason: 'it is a Fourier transform of sound, which no initializer touches' };
const cell: OpaqueClass = { reason: 'a cell is read inside the RNN layer that runs it' };

/** Classes that Keras and TensorFlow.js export and that are opaque by design. */
export const OPAQUE_CLASSES: Readonly<Record<string, OpaqueClass>> = {
  Layer: base,
  Wrapper: base,
  AbstractRNNCell: base,
  RNNCell: base,
  Lambda: { reason: 'its function is code, which is never run' },
  Merge: { reason: 'its mode is a function, which is never run' },
  JaxLayer: foreign,
  FlaxLayer: foreign,
  TorchModuleWrapper: foreign,
  TFSMLayer: foreign,
  TextVectorization: vocabulary,
  StringLookup: vocabulary,
  IntegerLookup: vocabulary,
  Hashing: vocabulary,
  HashedCrossing: vocabulary,
  Discretization: vocabulary,
  DenseFeatures: { reason: 'its feature columns are not kept in the file' },
  MelSpectrogram: spectrum,
  STFTSpectrogram: spectrum,
  MaxNumBoundingBoxes: { reason: 'it takes bounding boxes, not tensors' },
  Pipeline: { reason: 'it chains preprocessing steps for a data set' },
  AutoContrast: { reason: 'it stretches each image by its own extremes', keepsShape: true },
  Equalization: { reason: 'it equalizes each image by its own histogram', keepsShape: true },
  ContrastLimitedAdaptiveHistogramEqualization: {
    reason: 'it equalizes each image by its own histograms',
    keepsShape: true,
  },
  StackedRNNCells: cell,
  ConvLSTM2DCell: cell,
};
