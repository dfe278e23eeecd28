import {
  InputError,
  emptyLedger,
  type Asked,
  type Buffers,
  type Done,
  type Drawn,
  type Ledger,
  type Problem,
  type Question,
  type SampleRule,
  type Space,
  type Vector,
} from '@stillpoint/operators';
import { pricing } from './budget.js';
import { productOf } from './products.js';

/** What a run records of its questions, besides the method's state. */
export type OracleRecord = {
  ledger: Ledger;
  /** Samples drawn so far, per player. With the seed they determine the order of the data. */
  draws: number[];
  /** The sample last drawn; null: none, or the whole problem. */
  last: Drawn | null;
  buffers: Buffers;
};

/** The record of a run that has asked nothing. Buffers have their start values, in the space's memory. */
export const newOracleRecord = (problem: Problem, space: Space): OracleRecord => ({
  ledger: emptyLedger(problem.players.length),
  draws: problem.players.map(() => 0),
  last: null,
  buffers: Object.fromEntries(
    (problem.buffers ?? []).map(({ name, length, start = [] }) => {
      const buffer = space.vector(length);
      buffer.set(start);
      return [name, buffer];
    }),
  ),
});

/** Takes a question and returns the answer, a promise of it, or undefined if it would exceed the budget. */
export type Oracle = (question: Question) => Answer | Promise<Answer>;
/** The answer to a question; undefined if it would exceed the budget. */
export type Answer = Vector | undefined;

