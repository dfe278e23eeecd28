// Householder reduction to Hessenberg form, then the QR algorithm with Wilkinson's shift in complex numbers:
// Golub, Van Loan, "Matrix computations" (4th edition, 2013), sections 7.4 and 7.5.
import { InputError, shown } from '../specs/errors.js';

/** The eigenvalues of a real matrix, with multiplicity: re + i·im, the largest |λ| first. */
export interface Eigenvalues {
  /** `[n]`. */
  readonly re: Float64Array;
  /** `[n]`; exactly 0 where it is no more than rounding. */
  readonly im: Float64Array;
}

/** QR steps for one eigenvalue; two or three are usual. */
const MOST_STEPS = 60;

/** A ← QᵀAQ, so that all entries below the first subdiagonal are 0. */
function toHessenberg(a: Float64Array, n: number): void {
  const v = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    let tail = 0;
    for (let i = k + 2; i < n; i++) tail += a[i * n + k]! ** 2;
    if (tail === 0) continue;
    const x = a[(k + 1) * n + k]!;
    const length = Math.sqrt(x * x + tail);
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k]!;
    v[k + 1] = x + (x > 0 ? length : -length); // this sign keeps it from cancelling
    const β = 2 / (v[k + 1]! ** 2 + tail);
    for (let j = k; j < n; j++) {
      let sum = 0;
      for (let i = k + 1; i < n; i++) sum += v[i]! * a[i * n + j]!;
      for (let i = k + 1; i < n; i++) a[i * n + j] = a[i * n + j]! - β * sum * v[i]!;
    }
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j]! * v[j]!;
      for (let j = k + 1; j < n; j++) a[i * n + j] = a[i * n + j]! - β * sum * v[j]!;
    }
    for (let i = k + 2; i < n; i++) a[i * n + k] = 0;
  }
}

/** The root of the trailing 2 × 2 block [[a, b], [c, d]] that is nearest to d. */
function wilkinson(
  [ar, ai]: readonly [number, number],
  [br, bi]: readonly [number, number],
  [cr, ci]: readonly [number, number],
  [dr, di]: readonly [number, number],
): readonly [number, number] {
  const [hr, hi] = [(ar - dr) / 2, (ai - di) / 2];
  const [sr, si] = [hr * hr - hi * hi + br * cr - bi * ci, 2 * hr * hi + br * ci + bi * cr];
  const length = Math.hypot(sr, si);
  let rr = Math.sqrt((length + Math.abs(sr)) / 2);
  let ri = rr === 0 ? 0 : si / (2 * rr);
  if (sr < 0) [rr, ri] = [Math.abs(ri), si < 0 ? -rr : rr];
  if (hr * rr + hi * ri < 0) [rr, ri] = [-rr, -ri];
  // λ = d − bc/(h + root), with the larger denominator
  const [pr, pi] = [hr + rr, hi + ri];
  const square = pr * pr + pi * pi;
  if (square === 0) return [dr, di];
  const [qr, qi] = [br * cr - bi * ci, br * ci + bi * cr];
  return [dr - (qr * pr + qi * pi) / square, di - (qi * pr - qr * pi) / square];
}

/**
 * One QR step with shift (σr, σi) on rows and columns low … high of the Hessenberg matrix re + i·im: Givens
 * rotations from the left, then from the right.
 */
