import '@tensorflow/tfjs-backend-cpu';
import { normal } from '@stillpoint/operators';
import { dcganDiscriminator, dcganGenerator } from '@stillpoint/networks';

/** N(0, deviation²), a function of `call`. */
export const normals = (size: number, call: number, deviation = 1): Float32Array =>
  normal(new Float32Array(size), { seed: 3, purpose: 'test', call }, 0, deviation);

/** Images of 8×8 that are noise. */
export const images = {
  name: 'noise',
  shape: [8, 8, 1],
  batch: (size: number, { call }: { readonly call: number }) => normals(size * 64, 100 + call, 0.3),
};

const norm = (v: Float32Array): number => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
export const relative = (a: Float32Array, b: Float32Array): number =>
  norm(a.map((v, i) => v - (b[i] ?? NaN))) / norm(b);

export const small = {
  generator: dcganGenerator({ image: [8, 8, 1], latent: 4, channels: 4, deviation: 0.3 }),
  discriminator: dcganDiscriminator({ image: [8, 8, 1], channels: 4, deviation: 0.3 }),
  data: images,
  batch: 16,
  seed: 1,
};
