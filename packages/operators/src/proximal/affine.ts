import type { Vector } from '../contracts/index.js';
import { InputError, shown } from '../specs/errors.js';
import { expectFinite, expectNumber, expectOptions } from '../specs/expect.js';
import { denseMatrix, matrixOf, type Matrix } from '../linear-algebra/matrix.js';
import { dot, norm, rescale, scale, waxpy } from '../vectors/vectors.js';
import { indicator, largestSize, proximalFunction, roundings, type ProximalFunction } from './contract.js';

/** {Az = b} as {Qz = c} with orthonormal rows, as many as A has independent ones. */
interface Orthonormal {
  readonly q: Matrix;
  readonly c: Float64Array;
}

/**
 * Modified Gram–Schmidt on unit rows: the row farthest from the span of those already taken comes next, and
 * each is made orthogonal twice. A row that the others imply is dropped.
 * @throws InputError for a row that they contradict.
 */
function orthonormalRows(a: Matrix, values: readonly number[]): Orthonormal {
  const { rows, columns } = a;
  let left = Array.from({ length: rows }, (_, i) => i);
  const row = Array.from(left, (i) => a.entries.slice(i * columns, (i + 1) * columns));
  // finite entries may have a norm beyond float64
  const units = row.map((v) => (norm(v) === Infinity ? 2 ** -64 : 1));
  const lengths = row.map((v, i) => (scale(v, units[i]!), norm(v) || 1));
  const value = Float64Array.from(left, (i) => (values[i]! * units[i]!) / lengths[i]!);
  row.forEach((v, i) => {
    rescale(v, lengths[i]!, 1);
    if (!Number.isFinite(value[i]!))
      throw new InputError(
        `affine: the points of row ${i} are beyond float64; its length is ${lengths[i]!}, and values[${i}] is ${values[i]}`,
      );
  });
  // 64 is our choice; rows this close to dependent are treated as dependent
  const tiny = 64 * (rows + columns) * 2 ** -53;
  const [basis, c]: [Float64Array[], number[]] = [[], []];
  const remove = (i: number, from: number): void => {
    for (let j = from; j < basis.length; j++) {
      const share = dot(basis[j]!, row[i]!);
      waxpy(row[i]!, row[i]!, -share, basis[j]!);
      value[i] = value[i]! - share * c[j]!;
    }
  };
  while (left.length > 0) {
    const i = left.reduce((best, j) => (norm(row[j]!) > norm(row[best]!) ? j : best));
    if (norm(row[i]!) <= tiny) break;
    left = left.filter((j) => j !== i);
    remove(i, 0);
    const length = norm(row[i]!);
    scale(row[i]!, 1 / length);
    basis.push(row[i]!);
    c.push(value[i]! / length);
    for (const other of left) remove(other, basis.length - 1);
  }
  const size = c.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  for (const i of left) {
    const given = (values[i]! * units[i]!) / lengths[i]!;
    if (Math.abs(value[i]!) > tiny * (size + Math.abs(given))) {
      const implied = (given - value[i]!) * (lengths[i]! / units[i]!);
      throw new InputError(
        `affine: row ${i} contradicts the others, which imply ${Number(implied.toPrecision(12))}; values[${i}] is ${values[i]}`,
      );
    }
  }
  const entries = new Float64Array(basis.length * columns);
  basis.forEach((q, j) => entries.set(q, j * columns));
  return { q: denseMatrix(entries, basis.length, columns), c: Float64Array.from(c) };
}

/**
 * The set {Az = b}, factorised once. Equations may follow from others.
 * @param system `matrix` is A, row after row; `values` is b, one per row.
 * @throws InputError if matrix and values do not fit, or the set is empty.
 */
