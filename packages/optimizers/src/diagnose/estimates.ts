import {
  distance,
  dot,
  norm,
  type Eigenvalues,
  type Facts,
  type Problem,
  type Vector,
} from '@stillpoint/operators';
import type { LocalJacobian } from '../probes/local-jacobian.js';
import { smoothnessFit, type SmoothnessPoint } from '../probes/smoothness-fit.js';
import type { Constants } from './constants.js';
import type { Diagnosis, Estimate, Says } from './diagnosis.js';
import type { Noise } from './noise.js';
import type { Visited } from './visited.js';
import { isMinimisation } from '../minimisation.js';

/** What was found by asking, from which estimates are made. */
export interface Found {
  readonly constants: Constants;
  readonly jacobians: readonly LocalJacobian[];
  readonly visited: readonly Visited[];
  /** z*, stated or found, and in words which. */
  readonly solution?: { readonly z: Vector; readonly words: string };
  readonly smoothness: readonly SmoothnessPoint[];
  readonly noise?: Noise;
}

/** A number for JSON and reading, without the digits that no estimate has. */
export const rounded = (x: number): number => (Number.isFinite(x) ? Number(x.toPrecision(6)) : x);

/** The value of an estimate by its name; undefined if there is none. */
export const estimateOf = (estimates: readonly Estimate[], name: Estimate['name']): number | undefined =>
  estimates.find((one) => one.name === name)?.value ?? undefined;

/** The share of |imaginary part| in the sum of |λ|: 0 if nothing rotates, 1 if nothing else happens. */
export function imaginaryShare({ re, im }: Eigenvalues): number {
  let [all, imaginary] = [0, 0];
  for (const [k, x] of re.entries()) {
    all += Math.hypot(x, im[k]!);
    imaginary += Math.abs(im[k]!);
  }
  return all > 0 ? imaginary / all : 0;
}

/** The points of a run in their order, with what turned there. */
export const pathOf = (
  { players }: Pick<Problem, 'players'>,
  visited: readonly Visited[],
  turned: ReadonlyMap<Vector, number>,
): Diagnosis['path'] =>
  visited.flatMap(({ at, z, F }) =>
    at === undefined
      ? []
      : [
          {
            at,
            rotation: turned.get(z) ?? null,
            gradients: players.map(({ start, end }) => rounded(norm(F, start, end))),
          },
        ],
  );

/** Of one player: the least ‖∇f(z)‖²/(2(f(z) − f*)) over points above f*, and whose f* that is. */
function polyakLojasiewicz(
  visited: readonly Visited[],
  { optimum }: Facts,
): { readonly value: number; readonly words: string } | undefined {
  const seen = visited.flatMap(({ F, losses }) =>
    losses === undefined ? [] : [{ f: losses[0]!, g: norm(F) }],
  );
  if (seen.length < 2) return undefined;
  const least = Math.min(...seen.map(({ f }) => f));
  const bottom = optimum ?? least;
  const height = Math.max(...seen.map(({ f }) => f)) - bottom;
  const ratios = seen.flatMap(({ f, g }) =>
    f - bottom > 1e-3 * height ? [(g / (f - bottom)) * (g / 2)] : [],
  );
  if (ratios.length === 0) return undefined;
  return {
    value: Math.min(...ratios),
    words: optimum === undefined ? 'the least loss that was seen for f*' : 'the stated f*',
  };
}

/** The least cosine of F_p(z) and z_p − z*_p over the points, the worst player's last. */
function oneSided(
  { players }: Pick<Problem, 'players'>,
  visited: readonly Visited[],
  star: Vector,
): readonly { readonly player: string; readonly cosine: number }[] {
  const far = visited.reduce((most, { z }) => Math.max(most, distance(z, star)), 0);
  return players
    .map(({ name, start, end }) => {
      const cosines = visited.flatMap(({ z, F }) => {
        if (!(distance(z, star) > 0.03 * far)) return [];
        const way = z.map((x, i) => x - star[i]!);
        const [f, d] = [norm(F, start, end), norm(way, start, end)];
        return f > 0 && d > 0.03 * far ? [dot(F, way, start, end) / f / d] : [];
      });
      return { player: name, cosine: Math.min(...cosines) };
    })
    .filter(({ cosine }) => Number.isFinite(cosine))
    .toSorted((a, b) => b.cosine - a.cosine);
}