/** Options of an oracle. */
export interface OracleOptions {
  /** Which of several workers asks: each draws samples of its own. Default: 0. */
  readonly worker?: number;
  /** In calls; the driver changes the limit from step to step. Default: no limit. */
  readonly budget?: { limit: number };
  /**
   * Receives the players' losses at every point where a gradient is asked, if the operator computes them.
   */
  readonly losses?: Vector;
  /** Receives every point where a gradient is asked. */
  readonly lastPoint?: Vector;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
const unlimited = { limit: Infinity };

/** Whether a rule names terms of a finite sum. */
const isTerms = (rule: SampleRule): rule is { readonly terms: readonly number[] } => typeof rule === 'object';

/**
 * Makes the oracle of a run, the only caller of its problem. It writes a question into the ledger before it
 * evaluates it, so that nothing beyond the budget is evaluated. Answers share memory: each is valid until the
 * next question.
 */
export function oracleFor(
  problem: Problem,
  space: Space,
  record: OracleRecord,
  options: OracleOptions = {},
): Oracle {
  const { worker = 0, budget = unlimited, losses: kept, lastPoint } = options;
  const { terms, players, name } = problem;
  const exact = problem.draw === undefined;
  const whole = terms?.count ?? 1;
  const drawn = exact ? whole : (terms?.drawn ?? whole);
  const { ledger, draws } = record;
  const { gradients } = ledger;
  const out = space.vector();
  const calls = pricing(problem);
  const asked: Writable<Asked> = {
    player: undefined,
    sample: undefined,
    losses: undefined,
    buffers: record.buffers,
  };
  let values: Vector | undefined;
  let residuals: Vector | undefined;
  let productHere: ReturnType<typeof productOf> | undefined;
  let productOnMean: typeof productHere;
  let held: { readonly of: Drawn; readonly sample: unknown } | undefined;
  let onMean = false;

  const lacks = (what: string): InputError => new InputError(`${name} has no ${what}`);
  const materialise = (of: Drawn): unknown => {
    if ('call' in of) return problem.draw?.(of.call, of.player ?? undefined, worker);
    if (!terms) throw new InputError(`${name} is not a finite sum: it has no term ${of.terms.join(', ')}`);
    if (of.terms.length === 0)
      throw new InputError(
        `${name} is asked on an empty set of terms; expected at least one term, from 0 to ${whole - 1}`,
      );
    for (const term of of.terms) {
      if (!(Number.isInteger(term) && term >= 0 && term < whole))
        throw new InputError(`${name} has no term ${term}; expected whole numbers from 0 to ${whole - 1}`);
    }
    return terms.sample(of.terms);
  };
  /** A joint draw moves every player's counter past the largest. */
  const fresh = (player: number | undefined): Drawn => {
    let call = 0;
    if (player !== undefined) call = draws[player]!++;
    else {
      for (let p = 0; p < draws.length; p++) call = Math.max(call, draws[p]!);
      draws.fill(call + 1);
    }
    return { call, player: player ?? null };
  };
  /** Puts the sample into `asked`; returns how many terms it holds. */
  const take = (rule: SampleRule, player: number | undefined): number => {
    if (player !== undefined && players[player] === undefined)
      throw new InputError(
        `${name} has no player ${player}; expected a whole number from 0 to ${players.length - 1}`,
      );
    asked.player = player;
    asked.losses = undefined;
    onMean = false;
    if (rule === 'all' || (rule === 'fresh' && exact)) {
      if (rule === 'all' && !exact && !terms) {
        if (!problem.mean) throw lacks('mean: it can be asked on samples only');
        onMean = true;
      }
      asked.sample = undefined;
      if (rule === 'fresh') {
        held = undefined;
        record.last = null;
      }
      return whole;
    }
    if (rule !== 'same') {
      const of: Drawn = isTerms(rule) ? { terms: [...rule.terms] } : fresh(player);
      record.last = of;
      held = { of, sample: materialise(of) };
    } else if (record.last === null) {
      if (!exact) throw new InputError(`the method asks ${name} for the same sample, but none was drawn yet`);
      held = undefined;
    } else if (held?.of !== record.last) held = { of: record.last, sample: materialise(record.last) };
    asked.sample = held?.sample;
    return held === undefined ? whole : 'call' in held.of ? drawn : held.of.terms.length;
  };
  /** The problem on which a question is evaluated: this one, or its mean. */
  const source = (): Problem => (onMean ? problem.mean! : problem);
  const after = (wait: Done, answer: Vector): Vector | Promise<Vector> =>
    wait ? wait.then(() => answer) : answer;
  const over = (): boolean => budget.limit !== Infinity && calls(ledger) > budget.limit + 2 ** -20;

  const gradient = (
    at: Vector,
    player: number | undefined,
    rule: SampleRule,
    wanted: Vector | undefined,
  ): Answer | Promise<Answer> => {
    const size = take(rule, player);
    if (player !== undefined) gradients[player]! += size;
    else for (let p = 0; p < players.length; p++) gradients[p]! += size;
    if (over()) return undefined;
    lastPoint?.set(at);
    const memory = wanted ?? kept;
    asked.losses = memory;
    if (memory && (wanted || player === undefined)) memory.fill(NaN);
    const full = source();
    const wait = full.operator(at, out, asked);
    if (!wanted) return after(wait, out);
    /** Losses that the operator did not compute are asked for, and counted. */
    const fill = (): Answer | Promise<Answer> => {
      const missing = player === undefined ? wanted.some(Number.isNaN) : Number.isNaN(wanted[player]);
      if (!missing) return out;
      if (!full.losses) throw lacks('losses');
      ledger.losses += size;
      return over() ? undefined : after(full.losses(at, wanted, asked), out);
    };
    return wait ? wait.then(fill) : fill();
  };

  /** What an exact problem receives for a bare question: one object, so that nothing is allocated. */
  const plain: Asked = { player: undefined, sample: undefined, losses: undefined, buffers: record.buffers };
  const direct = exact && kept === undefined && lastPoint === undefined;

  return (question) => {
    if (ArrayBuffer.isView(question)) {
      if (!direct || budget.limit !== Infinity) return gradient(question, undefined, 'fresh', undefined);
      for (let p = 0; p < gradients.length; p++) gradients[p]! += whole;
      record.last = null;
      const wait = problem.operator(question, out, plain);
      return wait ? wait.then(() => out) : out;
    }
    const { at } = question;
    switch (question.want) {
      case 'gradient':
        return gradient(at, question.player, question.sample ?? 'fresh', question.losses);
      case 'losses': {
        const size = take(question.sample ?? 'fresh', undefined);
        const full = source();
        if (!full.losses) throw lacks('losses; expected a function losses(z, out)');
        ledger.losses += size;
        const answer = (values ??= space.vector(players.length));
        return over() ? undefined : after(full.losses(at, answer, asked), answer);
      }
      case 'product': {
        const { along, transposed = false, sample = 'same' } = question;
        const size = take(sample, undefined);
        if (transposed) ledger.transposedProducts += size;
        else ledger.products += size;
        if (over()) return undefined;
        const product = onMean
          ? (productOnMean ??= productOf(source(), space))
          : (productHere ??= productOf(problem, space));
        return after(product(at, along, out, transposed, asked), out);
      }
      case 'residual':
      case 'residual-product': {
        const size = take(question.sample ?? 'same', undefined);
        const r = source().residual;
        if (!r) throw lacks('residual');
        const answer = (residuals ??= space.vector(r.length));
        if (question.want === 'residual') {
          ledger.residuals += size;
          return over() ? undefined : after(r.value(at, answer, asked), answer);
        }
        const { along, transposed = false } = question;
        ledger.residualProducts += size;
        const into = transposed ? out : answer;
        return over() ? undefined : after(r.product(at, along, into, transposed, asked), into);
      }
      default:
        throw new InputError(
          `a question wants ${String(Reflect.get(question, 'want'))}; expected gradient, losses, product, residual or residual-product`,
        );
    }
  };
}
