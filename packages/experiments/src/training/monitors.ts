import { shortNumber } from '@stillpoint/operators';
import type { Block, Player, Problem, Vector } from '@stillpoint/operators';
import type { Column, Measure } from '@stillpoint/tracking';

/** A row of a run's metrics. */
export interface Row {
  readonly step: number;
  readonly calls: number;
  readonly seconds: number;
  readonly values: { readonly [name: string]: Measure };
}

/** A warning about a run: its name, by which it is given once, and the evidence in words. */
export interface Warning {
  readonly name: string;
  readonly message: string;
}

/** What the monitors know of a run besides its rows. */
export interface Monitored {
  readonly players: readonly Player[];
  readonly columns: readonly Column[];
  readonly budget: number;
  /** Whether points stay in a set: a gradient then need not go to zero where training comes to rest. */
  readonly constrained: boolean;
}

/** Rows that a monitor looks back at; fewer are not evidence. */
const WINDOW = 20;
/** Measurements after which a metric that has not improved is flat. */
const MEASURES = 8;

/** The values of a series with the calls at which they were recorded, without gaps. */
function series(rows: readonly Row[], name: string): readonly (readonly [calls: number, value: number])[] {
  return rows.flatMap(({ calls, values }) => {
    const value = values[name];
    return value === null || value === undefined ? [] : [[calls, value] as const];
  });
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const recent = (rows: readonly Row[], name: string): readonly number[] =>
  series(rows, name)
    .slice(-WINDOW)
    .map(([, value]) => value);

/** Generated examples that have become, or stay, much alike. */
function collapse(rows: readonly Row[], { budget }: Monitored): Warning | undefined {
  const all = series(rows, 'diversity');
  const [now, before] = [all.at(-1), all.at(-2)];
  if (now === undefined || before === undefined || rows.length < WINDOW) return undefined;
  // two measurements in a row, so that a single bad one is no alarm
  if (Math.max(now[1], before[1]) > 0.1) return undefined;
  const most = Math.max(...all.map(([, value]) => value));
  const percent = (x: number): string => `${shortNumber(100 * x)} %`;
  const words = `their variance is ${percent(now[1])} of that of real ones at ${now[0]} calls (${percent(before[1])} at ${before[0]})`;
  // at its start a generator makes much the same of all noise
  if (most < 0.2)
    return now[0] < budget / 2
      ? undefined
      : { name: 'collapse', message: `The generated examples have stayed much alike: ${words}.` };
  return {
    name: 'collapse',
    message: `The generated examples have become much alike: ${words}; it was up to ${percent(most)}. G may have collapsed to a few examples; see the pictures in samples/.`,
  };
}

/** A mixture's modes that were covered and are not any more. */
function lostModes(rows: readonly Row[]): Warning | undefined {
  const all = series(rows, 'modes');
  const [now, before] = [all.at(-1), all.at(-2)];
  if (now === undefined || before === undefined) return undefined;
  const most = Math.max(...all.map(([, value]) => value));
  if (most < 4 || Math.max(now[1], before[1]) > most / 2) return undefined;
  return {
    name: 'lost-modes',
    message: `Modes were lost: ${now[1]} are covered at ${now[0]} calls (${before[1]} at ${before[0]}); there were up to ${most}.`,
  };
}

/** D tells real from generated so well that G learns little. */
function saturated(rows: readonly Row[]): Warning | undefined {
  const [losses, gradients] = [recent(rows, 'loss D'), recent(rows, 'gradient norm G')];
  const all = series(rows, 'gradient norm G').map(([, value]) => value);
  if (losses.length < WINDOW || gradients.length < WINDOW || all.length < 2 * WINDOW) return undefined;
  const [loss, gradient, early] = [median(losses), median(gradients), median(all.slice(0, WINDOW))];
  // of a logistic loss: 0.02 means that D is right with a probability of over 98 % on both sides
  if (!(loss >= 0 && loss < 0.02 && gradient < early / 10)) return undefined;
  return {
    name: 'discriminator-saturated',
    message: `D is saturated: its loss was ${shortNumber(loss)} (median of ${WINDOW} rows), and the gradient of G is ${shortNumber(gradient)} where it was ${shortNumber(early)} in the first rows. G learns little; a smaller step size for D, a penalty such as r1, or spectral norm keeps D from it.`,
  };
}

/** Gradients of two players that differ by orders of magnitude. */
function gradientRatio(rows: readonly Row[], { players, constrained }: Monitored): Warning | undefined {
  if (players.length !== 2 || constrained) return undefined;
  const [a, b] = players.map(({ name }) => ({ name, norm: median(recent(rows, `gradient norm ${name}`)) }));
  if (a === undefined || b === undefined || recent(rows, `gradient norm ${a.name}`).length < WINDOW)
    return undefined;
  const [small, large] = a.norm < b.norm ? [a, b] : [b, a];
  if (!(large.norm > 1000 * small.norm)) return undefined;
  return {
    name: 'gradient-ratio',
    message: `The gradient of ${small.name} is ${shortNumber(small.norm)}, that of ${large.name} ${shortNumber(large.norm)} (medians of ${WINDOW} rows): ${small.name} hardly learns beside it, unless its step size makes up for it, as Adam’s does.`,
  };
}

/** A player that jumps back and forth. */
function rotation(rows: readonly Row[], { players }: Monitored): Warning | undefined {
  for (const { name } of players) {
    const cosines = recent(rows, `rotation ${name}`);
    const cosine = median(cosines);
    if (cosines.length < WINDOW || !(cosine < -0.5)) continue;
    return {
      name: `rotation ${name}`,
      message: `${name} jumps back and forth: the cosine between one of its steps and the next is ${shortNumber(cosine)} (median of ${WINDOW} rows). Its step size is too large; halve it, or wrap the method in lookahead.`,
    };
  }
  return undefined;
}

/** A metric that no longer improves. */
function flat(rows: readonly Row[], { columns, budget }: Monitored): Warning | undefined {
  const column = columns[0];
  const last = rows.at(-1);
  if (column === undefined || last === undefined || last.calls >= budget) return undefined;
  const all = series(rows, column.name);
  if (all.length < 2 * MEASURES) return undefined;
  const best = (part: readonly (readonly [number, number])[]): number =>
    part.reduce((least, [, x]) => Math.min(least, column.better === 'lower' ? x : -x), Infinity);
  const [early, late] = [best(all.slice(0, -MEASURES)), best(all.slice(-MEASURES))];
  if (late < early) return undefined;
  // as good as a perfect run, as measured on real examples
  const perfect = column.best ?? NaN;
  if (column.better === 'lower' ? late <= perfect : late <= -perfect) return undefined;
  const shown = (x: number): string => shortNumber(column.better === 'lower' ? x : -x);
  return {
    name: 'flat',
    message: `${column.label} has not improved in the last ${MEASURES} measurements: at best ${shown(late)} since ${all.at(-MEASURES)![0]} calls, ${shown(early)} before.`,
  };
}

/** A distance that is larger than before training. */
function worse(rows: readonly Row[], { columns }: Monitored): Warning | undefined {
  const column = columns[0];
  if (column === undefined || column.better !== 'lower') return undefined;
  const [first, ...more] = series(rows, column.name);
  const [now, before] = [more.at(-1), more.at(-2)];
  if (first === undefined || now === undefined || before === undefined) return undefined;
  if (!(first[1] > 0 && Math.min(now[1], before[1]) > 3 * first[1])) return undefined;
  return {
    name: 'worse',
    message: `${column.label} is ${shortNumber(now[1])} at ${now[0]} calls (${shortNumber(before[1])} at ${before[0]}), ${shortNumber(now[1] / first[1])} times what it was before the first step, ${shortNumber(first[1])}: the run went away from the data. A smaller step size is the first thing to try.`,
  };
}

const monitors: readonly ((rows: readonly Row[], of: Monitored) => Warning | undefined)[] = [
  collapse,
  lostModes,
  saturated,
  gradientRatio,
  rotation,
  worse,
  flat,
];

/** The warnings about a run with these rows, each with its evidence. A pure function of them. */
export const warningsOf = (rows: readonly Row[], of: Monitored): readonly Warning[] =>
  monitors.flatMap((monitor) => monitor(rows, of) ?? []);

/** Within this number of steps a method that accepts one in four rejects all with probability 3e-13. */
const FEW = 100;

/**
 * Looks for tensors that have not moved between two calls: behind batch norm over one value, after a moment
 * that overflowed, or cut off from the loss. The first call compares with `start`, the point at step `from`.
 */
export function stillBlocks(
  { blocks = [] }: Problem,
  start: Vector,
  from: number,
): (z: Vector, step: number) => Warning | undefined {
  const last = start.slice();
  let at = from;
  return (z, step) => {
    if (step === at) return undefined;
    const sizeOf = ({ shape }: Block): number => shape.reduce((n, side) => n * side, 1);
    const stayed = blocks.filter((block) => {
      const { offset } = block;
      return z.subarray(offset, offset + sizeOf(block)).every((x, i) => x === last[offset + i]);
    });
    const since = at;
    last.set(z);
    at = step;
    // where no tensor has moved, the method moves its point at some of its steps only, as lookahead does
    if (stayed.length === blocks.length) return undefined;
    // and within a few steps it may have rejected all of a player's, as greedy-adam does
    const waits = (player: number): boolean =>
      step - since < FEW && blocks.every((block) => block.player !== player || stayed.includes(block));
    // a loss of differences of logits, as Wasserstein's, does not depend on D's last bias
    const still = stayed.filter((block) => sizeOf(block) > 1 && !waits(block.player));
    if (still.length === 0) return undefined;
    const names = still.map(({ name }) => name).join(', ');
    return {
      name: `still ${names}`,
      message: `${names} ${still.length === 1 ? 'has' : 'have'} not moved from step ${since} to step ${step}: ${still.length === 1 ? 'its gradient is' : 'their gradients are'} zero (behind batch norm over one value, or cut off from the loss), or the method’s memory overflowed there.`,
    };
  };
}
