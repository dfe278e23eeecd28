import * as tf from '@tensorflow/tfjs-core';
import { choice, flag, integer } from '@stillpoint/operators';
import { initialiserOption } from '../initialise/registry.js';
import { builtLayer, imageShape, layer, misfit } from './layer.js';

/** A batch of images, or a kernel, typed as such. */
export const ranked = (x: tf.Tensor): tf.Tensor4D => {
  const [n = 1, h = 1, w = 1, c = 1] = x.shape;
  return tf.reshape<tf.Rank.R4>(x, [n, h, w, c]);
};

const options = {
  filters: integer({ about: 'channels that it returns', from: 1 }),
  size: integer({ about: 'side of the kernel, in pixels', from: 1, default: 3 }),
  stride: integer({ about: 'pixels between neighbouring windows', from: 1, default: 1 }),
  padding: choice({
    about:
      'same: as many zeros around the image as make sides/stride, rounded up, the odd one after it; valid: none',
    among: ['same', 'valid'],
    default: 'same',
  }),
  bias: flag({ about: 'whether a bias per channel, 0 at the start, is added', default: true }),
};
const kernelOption = (shape: string) => ({
  kernel: initialiserOption(`how the kernel ${shape} starts`, 'glorot-uniform'),
});

/** A convolution of images. */
export const conv = layer({
  name: 'conv',
  about: 'a convolution, as a cross-correlation, channels last',
  reference: 'LeCun et al. 1989',
  shapes: '[height, width, channels] → [height/stride, width/stride, filters]',
  example: 'conv(filters=16)',
  options: { ...options, ...kernelOption('[size, size, channels, filters]') },
  build({ filters, size, stride, padding, bias, kernel }, input, name) {
    const { height, width, channels } = imageShape(name, input);
    if (padding === 'valid' && Math.min(height, width) < size)
      throw misfit(name, `[height, width, channels] with sides >= ${size}`, input);
    const side = (n: number): number =>
      padding === 'same' ? Math.ceil(n / stride) : Math.floor((n - size) / stride) + 1;
    return builtLayer({
      output: [side(height), side(width), filters],
      parameters: {
        kernel: { shape: [size, size, channels, filters], start: kernel },
        ...(bias && { bias: { shape: [filters], start: 'constant' } }),
      },
      apply(p, x) {
        const y = tf.conv2d(ranked(x), ranked(p.kernel), stride, padding);
        return p.bias === undefined ? y : tf.add(y, p.bias);
      },
    });
  },
});

/** A transposed convolution of images. */
export const convTranspose = layer({
  name: 'conv-transpose',
  about: 'a transposed convolution: the gradient of a convolution in its images',
  reference: 'Zeiler, Krishnan, Taylor, Fergus 2010',
  shapes:
    '[height, width, channels] → [height·stride, width·stride, filters]; valid: (side − 1)·stride + size',
  example: 'conv-transpose(filters=16, size=4, stride=2)',
  options: { ...options, ...kernelOption('[size, size, filters, channels]') },
  build({ filters, size, stride, padding, bias, kernel }, input, name) {
    const { height, width, channels } = imageShape(name, input);
    const side = (n: number): number => (padding === 'same' ? n * stride : (n - 1) * stride + size);
    const [h, w] = [side(height), side(width)];
    return builtLayer({
      output: [h, w, filters],
      parameters: {
        kernel: { shape: [size, size, filters, channels], start: kernel },
        ...(bias && { bias: { shape: [filters], start: 'constant' } }),
      },
      apply(p, x) {
        const y = tf.conv2dTranspose(
          ranked(x),
          ranked(p.kernel),
          [x.shape[0] ?? 1, h, w, filters],
          stride,
          padding,
        );
        return p.bias === undefined ? y : tf.add(y, p.bias);
      },
    });
  },
});
