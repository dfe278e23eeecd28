import { basename } from 'node:path';
import type { GameTrial, GanTrial, MethodSource, ProblemTrial, TrialRecord } from '@stillpoint/experiments';
import { parseSpec, type Spec } from '@stillpoint/operators';

const namesOf = ({ name, inner }: Spec): readonly string[] => [name, ...inner.flatMap(namesOf)];

/** The names in a method's spec, the outermost first; of a user's own method, the name of its file. */
export function namesIn(method: MethodSource): readonly string[] {
  if (typeof method === 'string') return namesOf(parseSpec(method));
  if ('given' in method) return [`method-${method.given + 1}`];
  const name = basename(method.name).split('.')[0]!;
  return [method.index === 0 ? name : `${name}-${method.index + 1}`];
}

const nested = ({ name, inner }: Spec): string =>
  inner.length === 0 ? name : `${name}(${inner.map(nested).join(', ')})`;

/** A method in a few words, without its options: `lookahead(alternating-adam)`. */
const inShort = (method: MethodSource): string =>
  typeof method === 'string' ? nested(parseSpec(method)) : namesIn(method).join('-');

type Record = TrialRecord<GanTrial | GameTrial | ProblemTrial>;

const withSeed = (words: string, { trial: { seed } }: Record): string =>
  seed === null ? words : `${words} #${seed}`;

/** A trial in a few words: `lookahead(alternating-adam) #2`. */
export const inFewWords = (record: Record): string => withSeed(inShort(record.trial.method), record);

/**
 * How trials of these methods are called while they run: in a few words, with their options if methods differ
 * in nothing else. Default: methods that differ.
 */
export function wordsFor(methods: readonly MethodSource[] = []): (record: Record) => string {
  if (new Set(methods.map(inShort)).size === methods.length) return inFewWords;
  return (record) => {
    const { method } = record.trial;
    return withSeed(typeof method === 'string' ? method : inShort(method), record);
  };
}
