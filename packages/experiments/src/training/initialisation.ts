import type { EngineProblem } from '@stillpoint/networks';
import {
  InputError,
  choice,
  emptyLedger,
  findRow,
  formatSpec,
  integer,
  number,
  parseRows,
  parseSpec,
  type Ledger,
  type Vector,
  shortNumber,
} from '@stillpoint/operators';
import { optimiseInitialisation, pricing, type PlayerCosine } from '@stillpoint/optimizers';
import type { TrainConfig } from './config.js';

/** How a start can be changed before training, with its options. */
const initialisations = [
  {
    name: 'gradcosine',
    options: {
      target: choice({
        about: 'what is raised: GradCosine, or GradCosine and norms of gradients',
        among: ['gc', 'gc_gn_sqrt'],
        default: 'gc_gn_sqrt',
      }),
      bound: number({ about: 'of the mean norm, as a multiple of the start’s', above: 0, default: 2 }),
      weight: number({ about: 'of the norms beside GradCosine', from: 0, default: 0.1 }),
      iterations: integer({ about: 'steps of Adam on the scales', from: 1, default: 100 }),
      stepSize: number({ about: 'of Adam', above: 0, default: 0.01 }),
      subBatches: integer({ about: 'whose gradients are compared', from: 2, default: 4 }),
    },
  },
] as const;

/** The options of a spec. @throws InputError for a spec that names no initialisation, or does not fit one. */
function optionsOf(spec: string) {
  const parsed = parseSpec(spec);
  const { name, options } = findRow('initialisation', initialisations, parsed.name);
  if (parsed.inner.length > 0)
    throw new InputError(`${name} holds ${formatSpec(parsed.inner[0]!)}; expected options only`);
  return parseRows(name, options, parsed.options);
}

/** @throws InputError for an initialisation that is none, or that does not apply to the problem. */
export function checkInitialisation(
  { initialisation }: Pick<TrainConfig, 'initialisation'>,
  problem?: EngineProblem,
): void {
  if (initialisation === null) return;
  const { subBatches } = optionsOf(initialisation);
  if (problem === undefined) return;
  const refuse = (has: string): never => {
    throw new InputError(
      `initialisation is ${initialisation}, but ${problem.name} has ${has}; leave initialisation out`,
    );
  };
  if (problem.constraint !== undefined) refuse('a constraint, which scaled tensors may leave');
  if (problem.terms === undefined && problem.draw === undefined)
    refuse('one gradient only, and none of sub-batches to compare');
  if (problem.terms !== undefined && problem.terms.count < subBatches)
    refuse(`${problem.terms.count} terms, fewer than ${subBatches} sub-batches need`);
}

/** Where a training begins, and what it took to find that. */
export interface Beginning {
  readonly start: Vector;
  readonly ledger: Ledger;
  /** What was done to the start as drawn, in words; none if nothing was. */
  readonly words?: string;
}

const cosines = (of: readonly PlayerCosine[]): string =>
  of.map(({ player, cosine }) => `${player} ${shortNumber(cosine)}`).join(', ');

/**
 * The start of a training: that of its seed, each tensor times its scale if an initialisation is set. Of the
 * same config always the same. @throws InputError as `optimiseInitialisation`.
 */
export async function beginningOf(
  { initialisation, seed }: Pick<TrainConfig, 'initialisation' | 'seed'>,
  problem: EngineProblem,
): Promise<Beginning> {
  const start = problem.initialise(seed);
  if (initialisation === null) return { start, ledger: emptyLedger(problem.players.length) };
  const options = { ...optionsOf(initialisation), start, seed };
  const { z, before, after, ledger } = await optimiseInitialisation(problem, options);
  const calls = Math.round(pricing(problem)(ledger));
  return {
    start: z,
    ledger: { ...ledger, steps: 0 },
    words: `The start was scaled by ${initialisation} with ${calls} of the oracle calls: GradCosine ${cosines(before)} → ${cosines(after)}.`,
  };
}
