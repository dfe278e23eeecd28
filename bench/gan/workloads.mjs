// The workloads: three GANs, float32, non-saturating loss, and three variants of the second. One step is one
// update of D, then one of G, with new noise.

/** Adam, the same for both players and in every lane. */
export const adam = { stepSize: 1e-3, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };

const perStep = (seconds) => `about ${seconds} s a step`;
const conv = 'stock tfjs wasm cannot train convolutions: it has no Conv2DBackpropFilter';

const W2 = {
  about: 'DCGAN 28x28, 32 and 64 channels, 4x4 convolutions of stride 2, batch 64',
  batch: 64,
  shape: [28, 28, 1],
  latent: 64,
  rounds: 7,
  seconds: 2,
  warm: 1,
  leftOut: { cpu: perStep(100), 'tfjs-cpu': perStep(100), 'tfjs-wasm': conv },
};
/** Why the tfjs lanes refuse the variants. */
export const plainOnly = 'it has only the plain loss and networks of W1, W2 and W3';
const slower = 'see W2, on which it is slower than native';
const leftOutOfVariants = {
  ...W2.leftOut,
  wasm: slower,
  tensorflow: slower,
  'torch-compile': 'the bar of the variants is eager PyTorch',
  'tfjs-node': plainOnly,
};

/**
 * `loss`: its spec, where it is not the non-saturating one. `rounds` of `seconds` each, after `warm` seconds
 * that do not count. 0 means one step for `seconds`, and no warm-up for `warm`. `leftOut` names the lanes
 * that a run without --lanes does not start, and why.
 */
export const workloads = {
  W1: {
    about: 'MLPs 2-128-128-2 and 2-128-128-1, ReLU, batch 256',
    batch: 256,
    shape: [2],
    latent: 2,
    rounds: 7,
    seconds: 1,
    warm: 0.5,
    leftOut: {},
  },
  W2,
  'W2-sn': {
    ...W2,
    about: 'W2 with spectral norm of every weight of D, hinge loss',
    loss: 'hinge',
    spectral: true,
    leftOut: leftOutOfVariants,
  },
  'W2-gp': {
    ...W2,
    about: 'W2 with a gradient penalty of weight 10, Wasserstein loss',
    loss: 'wasserstein(penalties=[gradient-penalty(weight=10)])',
    leftOut: leftOutOfVariants,
  },
  'W2-class': {
    ...W2,
    about: 'W2 with 10 classes: conditional batch norm in G, projection in D',
    classes: 10,
    leftOut: leftOutOfVariants,
  },
  W3: {
    about: 'ResNet 32x32, 128 channels, batch 64',
    batch: 64,
    shape: [32, 32, 3],
    latent: 128,
    rounds: 3,
    seconds: 0,
    warm: 0,
    leftOut: {
      wasm: perStep(50),
      cpu: 'hours a step',
      'torch-fused': 'Adam is too small a part of a step to tell it from torch',
      'torch-compile': 'about two minutes of compiling',
      'tfjs-cpu': 'hours a step',
      'tfjs-wasm': conv,
    },
  },
};

export const workloadNames = Object.keys(workloads);
