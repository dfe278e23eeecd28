import {
  InputError,
  copy,
  equalData,
  pack,
  unpack,
  type Asking,
  type Data,
  type Method,
  type Question,
  type Space,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { checkMethod } from '../described.js';
import { methodFrom, specOf, type Decorate } from '../registry.js';
import { firstDifference } from './first-difference.js';
import { assign } from './resume.js';

/** Builds a method anew, decorating every method inside it. */
export type Rebuild<S extends State> = (watch: Decorate) => Method<S>;

const asData = (question: Question): Data =>
  ArrayBuffer.isView(question) ? { at: question } : Object.fromEntries(Object.entries(question));
const outside = 'something outside the state: scratch, or a counter hidden in the method';
const vectorsOf = (question: Question): Vector[] =>
  ArrayBuffer.isView(question)
    ? [question]
    : [
        question.at,
        ...('along' in question ? [question.along] : []),
        ...('losses' in question && question.losses ? [question.losses] : []),
      ];
/** The memory that receives losses beside a gradient. */
const lossesOf = (question: Question): Vector | undefined =>
  'losses' in question ? question.losses : undefined;
/** Whether some byte belongs to both: vectors of one space may share a buffer without sharing memory. */
const overlap = (a: ArrayBufferView, b: ArrayBufferView): boolean =>
  a.buffer === b.buffer &&
  a.byteOffset < b.byteOffset + b.byteLength &&
  b.byteOffset < a.byteOffset + a.byteLength;

/** No vector of a state may share memory with another or with z₀, and everything in it must be plain data. */
function checkMemory(name: string, state: State, z0: Vector | undefined): void {
  const seen: ArrayBufferView[] = z0 ? [z0] : [];
  pack(state);
  const walk = (value: unknown, path: string): void => {
    if (ArrayBuffer.isView(value)) {
      if (seen.some((other) => overlap(other, value)))
        throw new InputError(`${name}: ${path} shares memory with another vector`);
      seen.push(value);
    } else if (value !== null && typeof value === 'object')
      for (const [key, entry] of Object.entries(value)) walk(entry, `${path}.${key}`);
  };
  walk(state, 'state');
}

/**
 * The same method without memory outside its state, for tests. At every step its state is packed and
 * unpacked, the method is built anew from (name, options), scratch is filled with NaN, and each answer
 * becomes NaN at the next question. An unchanged copy runs beside it. A question or a state in which the two
 * differ is an error that names the first entry that differs, the value of the rebuilt method first. So it
 * finds stale answers, scratch used as state, aliasing, a hidden counter, a function in the state, and an
 * inner step that is begun but not run (a missing `yield*`).
 * @param rebuild builds a method that is not in the registry.
 */
export function strict<S extends State>(method: Method<S>, rebuild?: Rebuild<S>): Method<State> {
  checkMethod('strict', method);
  const build: Rebuild<State> = rebuild ?? ((watch) => methodFrom(specOf(method), {}, watch));
  const fail = (what: string): InputError => new InputError(`${method.name}: ${what}`);

  /** The inner steps that were begun and have not run to their end, by number. */
  const unfinished = new Map<number, string>();
  let begun = 0;
  const watch: Decorate = (inner) => ({
    ...inner,
    begin(space) {
      const step = inner.begin(space);
      return (state) => {
        const entry = begun++;
        unfinished.set(entry, inner.name);
        return (function* (): Asking {
          yield* step(state);
          unfinished.delete(entry);
        })();
      };
    },
  });

  return {
    name: method.name,
    options: method.options,
    ...(method.uneven ? { uneven: true } : {}),
    ...(method.sampler ? { sampler: true } : {}),
    restart(state, z) {
      build(watch).restart(state, z);
      checkMemory(method.name, state, z);
    },
    ...(method.ended && { ended: (state: State) => build(watch).ended?.(state) }),
    points: (state) => build(watch).points?.(state) ?? {},
    figures: (state) => build(watch).figures?.(state) ?? {},
    init(space, z0) {
      const before = z0.slice();
      const state = method.init(space, z0);
      checkMemory(method.name, state, z0);
      if (z0.some((x, i) => !Object.is(x, before[i]))) throw fail('init changes z0');
      return state;
    },
    begin(space) {
      const forgetful: Space = { ...space, vector: (dim) => space.vector(dim).fill(NaN) };
      const initial = (z: Vector): State => build((m) => m).init(space, z);
      const unchanged = build((m) => m).begin(space);
      let mirror: State | undefined;
      return function* (state) {
        // also after a wrapper's restart
        if (mirror === undefined || !equalData(state, mirror)) mirror = unpack(pack(state), initial(state.z));
        const restored = unpack(pack(state), initial(state.z));
        unfinished.clear();
        const asking = build(watch).begin(forgetful)(restored);
        const shadow = unchanged(mirror);
        let turn = asking.next();
        let mirrored = shadow.next();
        let last: Vector | undefined;
        let questions = 0;
        while (!turn.done) {
          const question = turn.value;
          const before = last;
          if (before !== undefined && vectorsOf(question).some((vector) => overlap(vector, before)))
            throw fail(
              `question ${questions + 1} of a step asks at the vector of the previous answer; copy it first`,
            );
          const apart = mirrored.done
            ? `one more than the ${questions} of the unchanged copy`
            : firstDifference(asData(question), asData(mirrored.value), space.players, 'question');
          if (apart !== undefined)
            throw fail(`question ${questions + 1} of a step depends on ${outside}. ${apart}`);
          questions++;
          const answer: Vector = yield question;
          const twinned = mirrored.done ? undefined : lossesOf(mirrored.value);
          if (twinned) copy(twinned, lossesOf(question) ?? twinned);
          const [own, twin] = [answer.slice(), answer.slice()];
          last?.fill(NaN);
          last = own;
          turn = asking.next(own);
          mirrored = shadow.next(twin);
        }
        last?.fill(NaN);
        for (const name of unfinished.values())
          throw fail(`a step of ${name} was begun but not run to its end; is a yield* missing?`);
        if (questions === 0) throw fail('a step asked nothing; is a yield* missing?');
        checkMemory(method.name, restored, undefined);
        const apart = mirrored.done
          ? firstDifference(restored, mirror, space.players)
          : `${questions} questions, one fewer than the unchanged copy`;
        if (apart !== undefined) throw fail(`its state depends on ${outside}, or a stale answer. ${apart}`);
        assign(state, restored);
      };
    },
  };
}
