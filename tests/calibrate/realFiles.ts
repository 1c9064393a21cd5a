/** A real file with what a person expects of it, labelled from its code before anything was measured. */
export interface RealFile {
  readonly repo: string;
  readonly commit: string;
  readonly path: string;
  /** Sizes that only the program's data know, as a person would give them. */
  readonly params?: Readonly<Record<string, number | string>>;
  /** Faults: any of these rules, at any of these layers of that model (in the file's own names). */
  readonly faults?: readonly { readonly model?: string; readonly rules: readonly string[] }[];
  /** Why it is labelled so. */
  readonly why: string;
}

const EXAMPLES = { repo: 'tensorflow/tfjs-examples', commit: '0521725666e4504948eed00fe372b92510cc74f9' };
const LEARN = { repo: 'GantMan/learn-tfjs', commit: '7761c70fa8f8ea60b2e59fa2231b9b0a72ec0424' };
const TFJS = { repo: 'tensorflow/tfjs', commit: '0fc04d958ea592f3b8db79a8b3b497b5c8904097' };
const KERAS = { repo: 'uttne/keras', commit: '7a39b6c62d43c25472b2c2476bd2a8983ae4f682' };
const TORCH = { repo: 'pytorch/examples', commit: '77f55b912142e11fcfdf5b530231fb9c52f181e8' };
const CIFAR = { repo: 'kuangliu/pytorch-cifar', commit: '49b7aa97b0c12fe0d4054e670403a16b6b834ddd' };
const PRACTICE = { repo: 'zhangxiann/PyTorch_Practice', commit: '59ceef57476206bf62673a8bcb05ce52f3769aaf' };

const shallow = 'framework defaults on one to five layers: trains as well as He';
const normed = 'norm layers hold the scale';

/** TF.js sources: all of the source list that build a model, and two more. */
export const JS_FILES: readonly RealFile[] = [
  {
    ...LEARN,
    path: 'chapter10/node/node-train-houses/src/getModel.js',
    why: 'heNormal on three convolutions: 0.88 of its name',
  },
  { ...LEARN, path: 'chapter12/node/node-train-dice/src/index.js', why: shallow },
  { ...LEARN, path: 'chapter8/web/web-non-linear/src/index.js', why: shallow },
  {
    ...LEARN,
    path: 'chapter9/node/node-shared-model/getModel.js',
    params: { inputShape: 784 },
    why: 'heNormal, four layers',
  },
  {
    ...EXAMPLES,
    path: 'abalone-node/model.js',
    params: { inputShape: 10 },
    why: 'two sigmoid layers: slow, as the default is; three would be a fault',
  },
  {
    ...EXAMPLES,
    path: 'addition-rnn/index.js',
    why: 'glorotNormal recurrent kernels instead of orthogonal: mild on seven steps',
  },
  { ...EXAMPLES, path: 'baseball-node/pitch_type.js', why: shallow },
  {
    ...EXAMPLES,
    path: 'boston-housing/index.js',
    params: { 'bostonData.numFeatures': 12 },
    why: 'at most two sigmoid layers with leCunNormal',
  },
  { ...EXAMPLES, path: 'cart-pole/index.js', why: 'one ELU layer' },
  {
    ...EXAMPLES,
    path: 'date-conversion-attention/model.js',
    why: 'embedding, LSTM and attention with defaults; a custom layer cuts the graph',
  },
  { ...EXAMPLES, path: 'fashion-mnist-vae/model.js', why: shallow },
  {
    ...EXAMPLES,
    path: 'intent-classifier/training/intent_model.js',
    params: { 'labels.length': 10 },
    why: 'one softmax layer',
  },
  {
    ...EXAMPLES,
    path: 'intent-classifier/training/tagger_model.js',
    params: { 'opts.sequenceLength': 20, 'opts.embeddingDims': 50, 'opts.numLabels': 8 },
    why: 'a bidirectional LSTM with a head',
  },
  { ...EXAMPLES, path: 'iris/index.js', why: 'one sigmoid layer' },
  {
    ...EXAMPLES,
    path: 'jena-weather/models.js',
    params: { numTimeSteps: 240, numFeatures: 14, inputShape: '240,14' },
    why: 'one hidden layer or one recurrent layer',
  },
  {
    ...EXAMPLES,
    path: 'lstm-text-generation/model.js',
    params: { charSetSize: 71 },
    why: 'one LSTM with a head',
  },
  {
    ...EXAMPLES,
    path: 'mnist-acgan/gan.js',
    why: 'glorotNormal with LeakyReLU in five layers: trains in the example itself',
  },
  { ...EXAMPLES, path: 'mnist-node/model.js', why: shallow },
  { ...EXAMPLES, path: 'mnist/index.js', why: shallow },
  {
    ...EXAMPLES,
    path: 'polynomial-regression/index.js',
    why: 'zeros on a single linear layer: the convex start',
  },
  { ...EXAMPLES, path: 'quantization/model_housing.js', why: shallow },
  { ...EXAMPLES, path: 'sentiment/train.js', why: 'embedding and dense layers with defaults' },
  { ...EXAMPLES, path: 'snake-dqn/dqn.js', why: normed },
  {
    ...EXAMPLES,
    path: 'translation/translation.ts',
    params: { numEncoderTokens: 71, numDecoderTokens: 94 },
    why: 'LSTM encoder and decoder with defaults',
  },
  {
    ...TFJS,
    path: 'e2e/integration_tests/create_save_predict.js',
    why: 'nine small test models with defaults',
  },
  { ...TFJS, path: 'tfjs-react-native/integration_rn59/components/ml.ts', why: 'two linear layers' },
  { ...TFJS, path: 'tfjs-vis/demos/mnist/model.js', why: 'varianceScaling, two convolutions' },
  {
    repo: 'tensorspace-team/tensorspace-converter',
    commit: '7b5e4fc4b839185dc6e669e3d083593004940685',
    path: 'examples/tfjs/train/createModel.html',
    why: 'LeNet with varianceScaling',
  },
  {
    repo: 'niranjannitesh/pongbot-supervised',
    commit: '5e96c338246e81de98ef8aa01796eb1689ccf47e',
    path: 'model.js',
    faults: [{ rules: ['constant-signal', 'vanishing-signal', 'vanishing-gradient'] }],
    why: 'three sigmoid layers with Glorot: std over the data falls to 0.003 (theory.md §3.3)',
  },
  {
    repo: 'KristoferSundequist/KristoferSundequist.github.io',
    commit: 'e47c9a9f93c5c1e0515878739b0299085c4befe9',
    path: 'src/ppo/model.ts',
    params: { state_size: 8, num_actions: 4 },
    why: 'orthogonal kernels of gain 1 before two ReLU layers: half of the variance in two layers',
  },
];

