import {
  InputError,
  dot,
  norm,
  normal,
  pseudoHuber,
  scale,
  type Game,
  type Residual,
  type Vector,
} from '@stillpoint/operators';
import * as option from '../options.js';
import { minimisation } from '../kinds/minimisation.js';

const size = (about: string, symbol: string, value: number) =>
  option.integer({ about, symbol, from: 1, to: 10_000, default: value });
/**
 * A student with one hidden layer learns a teacher of the same kind, least squares with a regulariser:
 *   ŷ(x) = κ Σ v_k·silu(w_k·x), κ = 1/√n₁;   f(z) = (1/2m)‖ŷ − y‖² + λΣ(√(μ² + z_i²) − μ)
 * on seeded normal inputs of length 1; weights of both are N(0, 1) at the start. z is W, unit after unit, and
 * then v. The residual is r = (ŷ − y)/√m, and the regulariser is the problem's: F and f contain it, whatever
 * the method. Setting of the synthetic experiment in Adeoye, Petersen, Bemporad 2024, smaller.
 */
export const siluTeacher = minimisation({
  name: 'silu-teacher',
  about: 'a student with one hidden layer learns a teacher: residuals and a pseudo-Huber regulariser',
  reference: 'Adeoye, Petersen, Bemporad 2024, arXiv 2404.14875',
  shown: {
    problem: 'silu-teacher(examples=20, units=20)',
    method: 'gauss-newton(damping=regularisation, step=armijo)',
  },
  options: {
    examples: size('examples: entries of the residual', 'm', 100),
    dimension: size('entries of an input', 'n₀', 5),
    units: size('hidden units of the student', 'n₁', 200),
    teacherUnits: size('hidden units of the teacher', 'n*', 5),
    regularisation: option.number({
      about: 'weight of the pseudo-Huber regulariser; 0: none',
      symbol: 'λ',
      from: 0,
      default: 1e-4,
    }),
    smoothing: option.number({ about: 'how round it is at 0', symbol: 'μ', above: 0, default: 1 }),
    seed: option.seed({ default: 1 }),
  },
  make({ examples: m, dimension: n0, units: n1, teacherUnits, regularisation: λ, smoothing, seed }): Game {
    if (n1 * (n0 + 1) > 1_000_000)
      throw new InputError(
        `silu-teacher: units=${n1} with dimension=${n0} make ${n1 * (n0 + 1)} weights; expected at most 1000000`,
      );
    const X = normal(new Float64Array(m * n0), { seed, purpose: 'inputs' });
    const inputs = Array.from({ length: m }, (_, i) => X.subarray(i * n0, (i + 1) * n0));
    for (const x of inputs) scale(x, 1 / norm(x));
    const weights = (units: number, purpose: string): Float64Array =>
      normal(new Float64Array(units * (n0 + 1)), { seed, purpose });
    const teacher = network(weights(teacherUnits, 'teacher'), n0, teacherUnits);
    const y = inputs.map((x) => teacher.output(x));
    const h = pseudoHuber({ smoothing });
    const dim = n1 * (n0 + 1);
    const root = Math.sqrt(m);

    const residual: Residual = {
      length: m,
      ...(λ > 0 && { regulariser: { weight: λ, h } }),
      value(z, out) {
        const { output } = network(z, n0, n1);
        inputs.forEach((x, i) => (out[i] = (output(x) - y[i]!) / root));
      },
      product(z, v, out, transposed) {
        const { along, addGradient } = network(z, n0, n1);
        if (transposed) out.fill(0);
        inputs.forEach((x, i) => {
          if (!transposed) out[i] = along(x, v) / root;
          else if (v[i] !== 0) addGradient(x, v[i]! / root, out);
        });
      },
    };
    const gradient = new Float64Array(dim);
    const r = new Float64Array(m);
    return {
      name: 'silu-teacher',
      dim,
      players: [{ name: 'student', start: 0, end: dim }],
      start: Array.from(weights(n1, 'student')),
      blocks: [
        { name: 'hidden.weight', offset: 0, shape: [n1, n0], player: 0 },
        { name: 'output.weight', offset: n1 * n0, shape: [1, n1], player: 0 },
      ],
      residual,
      operator(z, out) {
        const { output, addGradient } = network(z, n0, n1);
        out.fill(0);
        inputs.forEach((x, i) => addGradient(x, (output(x) - y[i]!) / m, out));
        h.gradient(z, gradient);
        for (let i = 0; i < dim; i++) out[i] = out[i]! + λ * gradient[i]!;
      },
      losses(z, out) {
        const { output } = network(z, n0, n1);
        inputs.forEach((x, i) => (r[i] = output(x) - y[i]!));
        out[0] = dot(r, r) / (2 * m) + λ * h.value(z);
      },
    };
  },
});

/** ŷ(x) = κ Σ v_k·silu(w_k·x) with the weights z, and its derivatives by z. */
function network(z: Vector, n0: number, n1: number) {
  const κ = 1 / Math.sqrt(n1);
  const input = (k: number, x: Vector, w: Vector = z): number => {
    let sum = 0;
    for (let j = 0; j < n0; j++) sum += w[k * n0 + j]! * x[j]!;
    return sum;
  };
  const σ = (a: number): number => 1 / (1 + Math.exp(-a));
  const slope = (a: number, s: number): number => s * (1 + a * (1 - s)); // silu′, s = σ(a)
  return {
    output: (x: Vector): number => {
      let sum = 0;
      for (let k = 0; k < n1; k++) {
        const a = input(k, x);
        sum += z[n1 * n0 + k]! * a * σ(a);
      }
      return κ * sum;
    },
    /** The derivative of ŷ(x) along v. */
    along: (x: Vector, v: Vector): number => {
      let sum = 0;
      for (let k = 0; k < n1; k++) {
        const a = input(k, x);
        const s = σ(a);
        sum += v[n1 * n0 + k]! * a * s + z[n1 * n0 + k]! * slope(a, s) * input(k, x, v);
      }
      return κ * sum;
    },
    /** out ← out + c·∇ŷ(x). */
    addGradient: (x: Vector, c: number, out: Vector): void => {
      for (let k = 0; k < n1; k++) {
        const a = input(k, x);
        const s = σ(a);
        const by = c * κ * z[n1 * n0 + k]! * slope(a, s);
        for (let j = 0; j < n0; j++) out[k * n0 + j] = out[k * n0 + j]! + by * x[j]!;
        out[n1 * n0 + k] = out[n1 * n0 + k]! + c * κ * a * s;
      }
    },
  };
}