function qrStep(
  re: Float64Array,
  im: Float64Array,
  n: number,
  low: number,
  high: number,
  [σr, σi]: readonly [number, number],
): void {
  const shift = (sign: number): void => {
    for (let i = low; i <= high; i++) {
      re[i * n + i] = re[i * n + i]! + sign * σr;
      im[i * n + i] = im[i * n + i]! + sign * σi;
    }
  };
  shift(-1);
  const turns: (readonly [number, number, number, number])[] = [];
  for (let k = low; k < high; k++) {
    const [p, q] = [k * n + k, (k + 1) * n + k];
    const r = Math.hypot(re[p]!, im[p]!, re[q]!, im[q]!);
    const [cr, ci, sr, si] = r === 0 ? [1, 0, 0, 0] : [re[p]! / r, im[p]! / r, re[q]! / r, im[q]! / r];
    turns.push([cr, ci, sr, si]);
    for (let j = k; j <= high; j++) {
      const [x, y] = [k * n + j, (k + 1) * n + j];
      const [xr, xi, yr, yi] = [re[x]!, im[x]!, re[y]!, im[y]!];
      re[x] = cr * xr + ci * xi + sr * yr + si * yi;
      im[x] = cr * xi - ci * xr + sr * yi - si * yr;
      re[y] = cr * yr - ci * yi - sr * xr + si * xi;
      im[y] = cr * yi + ci * yr - sr * xi - si * xr;
    }
  }
  for (const [at, [cr, ci, sr, si]] of turns.entries()) {
    const k = low + at;
    for (let i = low; i <= Math.min(k + 1, high); i++) {
      const [x, y] = [i * n + k, i * n + k + 1];
      const [xr, xi, yr, yi] = [re[x]!, im[x]!, re[y]!, im[y]!];
      re[x] = cr * xr - ci * xi + sr * yr - si * yi;
      im[x] = cr * xi + ci * xr + sr * yi + si * yr;
      re[y] = cr * yr + ci * yi - sr * xr - si * xi;
      im[y] = cr * yi - ci * yr - sr * xi + si * xr;
    }
  }
  shift(1);
}

/**
 * The eigenvalues of a real square matrix `[n, n]`, row by row. Each is that of a matrix within rounding of
 * the given one. @throws InputError for entries that are no square matrix, or not finite.
 */
export function eigenvalues(entries: Float64Array): Eigenvalues {
  const n = Math.round(Math.sqrt(entries.length));
  if (n * n !== entries.length)
    throw new InputError(`eigenvalues: ${entries.length} entries are no square matrix, row by row`);
  let most = 0;
  for (const x of entries) {
    if (!Number.isFinite(x))
      throw new InputError(`eigenvalues: an entry is ${shown(x)}; expected finite numbers`);
    most = Math.max(most, Math.abs(x));
  }
  const unit = most === 0 ? 1 : 2 ** Math.floor(Math.log2(most)); // a power of two changes no digit
  const re = entries.map((x) => x / unit);
  toHessenberg(re, n);
  const im = new Float64Array(n * n);
  const below = (k: number): number => Math.hypot(re[k * n + k - 1]!, im[k * n + k - 1]!);
  const on = (k: number): number => Math.hypot(re[k * n + k]!, im[k * n + k]!);
  const at = (i: number, j: number): readonly [number, number] => [re[i * n + j]!, im[i * n + j]!];
  for (let high = n - 1, steps = 0; high > 0;) {
    let low = high;
    while (low > 0 && below(low) > Number.EPSILON * (on(low) + on(low - 1) || 1)) low--;
    if (low > 0) [re[low * n + low - 1], im[low * n + low - 1]] = [0, 0];
    if (low === high) {
      high--;
      steps = 0;
      continue;
    }
    if (++steps > MOST_STEPS) throw new Error(`no eigenvalue was found in ${MOST_STEPS} QR steps`);
    // a shift of another kind ends a rare cycle
    const σ: readonly [number, number] =
      steps % 12 === 0
        ? [on(high) + below(high), 0]
        : wilkinson(at(high - 1, high - 1), at(high - 1, high), at(high, high - 1), at(high, high));
    qrStep(re, im, n, low, high, σ);
  }
  const rounding = n * Number.EPSILON * Math.sqrt(re.reduce((sum, x, i) => sum + x * x + im[i]! ** 2, 0));
  const found = Array.from({ length: n }, (_, k) => {
    const [x, y] = at(k, k);
    return [x * unit, Math.abs(y) <= rounding ? 0 : y * unit] as const;
  }).sort((a, b) => Math.hypot(...b) - Math.hypot(...a) || b[0] - a[0] || b[1] - a[1]);
  return {
    re: Float64Array.from(found, ([x]) => x),
    im: Float64Array.from(found, ([, y]) => y),
  };
}
