import {
  InputError,
  type Asking,
  type Ledger,
  type Problem,
  type Space,
  type Vector,
} from '@stillpoint/operators';
import { OVER, ask, settle, type Running } from '../drivers/asking.js';
import { newOracleRecord, oracleFor } from '../drivers/oracle.js';
import { spaceFor } from '../drivers/space.js';

/** What a probe found, and what it asked of the oracle. */
export interface Probed<R> {
  readonly value: R;
  readonly ledger: Ledger;
}

/**
 * Runs a probe (a generator of questions) on a problem, with a ledger of its own, so that its questions are
 * not counted as a method's. `same` before any draw is draw 0.
 */
export function* probing<R>(
  problem: Problem,
  like: Vector,
  probe: (problem: Problem, space: Space) => Asking<R>,
  seed = 0,
): Running<Probed<R>> {
  const space = spaceFor(problem, like, { seed });
  const record = newOracleRecord(problem, space);
  if (problem.draw) record.last = { call: 0, player: null };
  const value = yield* ask(probe(problem, space), oracleFor(problem, space, record));
  if (value === OVER) throw new Error('a probe has no budget');
  return { value, ledger: record.ledger };
}

/**
 * Runs a probe on a synchronous problem and returns its value. @throws InputError if the problem is
 * asynchronous.
 */
export function probed<R>(
  problem: Problem,
  like: Vector,
  probe: (problem: Problem, space: Space) => Asking<R>,
  seed = 0,
): R {
  const done = settle(probing(problem, like, probe, seed));
  if (done instanceof Promise) {
    done.catch(() => {}); // nothing waits for it
    throw new InputError(`${problem.name} is asynchronous; use probeAsync`);
  }
  return done.value;
}

/** Runs a probe on any problem; returns its value and ledger. */
export async function probeAsync<R>(
  problem: Problem,
  like: Vector,
  probe: (problem: Problem, space: Space) => Asking<R>,
  seed = 0,
): Promise<Probed<R>> {
  return settle(probing(problem, like, probe, seed));
}
