import { queryOf, readMethod, readNumber, type Read } from '../link.js';
import { ringChoices, ringRefusal } from './methods.js';

/** What a link to the page of the ring GAN says. */
export interface RingState {
  /** A spec. */
  readonly method: string;
  /** Seed of the start, the data and the noise. */
  readonly seed: number;
  /** The step after which training stops. */
  readonly steps: number;
}

const usual: RingState = {
  method: 'lookahead(alternating-adam(stepSize=0.002, beta1=0.5), steps=200)',
  seed: 1,
  steps: 18_000,
};
/** The most steps of a run. */
export const MOST_STEPS = 1_000_000;
/** The largest seed: one 32-bit word. */
export const MOST_SEED = 2 ** 32 - 1;

/** The query of a link to a state. */
export const writeRing = ({ method, seed, steps }: RingState): string =>
  queryOf([
    ['method', method],
    ['seed', String(seed)],
    ['steps', String(steps)],
  ]);

/** The state of a link's query. What it does not say is as on a first visit. */
export function readRing(text: string): Read<RingState> {
  const query = new URLSearchParams(text);
  const messages: string[] = [];
  const given = query.get('method');
  const method = given === null ? undefined : readMethod(given, ringRefusal, ringChoices, messages);
  if (given !== null && method === undefined) messages.push(`This is ${usual.method}.`);
  const whole = (key: 'seed' | 'steps', from: number, to: number): number =>
    readNumber(query, key, { from, to, whole: true, otherwise: usual[key] }, messages);
  return {
    state: {
      method: method ?? usual.method,
      seed: whole('seed', 0, MOST_SEED),
      steps: whole('steps', 1, MOST_STEPS),
    },
    messages,
  };
}