/** Everything that was estimated, each with how. */
export function estimatesOf(problem: Problem, found: Found, facts: Facts): readonly Estimate[] {
  const { constants, jacobians, visited, solution, smoothness, noise } = found;
  const { affine, pairs } = constants;
  const whole = jacobians.every((one) => one.whole);
  const points = `${jacobians.length === 1 ? 'the Jacobian at one point' : `Jacobians at ${jacobians.length} points`}${whole ? '' : ` (Krylov spaces of ${Math.max(...jacobians.map((one) => one.products))} directions)`} and ${pairs} pairs of ${visited.length} points`;
  const side = (says: Says): Says => (affine ? 'exactly' : says);
  const list: Estimate[] = [];
  const add = (
    estimate: Omit<Estimate, 'value' | 'stated'>,
    value: number | undefined,
    stated?: number,
  ): void =>
    void list.push({
      ...estimate,
      value: value === undefined || !Number.isFinite(value) ? null : rounded(value),
      ...(stated === undefined ? {} : { stated }),
    });
  add(
    {
      name: 'lipschitz',
      symbol: 'L',
      about: '‖F(z) − F(w)‖ ≤ L‖z − w‖',
      says: side('at least'),
      from: points,
    },
    constants.lipschitz,
    facts.lipschitz,
  );
  add(
    {
      name: 'stronglyMonotone',
      symbol: 'μ',
      about: '⟨F(z) − F(w), z − w⟩ ≥ μ‖z − w‖²; below 0 if F is not monotone',
      says: side('at most'),
      from: points,
    },
    constants.stronglyMonotone,
    facts.stronglyMonotone,
  );
  add(
    {
      name: 'comonotone',
      symbol: 'ρ',
      about:
        '⟨F(z) − F(w), z − w⟩ ≥ ρ‖F(z) − F(w)‖², of F without its constraints; above 0 it is cocoercivity; none if F changes across a direction in which it does not move',
      says: side('at most'),
      from: points,
    },
    constants.comonotone,
    problem.constraint === undefined ? facts.comonotone : facts.cocoercive,
  );
  if (solution !== undefined && constants.weakMinty !== undefined)
    add(
      {
        name: 'weakMinty',
        symbol: 'ρ*',
        about: '⟨F(z), z − z*⟩ ≥ ρ*‖F(z)‖²',
        says: 'at most',
        from: `${visited.length} points, with ${solution.words} for z*`,
      },
      constants.weakMinty,
      problem.constraint === undefined ? facts.weakMinty : undefined,
    );
  if (solution !== undefined && problem.players.length > 1)
    for (const { player, cosine } of oneSided(problem, visited, solution.z))
      add(
        {
          name: 'oneSided',
          symbol: `cos ${player}`,
          about: `the least cosine of ${player}’s gradient and its way from z*: from 0 on, the one-sided Minty inequality of ${player} held`,
          says: 'at most',
          from: `${visited.length} points, with ${solution.words} for z*`,
        },
        cosine,
      );
  if (isMinimisation(problem)) {
    const ratio = polyakLojasiewicz(visited, facts);
    if (ratio !== undefined)
      add(
        {
          name: 'polyakLojasiewicz',
          symbol: 'μ_PL',
          about: '‖∇f(z)‖² ≥ 2μ_PL(f(z) − f*)',
          says: 'at most',
          from: `${visited.length} points, with ${ratio.words}`,
        },
        ratio.value,
        facts.polyakLojasiewicz,
      );
  }
  if (smoothness.length >= 3 && !affine) {
    const { L0, L1 } = smoothnessFit(smoothness);
    const from = `${whole ? `the norms of Jacobians at ${smoothness.length} points` : `${smoothness.length} short steps against F from points of a run`}; nine tenths of them lie on or below the line`;
    const of = isMinimisation(problem) ? '∇²f' : 'J';
    add(
      { name: 'L0', symbol: 'L₀', about: `‖${of}(z)‖ ≤ L₀ + L₁‖F(z)‖`, says: 'about', from },
      L0,
      facts.generalisedSmooth?.L0,
    );
    add(
      { name: 'L1', symbol: 'L₁', about: `‖${of}(z)‖ ≤ L₀ + L₁‖F(z)‖`, says: 'about', from },
      L1,
      facts.generalisedSmooth?.L1,
    );
  }
  const [first] = jacobians;
  if (first !== undefined && problem.players.length > 1)
    add(
      {
        name: 'rotation',
        symbol: 'rotation',
        about:
          'the share of imaginary parts in Σ|λ| of the Jacobian’s eigenvalues: 0 nothing rotates, 1 nothing else happens',
        says: first.whole ? side('about') : 'about',
        from: `${first.whole ? 'all eigenvalues' : `${first.products} Ritz values`} at the ${jacobians.length > 1 ? 'points where Jacobians were computed, the mean' : 'start'}`,
      },
      jacobians.reduce((sum, { eigenvalues: { re, im } }) => sum + imaginaryShare({ re, im }), 0) /
        jacobians.length,
    );
  if (noise !== undefined)
    add(
      {
        name: 'noise',
        symbol: 'noise',
        about: '√E‖F(z, ξ) − F(z)‖² as a share of ‖F(z)‖: above 1, the noise exceeds F',
        says: 'about',
        from: `${noise.draws} draws at the start`,
      },
      noise.mean > 0 ? noise.deviation / noise.mean : Infinity,
    );
  const many = problem.players.length > 1;
  for (const { player, cosine } of noise?.cosines ?? [])
    if (noise !== undefined && Number.isFinite(cosine))
      add(
        {
          name: 'gradCosine',
          symbol: many ? `GC_${player}` : 'GC',
          about: `GradCosine: the mean cosine between gradients${many ? ` of ${player}` : ''} on two draws, 1 where they agree, about 0 where they have nothing in common`,
          says: 'about',
          from: `${noise.draws} draws at the start`,
        },
        cosine,
      );
  return list;
}
