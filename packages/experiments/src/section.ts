import type { Data, Prices } from '@stillpoint/operators';
import type { Column, Goal, Plot, Run, Section } from '@stillpoint/tracking';
import type { Contender } from './contenders.js';
import { endOf, seriesOf, type TrialRecord } from './trial/record.js';
import type { GameTrial, GanTrial, ProblemTrial } from './trial/trial.js';
import { claimsOf } from './verdict/claims.js';
import { sentencesOf } from './verdict/sentences.js';

/** What a section states of its problem and of the comparison. */
export interface Frame {
  readonly title: string;
  readonly problem: string;
  readonly about: string;
  readonly players: readonly string[];
  readonly prices: Prices;
  readonly terms: number;
  readonly columns: readonly Column[];
  readonly headline: string;
  readonly goal?: Goal;
  /** What runs are to reach, in words, if columns state the calls that they needed for it. */
  readonly target?: string;
  readonly seeds: number;
  /** If the runs are short ones of which only the pictures are to be judged: their budget in words. */
  readonly look?: string;
  /** What every run depends on beside its method and seed. */
  readonly identity: { readonly [name: string]: Data };
  readonly settings: { readonly [name: string]: string };
  plotsOf(runs: readonly Run[]): readonly Plot[];
  /** The values by which a run is judged. Default: those that the trial reported. */
  valuesOf?(series: Run['series']): Run['values'];
}

/**
 * The section that records make as they are now. They are in the order of the trials: every contender with
 * the first seed, then with the next. A trial that is still running is shown as stopped.
 */
export function sectionOf<T extends GameTrial | GanTrial | ProblemTrial>(
  records: readonly TrialRecord<T>[],
  contenders: readonly Contender[],
  frame: Frame,
): Section {
  const { title, problem, about, players, columns, headline, goal, seeds, look, settings } = frame;
  // each run reports the prices of what it asked; the rest are those of the frame
  const prices: Prices = Object.assign({ ...frame.prices }, ...records.map((record) => record.prices));
  const terms = records.find((record) => record.terms !== undefined)?.terms ?? frame.terms;
  const placed = records.map((record, i) => ({ record, contender: contenders[i % contenders.length]! }));
  const runs = placed.flatMap(({ record, contender }): Run[] => {
    if (record.status === 'waiting') return [];
    const series = seriesOf(record);
    const { seed } = record.trial;
    return [
      {
        identity: { ...frame.identity, method: contender.method, seed },
        ...contender,
        seed,
        ...(record.copyOf === undefined ? {} : { copyOf: record.copyOf }),
        ...endOf(record),
        ledger: record.ledger,
        calls: record.calls,
        seconds: record.status === 'failed' ? null : record.seconds,
        values: frame.valuesOf?.(series) ?? record.values,
        ...(record.figures && { figures: record.figures }),
        series,
        pictures: record.pictures,
        claims: record.claims,
      },
    ];
  });
  const order = contenders.map(({ label }) => label);
  runs.sort((a, b) => order.indexOf(a.label) - order.indexOf(b.label) || (a.seed ?? 0) - (b.seed ?? 0));
  const waiting = placed.flatMap(({ record, contender: { label } }) =>
    record.status === 'waiting' ? [{ label, seed: record.trial.seed }] : [],
  );
  const claims = claimsOf({
    runs,
    columns,
    headline,
    ...(goal ? { goal } : {}),
    ...(frame.target === undefined ? {} : { target: frame.target }),
    seeds,
    waiting,
    ...(look === undefined ? {} : { look }),
  });
  return {
    title,
    problem,
    about,
    runs,
    columns,
    headline,
    ...(goal ? { goal } : {}),
    seeds,
    players,
    prices,
    terms,
    plots: frame.plotsOf(runs),
    settings,
    claims,
    verdict: sentencesOf(claims, { problem, ...(goal ? { goal } : {}) }),
  };
}
