import type { RealFile } from './realFiles.ts';

const XU = { repo: 'xuxianren/deeplearning', commit: '5e934013a49d8a6dabf3203f0534d921a91430f3' };
const FADES = [{ rules: ['constant-signal', 'vanishing-signal', 'vanishing-gradient'] }];

/** PyTorch files found by search: faults by law, and starts that look wrong and are not. Labelled from their code before they were run. */
export const TORCH_FILES: readonly RealFile[] = [
  {
    repo: 'RyaneLi/ECE361E-HW',
    commit: 'dc8074d976ad904e626668b30c90680a19e4aec0',
    path: 'HW3_files/models/vgg16.py',
    faults: FADES,
    why: 'VGG-16 without norms at PyTorch’s default: 1/√6 of the rms in each of 15 ReLU layers (theory.md §3.2)',
  },
  {
    repo: 'Wascien/cv',
    commit: '6e756267278dfb25e90957ec1b05cccdc9679edf',
    path: 'AlexNet/AlexNet.py',
    faults: FADES,
    why: 'AlexNet at PyTorch’s default: 1/√6 in each of seven ReLU layers; worse from five on (rules.md)',
  },
  {
    repo: 'AqSoeg/NN-Implementation',
    commit: 'c0598d94bc6d7eef1a3f132aac675be8f77e8353',
    path: 'handwritten_digit_recognition/src/model.py',
    faults: FADES,
    why: 'LeNet with four sigmoid layers at PyTorch’s default: φ′ ≤ 1/4 in each (theory.md §3.3)',
  },
  {
    ...XU,
    path: 'deeplearning/nets/base/n1_LENet.py',
    faults: FADES,
    why: 'the same four sigmoid layers as one nn.Sequential',
  },
  {
    repo: 'liuzhenhao-123/testgit',
    commit: '6c228f0255d77e1b771593707caa30bbc6104f1a',
    path: '11.py',
    faults: [{ rules: ['symmetric-units'] }],
    why: 'fill_(1.0) in both layers: the two hidden units have equal weights in and out and stay equal',
  },
  {
    repo: 'tdp1996/neuralnetwork',
    commit: 'aff1179b56b405e214bb86d36ff3bdd77177cb8a',
    path: 'NeuralNetwork_pytorch.py',
    faults: [{ rules: ['symmetric-units'] }],
    why: 'constant 0.5 in both layers: the three hidden units are one',
  },
  {
    repo: 'Schuture/Pytorch-Study',
    commit: 'd73cde7a51c715eae2772173454d897f9854cc18',
    path: '正则化/bn_and_initialize.py',
    why: '100 layers with BatchNorm, the call of initialize commented out: the gradient grows with any initializer, which is information',
  },
  {
    repo: 'Cao-Ding-Yu/Deep-learning',
    commit: '82d9f317a157beb368a7fe1043189eadac00a40d',
    path: 'LeNet/model.py',
    why: 'two sigmoid layers, then linear ones: slow, as the default is; three would be a fault',
  },
  {
    repo: 'patrickwangqy/cartpole-pytorch',
    commit: '731d5069e1b1e1c2d48c76f6208a4d624636e8a3',
    path: 'policy_net.py',
    why: 'N(0, 0.1²) on fans of 4 and 10: small, harmless in two layers',
  },
  {
    repo: 'Dgeorgealex/NN2023_A5',
    commit: 'b48dfa8654661cf4972e5a6f24a7157ecc8a21aa',
    path: 'Homework3/dqn_cnn.py',
    why: 'N(0, 0.05²) whatever the fan-in: 0.63, 0.80, 0.85 and 1.98 of He in four ReLU layers, 0.85 in all',
  },
  {
    repo: 'XinDongol/Octopy',
    commit: '800b04ca6bed36dada8168f42d180f02e6a24cb8',
    path: 'code/models/LeNet.py',
    why: 'PyTorch’s default in four layers; zeros in a single linear one: the convex start',
  },
  {
    repo: 'hideaki-k/deep',
    commit: '9728821b9e3b0919868502788d37b47fb405754d',
    path: 'semantic_seg/cnn.py',
    why: 'He in every layer, the softmax head too: logits of std 1.4',
  },
  {
    repo: 'shinjeongmin/Isaac-Sim-cartpole_train',
    commit: '515b212d586d525f79c55ea0da2bfcc41309c347',
    path: 'model/actor.py',
    why: 'He before ReLU, Glorot before tanh, zero biases: good practice',
  },
];
