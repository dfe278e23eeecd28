import {
  InputError,
  difference,
  isVector,
  type Checkpoint,
  type Method,
  type Problem,
  type Space,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { checkFits, engineWarnings, type Accepted } from './fits.js';
import { newOracleRecord, type OracleRecord } from './oracle.js';

/** How a run continues from a checkpoint. */
export interface ResumeOptions<S extends State> {
  /** Continue from this checkpoint instead of from the start. */
  readonly from?: Checkpoint<S>;
  /**
   * Accept a checkpoint of another problem, method or options, as long as its state has the same shape. The
   * differences are recorded in later checkpoints. Default: false.
   */
  readonly acceptIdentity?: boolean;
}

/**
 * A deep copy of plain data, with each vector in ordinary memory of its own. `structuredClone` would copy the
 * whole memory in which a vector lies.
 */
export function clone<T>(data: T): T;
export function clone(data: unknown): unknown {
  if (isVector(data)) return data.slice();
  if (Array.isArray(data)) return data.map((entry: unknown) => clone(entry));
  if (data === null || typeof data !== 'object') return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, entry]: [string, unknown]) => [key, clone(entry)]),
  );
}

/** Copies plain data into data of equal shape, in place, so that vectors stay in the space's memory. */
export function assign(into: object, from: object): void {
  for (const [key, value] of Object.entries(from)) {
    const held: unknown = Reflect.get(into, key);
    if (isVector(held) && isVector(value)) held.set(value);
    else if (value !== null && typeof value === 'object' && held !== null && typeof held === 'object')
      assign(held, value);
    else Reflect.set(into, key, value);
  }
}

/**
 * The state and record with which a run begins, in the space's memory: new ones, or copies of a checkpoint's.
 */
export interface Beginning<S extends State> {
  readonly state: S;
  readonly record: OracleRecord;
  /** Differences in identity that this run or an earlier one accepted. */
  readonly accepted: Accepted;
  /** Warnings about a checkpoint that another engine computed. */
  readonly warnings: readonly string[];
}

/** The beginning of a run. @throws InputError for a checkpoint of another problem, method or shape. */
export function beginning<S extends State>(
  problem: Problem,
  method: Method<S>,
  space: Space,
  z0: Vector,
  { from, acceptIdentity = false }: ResumeOptions<S>,
): Beginning<S> {
  const fresh = method.init(space, z0);
  const record = newOracleRecord(problem, space);
  if (from === undefined) return { state: fresh, record, accepted: [], warnings: [] };
  const accepted = checkFits(from, problem, method, acceptIdentity);
  const players = problem.players.length;
  const misfit =
    difference(from.state, fresh) ??
    difference(from.buffers, record.buffers, 'buffers') ??
    (from.ledger.gradients.length === players && from.draws.length === players
      ? undefined
      : 'the number of players');
  if (misfit !== undefined)
    throw new InputError(`this checkpoint does not fit ${method.name} on ${problem.name}: ${misfit} differs`);
  assign(fresh, from.state);
  assign(record.buffers, from.buffers);
  return {
    state: fresh,
    accepted,
    warnings: engineWarnings(from.engine, problem.engine),
    record: {
      ledger: clone(from.ledger),
      draws: [...from.draws],
      last: clone(from.last),
      buffers: record.buffers,
    },
  };
}
