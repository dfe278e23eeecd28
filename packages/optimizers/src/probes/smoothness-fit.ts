import { InputError, shown } from '@stillpoint/operators';

/** What was measured in one step of a run. */
export interface SmoothnessPoint {
  /** ‖∇f(z)‖ where the step begins. */
  readonly gradient: number;
  /** ‖∇f(w) − ∇f(z)‖/‖w − z‖, w halfway along the step. */
  readonly smoothness: number;
}

/** (L₀, L₁) of a run, and what follows for clipping. */
export interface SmoothnessFit {
  readonly L0: number;
  readonly L1: number;
  /** How many steps were measured. */
  readonly points: number;
  /**
   * Correlation of the logarithms of smoothness and gradient, of the steps where both are above 0; NaN if
   * there are fewer than three, or one of the two does not vary.
   */
  readonly correlation: number;
  /**
   * 2L₀/(3L₁), the gradient from which clipped-gradient with 1/(2L₀) is to be clipped; undefined if L₁ = 0,
   * where clipping gains nothing, or L₀ = 0, where every step is to be normalised.
   */
  readonly threshold?: number;
  /** 1/(2L₀), the step size that belongs to it; undefined if L₀ = 0. */
  readonly stepSize?: number;
  /**
   * The share of the steps whose gradient is above the threshold that was given, else above the suggested
   * one.
   */
  readonly engaged: number;
}

/**
 * Fits smoothness ≤ L₀ + L₁·gradient to measured steps by quantile regression, L₀ and L₁ ≥ 0: the line that
 * minimises Σ max(qr, (q − 1)r), r the smoothness minus the line. A share of q of the steps lies on or below
 * it. `quantile` is q, 0.9 by default; `threshold` is that of a clip that was used, for `engaged`.
 * @throws InputError for options that are not of their kind, and if there are no points.
 */
export function smoothnessFit(
  points: readonly SmoothnessPoint[],
  { quantile: q = 0.9, threshold: used }: { readonly quantile?: number; readonly threshold?: number } = {},
): SmoothnessFit {
  if (!(typeof q === 'number' && q > 0 && q < 1))
    throw new InputError(`smoothnessFit: quantile is ${shown(q)}; expected a number > 0 and < 1`);
  if (used !== undefined && !(typeof used === 'number' && used >= 0))
    throw new InputError(`smoothnessFit: threshold is ${shown(used)}; expected a number >= 0`);
  if (points.length === 0)
    throw new InputError(
      'smoothnessFit: no step was measured; expected one at least, in which the point moved',
    );
  /** The best L₀ beside this L₁: the q-quantile of what is left, or 0. */
  const beside = (L1: number): number => {
    const left = points.map(({ gradient, smoothness }) => smoothness - L1 * gradient).sort((a, b) => a - b);
    return Math.max(0, left[Math.ceil(q * left.length) - 1]!);
  };
  const loss = (L1: number): number => {
    const L0 = beside(L1);
    return points.reduce((sum, { gradient, smoothness }) => {
      const r = smoothness - L0 - L1 * gradient;
      return sum + Math.max(q * r, (q - 1) * r);
    }, 0);
  };
  const steep = Math.max(
    ...points.map(({ gradient, smoothness }) => (gradient > 0 ? smoothness / gradient : 0)),
  );
  const L1 = leastOf(loss, steep);
  const left = beside(L1);
  // of points on a line through 0 their rounding is left, from which no threshold follows
  const L0 = left > 2 ** -44 * Math.max(...points.map(({ smoothness }) => smoothness)) ? left : 0;
  const threshold = L0 > 0 && L1 > 0 ? (2 * L0) / (3 * L1) : undefined;
  const from = used ?? threshold ?? Infinity;
  return {
    L0,
    L1,
    points: points.length,
    correlation: logCorrelation(points),
    ...(threshold !== undefined && { threshold }),
    ...(L0 > 0 && { stepSize: 1 / (2 * L0) }),
    engaged: points.filter(({ gradient }) => gradient > from).length / points.length,
  };
}

/** The golden ratio minus 1. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Where a convex function is least on [0, high], by golden-section search; 0 if it is not lower elsewhere by
 * more than rounding.
 */
function leastOf(f: (x: number) => number, high: number): number {
  let [a, b] = [0, high];
  let [c, d] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)];
  let [fc, fd] = [f(c), f(d)];
  for (let i = 0; i < 80; i++) {
    if (fc <= fd) {
      [b, d, fd] = [d, c, fc];
      c = b - GOLDEN * (b - a);
      fc = f(c);
    } else {
      [a, c, fc] = [c, d, fd];
      d = a + GOLDEN * (b - a);
      fd = f(d);
    }
  }
  const middle = (a + b) / 2;
  return f(middle) < f(0) * (1 - 2 ** -40) ? middle : 0;
}

/** Pearson’s correlation of the logarithms. */
function logCorrelation(points: readonly SmoothnessPoint[]): number {
  const logs = points
    .filter(({ gradient, smoothness }) => gradient > 0 && smoothness > 0)
    .map(({ gradient, smoothness }) => [Math.log(gradient), Math.log(smoothness)] as const);
  const n = logs.length;
  if (n < 3) return NaN;
  const [mx, my] = [0, 1].map((i) => logs.reduce((sum, pair) => sum + pair[i]! / n, 0));
  let [xx, yy, xy] = [0, 0, 0];
  for (const [x, y] of logs) {
    xx += (x - mx!) ** 2;
    yy += (y - my!) ** 2;
    xy += (x - mx!) * (y - my!);
  }
  // a spread of rounding of the logarithms only is none
  const varies = (square: number, mean: number): boolean =>
    square > n * (2 ** -40 * (1 + Math.abs(mean))) ** 2;
  return varies(xx, mx!) && varies(yy, my!) ? xy / Math.sqrt(xx * yy) : NaN;
}
