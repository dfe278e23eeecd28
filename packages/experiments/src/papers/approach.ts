import type { Run, Section } from '@stillpoint/tracking';
import type { Finding } from './paper.js';
import { short } from './words.js';

/** A run has reached the solution where its distance is within this share of the first. */
const REACHED = 1e-3;

/** The distances of a run to the solution, along it, those that are known. */
function distancesOf(run: Run | undefined): readonly number[] {
  return (run?.series['distance']?.y ?? []).filter((y) => y !== null);
}

/** The distance to the solution in words, as shares of the first. */
function inWords(run: Run): string {
  const distances = distancesOf(run);
  const [first, last] = [distances[0] ?? NaN, distances.at(-1) ?? NaN];
  return `${run.label.replace(/\d+\.\d{4,}/g, (x) => short(Number(x)))}: from distance ${short(first)} to ${short(last)} after ${run.ledger.steps.toLocaleString('en')} steps`;
}

/** Whether a run ends at the solution: within 0.1 % of its first distance. */
export function reaches(run: Run): boolean {
  const distances = distancesOf(run);
  return distances.length > 1 && distances.at(-1)! <= REACHED * distances[0]!;
}

/** Whether the second half of a run stays away from the solution: above 0.1 % of its first distance. */
export function staysAway(run: Run): boolean {
  const distances = distancesOf(run);
  const half = distances.slice(Math.floor(distances.length / 2));
  return half.length > 1 && half.every((x) => x > REACHED * distances[0]!);
}

/**
 * Whether runs of a section, by their place among its methods, reach the solution, and others stay away from
 * it. Undefined if one of them is missing.
 */
export function approach(
  section: Section | undefined,
  expected: { readonly reach?: readonly number[]; readonly away?: readonly number[] },
): Finding | undefined {
  const at = (places: readonly number[] = []): readonly (Run | undefined)[] =>
    places.map((place) => section?.runs[place]);
  const [reach, away] = [at(expected.reach), at(expected.away)];
  const all = [...reach, ...away];
  if (!all.every((run) => run !== undefined)) return undefined;
  return {
    holds:
      reach.every((run) => run !== undefined && reaches(run)) &&
      away.every((run) => run !== undefined && staysAway(run)),
    measured: all.map(inWords).join('; '),
  };
}