export function affineSet(system: {
  readonly matrix: readonly (readonly number[])[];
  readonly values: readonly number[];
}): ProximalFunction {
  const { matrix, values } = expectOptions('affine', system, '{ matrix: [[1,2]], values: [3] }');
  const a = matrixOf(matrix);
  expectFinite('affine', 'values', values);
  if (values.length !== a.rows)
    throw new InputError(
      `affine: values has ${values.length} entries; expected ${a.rows}, one per row of the matrix`,
    );
  const { q, c } = orthonormalRows(a, values);
  const [t, correction] = [new Float64Array(q.rows), new Float64Array(q.columns)];
  /** t = Qz − c. */
  const missed = (z: Vector, start: number): Float64Array => {
    q.times(t, 0, z, start);
    return waxpyInto(t, -1, c);
  };
  return proximalFunction({
    name: 'affine',
    length: a.columns,
    is: { affine: true, cone: values.every((x) => x === 0) },
    value: (z, start, end, slack) =>
      indicator(
        largestSize(missed(z, start), 0, t.length),
        slack + roundings(z, start, end, largestSize(c, 0, c.length)),
      ),
    conjugateValue(z, start, end, slack) {
      q.times(t, 0, z, start);
      q.transposedTimes(correction, 0, t, 0);
      let excess = 0;
      for (let i = start; i < end; i++) excess = Math.max(excess, Math.abs(z[i]! - correction[i - start]!));
      return excess <= slack + roundings(z, start, end) ? dot(c, t) : Infinity;
    },
    prox(z, _, start, end) {
      for (let pass = 0; pass < 2; pass++) {
        // the first pass misses by roundings of z, the second only by roundings of the projected point
        q.transposedTimes(correction, 0, missed(z, start), 0);
        for (let i = start; i < end; i++) z[i] = z[i]! - correction[i - start]!;
      }
    },
  });
}

function waxpyInto(t: Float64Array, a: number, g: Float64Array): Float64Array {
  waxpy(t, t, a, g);
  return t;
}

/**
 * The half-space ⟨normal, z⟩ ≤ bound as ⟨q, z⟩ ≤ c with a unit vector q. @throws InputError for a normal
 * without a direction.
 */
function unitNormal(
  owner: string,
  normal: readonly number[],
  bound: number,
): { readonly q: Float64Array; readonly c: number } {
  expectFinite(owner, 'normal', normal);
  const q = Float64Array.from(normal);
  const unit = norm(q) === Infinity ? 2 ** -64 : 1; // as for the rows of `affine`
  scale(q, unit);
  const length = norm(q);
  if (length === 0)
    throw new InputError(`${owner}: normal is zero; expected a vector with a direction, as [1,0]`);
  const c = (bound * unit) / length;
  if (!Number.isFinite(c))
    throw new InputError(
      `${owner}: its distance from the origin is ${shown(c)}, beyond float64, with a normal of length ${length / unit}`,
    );
  return { q: q.map((x) => x / length), c };
}

/** The set {⟨normal, z⟩ = value}. */
export function hyperplane(options: {
  readonly normal: readonly number[];
  readonly value: number;
}): ProximalFunction {
  const { normal, value } = expectOptions('hyperplane', options, '{ normal: [1,0], value: 1 }');
  expectNumber('hyperplane', 'value', value);
  unitNormal('hyperplane', normal, value);
  const plane = affineSet({ matrix: [normal], values: [value] });
  return proximalFunction({
    ...plane,
    name: 'hyperplane',
    section: { lower: -Infinity, upper: Infinity, plane: { normal, value } },
  });
}

/** The set {⟨normal, z⟩ ≤ bound}. */
export function halfSpace(options: {
  readonly normal: readonly number[];
  readonly bound: number;
}): ProximalFunction {
  const { normal, bound } = expectOptions('half-space', options, '{ normal: [1,0], bound: 1 }');
  expectNumber('half-space', 'bound', bound);
  const { q, c } = unitNormal('half-space', normal, bound);
  const along = (z: Vector, start: number): number => q.reduce((sum, x, i) => sum + x * z[start + i]!, 0);
  return proximalFunction({
    name: 'half-space',
    length: q.length,
    is: { set: true, cone: bound === 0 },
    value: (z, start, end, slack) =>
      indicator(along(z, start) - c, slack + roundings(z, start, end, Math.abs(c))),
    conjugateValue(z, start, end, slack) {
      const t = along(z, start);
      let excess = -t;
      for (let i = start; i < end; i++) excess = Math.max(excess, Math.abs(z[i]! - t * q[i - start]!));
      return excess <= slack + roundings(z, start, end) ? t * c : Infinity;
    },
    prox(z, _, start, end) {
      for (let pass = 0; pass < 2; pass++) {
        // two passes, as in `affineSet`
        const t = along(z, start) - c;
        if (t > 0) for (let i = start; i < end; i++) z[i] = z[i]! - t * q[i - start]!;
      }
    },
  });
}
