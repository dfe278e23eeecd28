import '@tensorflow/tfjs-backend-cpu';
import { normal } from '@stillpoint/operators';

/** N(0, deviation²), a function of `call`. */
export const normals = (size: number, call: number, deviation = 1): Float32Array =>
  normal(new Float32Array(size), { seed: 3, purpose: 'test', call }, 0, deviation);

const norm = (v: Float32Array): number => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
export const relative = (a: Float32Array, b: Float32Array): number =>
  norm(a.map((v, i) => v - (b[i] ?? NaN))) / norm(b);
