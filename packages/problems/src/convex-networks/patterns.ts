import { InputError, dot, norm, normal, shortestWithin, shown } from '@stillpoint/operators';
import { checkRows } from '../kernels.js';

/** The activation patterns of a data set. */
export interface ActivationPatterns {
  /** 1{Xg ≥ 0} of each pattern, an entry of 0 or 1 per example. */
  readonly active: readonly Uint8Array[];
  /** A g of length 1 inside each pattern's cell: no xᵢᵀg is 0, unless xᵢ is. */
  readonly inside: readonly Float64Array[];
  /** Whether these are all: certificates of global optimality need all. */
  readonly complete: boolean;
}

/** More are not enumerated. */
const MOST_PATTERNS = 20_000;

/**
 * The most patterns that n examples of d entries can have: 2·Σ_{k<d} C(n−1, k), and exactly this many if
 * every d examples are linearly independent. Cover 1965.
 */
export function patternBound(n: number, d: number): number {
  let [sum, term] = [0, 1];
  for (let k = 0; k < d && k < n; k++) {
    sum += term;
    term *= (n - 1 - k) / (k + 1);
  }
  return 2 * Math.round(sum);
}

/**
 * The activation patterns 1{Xg ≥ 0} of the examples x₁ … x_n, the rows of `inputs`: into which cells the
 * hyperplanes xᵢᵀg = 0 cut the space of the weights g. With `sample=0` all cells are found, example after
 * example: a hyperplane cuts a cell in two if it has points on both sides, which {g : sᵢxᵢᵀg ≥ 1} being
 * empty or not decides. Cells in which no g is farther than about 1e-10‖g‖ from all hyperplanes count as
 * empty. With `sample=k` the patterns are those of seeded normal g, until k different ones are found or 50k
 * + 1000 draws are made. A repeated example cuts nothing, and one that is 0 counts as active.
 * @param options `sample`: 0 for all, or how many. Default 0. `seed`: of the draws. Default 1.
 * @throws InputError for rows of different lengths, or if all are asked for and there may be more than
 * 20,000.
 */
export function activationPatterns(
  inputs: readonly (readonly number[])[],
  { sample = 0, seed = 1 }: { readonly sample?: number; readonly seed?: number } = {},
): ActivationPatterns {
  checkRows(inputs);
  const d = inputs[0]!.length;
  const X = inputs.map((row) => {
    const x = Float64Array.from(row);
    const length = norm(x);
    return length > 0 ? x.map((entry) => entry / length) : x;
  });
  if (!Number.isSafeInteger(sample) || sample < 0)
    throw new InputError(
      `activationPatterns: sample is ${shown(sample)}; expected a whole number >= 0, 0 for all patterns`,
    );
  if (sample > 0) return sampled(X, d, sample, seed);
  const bound = patternBound(X.length, d);
  if (bound > MOST_PATTERNS)
    throw new InputError(
      `${X.length} examples of ${d} entries may have ${bound} activation patterns; expected at most ${MOST_PATTERNS}, or a sample of them, as sample=500`,
    );
  return enumerated(X, d);
}

const patternOf = (X: readonly Float64Array[], g: Float64Array): Uint8Array =>
  Uint8Array.from(X, (x) => (dot(x, g) >= 0 ? 1 : 0));

function sampled(X: readonly Float64Array[], d: number, most: number, seed: number): ActivationPatterns {
  const found = new Map<string, { readonly active: Uint8Array; readonly g: Float64Array }>();
  for (let call = 0; call < 50 * most + 1000 && found.size < most; call++) {
    const g = normal(new Float64Array(d), { seed, purpose: 'patterns', call });
    const length = norm(g);
    const active = patternOf(X, g);
    if (!found.has(active.join(''))) found.set(active.join(''), { active, g: g.map((x) => x / length) });
  }
  const all = [...found.values()];
  return {
    active: all.map(({ active }) => active),
    inside: all.map(({ g }) => g),
    complete: found.size === patternBound(X.length, d),
  };
}

function enumerated(X: readonly Float64Array[], d: number): ActivationPatterns {
  // examples along one line share a hyperplane, and one that is 0 has none
  const planes = X.filter(
    (x, i) => norm(x) > 0 && !X.slice(0, i).some((other) => Math.abs(dot(x, other)) > 1 - 1e-15),
  );
  const start = new Float64Array(d);
  start[0] = 1;
  let cells: { readonly signs: readonly number[]; readonly g: Float64Array }[] = [{ signs: [], g: start }];
  for (let i = 0; i < planes.length; i++) {
    const next: typeof cells = [];
    for (const { signs, g } of cells)
      for (const sign of [1, -1]) {
        const child = [...signs, sign];
        const inside = sign * dot(planes[i]!, g) > 1e-8 ? g : insideOf(planes, child, d);
        if (inside !== undefined) next.push({ signs: child, g: inside });
      }
    cells = next;
  }
  return {
    active: cells.map(({ g }) => patternOf(X, g)),
    inside: cells.map(({ g }) => g),
    complete: true,
  };
}

/** The g of length 1 that is farthest from the first hyperplanes, on these sides; undefined if none is. */
function insideOf(
  planes: readonly Float64Array[],
  signs: readonly number[],
  d: number,
): Float64Array | undefined {
  const G = Float64Array.from(
    { length: signs.length * d },
    (_, at) => signs[Math.floor(at / d)]! * planes[Math.floor(at / d)]![at % d]!,
  );
  const g = shortestWithin(G, new Float64Array(signs.length).fill(1));
  if (g === undefined) return undefined;
  const length = norm(g);
  return length < 1e10 && signs.every((sign, i) => sign * dot(planes[i]!, g) > 0)
    ? g.map((x) => x / length)
    : undefined;
}
