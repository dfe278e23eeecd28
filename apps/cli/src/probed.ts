import { InputError } from '@stillpoint/operators';
import { startOf } from '@stillpoint/optimizers/drivers';
import { findingsAt, probeSpec, type Found } from '@stillpoint/optimizers/probe-registry';
import { beside } from './asked-words.js';
import { isFile, readProblem, readStart } from './game-argument.js';

/** What probes found at a point of a problem. */
export interface ProbedAt {
  readonly problem: string;
  readonly at: string;
  /** The terms of a finite sum, else 1. */
  readonly terms: number;
  /** Each with its full spec. */
  readonly probes: readonly ({ readonly probe: string } & Found)[];
}

/**
 * Asks probes of the problem that an argument names, at its start or a given one. @throws InputError for an
 * unknown probe, for a preset, and for a problem that lacks what a probe needs.
 */
export async function probedAt(
  argument: string,
  specs: readonly string[],
  start: string | undefined,
): Promise<ProbedAt> {
  const full = specs.map(probeSpec); // a mistake is found before the problem is compiled
  const { presets } = await import('@stillpoint/experiments');
  if (!isFile(argument) && presets.some(({ name }) => name === argument))
    throw new InputError(
      `${argument} is a preset; --probe asks a problem, or a file that exports one: stillpoint list games`,
    );
  const { problem, dispose } = await readProblem(argument);
  try {
    const z = start === undefined ? startOf(problem) : readStart(start, problem);
    const probes: ProbedAt['probes'][number][] = [];
    for (const probe of full) probes.push({ probe, ...(await findingsAt(problem, z, probe)) });
    const { name, terms } = problem;
    return {
      problem: name,
      at: start === undefined ? 'its start' : `[${start}]`,
      terms: terms?.count ?? 1,
      probes,
    };
  } finally {
    await dispose?.();
  }
}

const short = (x: number): string => String(Number(x.toPrecision(6)));

/** What probes found, in words. */
export const probedInWords = ({ problem, at, terms, probes }: ProbedAt): string =>
  [
    `${problem}, at ${at}`,
    ...probes.flatMap(({ probe, findings, ledger, calls }) => [
      probe,
      ...Object.entries(findings).map(([name, x]) => `  ${name.padEnd(16)}  ${short(x)}`),
      `  asked: ${short(calls)} ${calls === 1 ? 'call' : 'calls'}${beside(ledger, terms)}`,
    ]),
  ].join('\n');