/** Python files that the probe builds without a question. */
export const PYTHON_FILES: readonly RealFile[] = [
  {
    repo: 'BerkeleyHCI/umlaut',
    commit: '68c2a0226d14c1ef8c8bc7856d594b8a4a3c6c68',
    path: 'umlaut_example.py',
    why: 'all activations linear: wrong, but not by its initializers',
  },
  { ...EXAMPLES, path: 'iris/python/iris.py', why: shallow },
  { ...KERAS, path: 'examples/addition_rnn.py', why: 'LSTM with defaults' },
  { ...KERAS, path: 'examples/antirectifier.py', why: 'custom layers without weights' },
  { ...KERAS, path: 'examples/cifar10_resnet.py', why: normed },
  { ...KERAS, path: 'examples/imdb_cnn_lstm.py', why: 'embedding, convolution and LSTM with defaults' },
  { ...KERAS, path: 'examples/imdb_lstm.py', why: 'embedding and LSTM with defaults' },
  { ...KERAS, path: 'examples/mnist_cnn.py', why: shallow },
  {
    ...KERAS,
    path: 'examples/mnist_irnn.py',
    why: 'N(0, 0.001²) with an identity recurrent kernel and ReLU: the IRNN as its paper has it',
  },
  { ...KERAS, path: 'examples/mnist_mlp.py', why: shallow },
  { ...KERAS, path: 'examples/mnist_siamese.py', why: 'one base network called twice' },
  { ...KERAS, path: 'examples/variational_autoencoder.py', why: shallow },
  {
    repo: 'hongyi-zhang/Fixup',
    commit: 'f3fa449fbb8906ccb7143cea822f8b964b3d9258',
    path: 'cifar/models/fixup_resnet_cifar.py',
    why: 'zero branch ends and a zero head on purpose',
  },
  {
    repo: 'helloyinwei/nature_dqn',
    commit: 'c7c5deb5e7895eacfcab832d9c4a74d43e967c7a',
    path: 'model.py',
    faults: [{ rules: ['constant-signal', 'vanishing-signal', 'vanishing-gradient'] }],
    why: 'N(0, 0.01²) on fans of 256, 512, 576 and 4096 with ReLU: 0.11·0.16·0.17·0.45 = 0.0014 of the signal',
  },
  {
    repo: 'karpathy/makemore',
    commit: '988aa59e4d8fefa526d06f3b453ad116258398d4',
    path: 'makemore.py',
    why: 'PyTorch defaults in pre-norm blocks and small nets',
  },
  {
    repo: 'karpathy/minGPT',
    commit: '37baab71b9abea1b76ab957409a1cc2fbfba8a26',
    path: 'mingpt/model.py',
    why: 'GPT-2’s initialization',
  },
  { ...CIFAR, path: 'models/densenet.py', why: normed },
  { ...CIFAR, path: 'models/efficientnet.py', why: normed },
  { ...CIFAR, path: 'models/lenet.py', why: 'PyTorch’s default in five layers: slower than He, trains' },
  { ...CIFAR, path: 'models/resnet.py', why: normed },
  { ...CIFAR, path: 'models/vgg.py', why: normed },
  { ...TORCH, path: 'dcgan/main.py', why: 'N(0, 0.02²) with BatchNorm: DCGAN’s own' },
  { ...TORCH, path: 'fast_neural_style/neural_style/transformer_net.py', why: 'InstanceNorm in every block' },
  { ...TORCH, path: 'mnist/main.py', why: 'PyTorch’s default in four layers' },
  { ...TORCH, path: 'mnist_rnn/main.py', why: 'LSTM, BatchNorm and two layers' },
  { ...TORCH, path: 'reinforcement_learning/actor_critic.py', why: 'one hidden layer' },
  {
    ...TORCH,
    path: 'super_resolution/model.py',
    why: 'orthogonal with the gain of ReLU, head of gain 1: good practice',
  },
  { ...TORCH, path: 'vae/main.py', why: 'PyTorch’s default, two layers each way' },
  { ...TORCH, path: 'word_language_model/model.py', why: 'U(±0.1) on embedding and decoder' },
  {
    ...PRACTICE,
    path: 'lesson2/rmb_classification/model/lenet.py',
    why: 'initialize_weights is never called here: PyTorch’s default LeNet',
  },
  {
    ...PRACTICE,
    path: 'lesson6/bn_application.py',
    why: 'N(0, 1) stands in a method whose call is commented out: the default with BatchNorm',
  },
  {
    repo: 'zhihangmuzi/deep-reinforcement-learning-with-pytorch',
    commit: '54f4c8888932341bbc8461d700d1a1af36d71507',
    path: 'AC/Network.py',
    why: 'N(0, 0.1²) on fans of 4 and 20: small, harmless',
  },
];
