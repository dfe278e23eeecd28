import { InputError, contentHash, shown, uniform } from '@stillpoint/operators';
import { GIVEN, checkBatch, checkWords, optionsOf, room } from './check.js';
import type { Dataset } from './types.js';

/** Options of {@link textSet}. */
export interface TextSetOptions {
  readonly name: string;
  /** One line for reports. Default: `given as a text`. */
  readonly describe?: string;
  /** The text. It is taken as it is: letters keep their case, ends of lines are characters. */
  readonly text: string;
  /** Characters of an example. Default 33: a language model then predicts 32, each from those before it. */
  readonly length?: number;
  /**
   * The characters that there may be, in the order of their tokens. Default: those of the text, sorted by
   * code point. Give that of one text to another for the same tokens.
   */
  readonly vocabulary?: readonly string[];
}

/**
 * A text as characters. A token is the index of a character in `vocabulary`; an example is a window of
 * `shape[0]` of them, one after another in the text.
 */
export interface TextSet extends Dataset {
  /** Number of characters of the text. A character is a code point. */
  readonly count: number;
  /** The characters, by token. */
  readonly vocabulary: readonly string[];
  /** The whole text in tokens. */
  readonly tokens: Uint32Array;
  /** The text of tokens. @throws InputError for numbers that are no tokens. */
  readonly decode: (tokens: ArrayLike<number>) => string;
}

/** Two parts of one text, with the same vocabulary. */
export interface TextParts {
  /** The beginning, to train on. */
  readonly train: TextSet;
  /** The end, which training never sees. */
  readonly test?: TextSet;
}

/** The characters of a text, without repetition, in the order of code points. */
export const charactersOf = (text: string): readonly string[] =>
  [...new Set(text)].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);

function checkVocabulary(name: string, given: unknown): readonly string[] {
  const characters: readonly unknown[] = Array.isArray(given) ? given : [];
  const odd = characters.findIndex((one) => typeof one !== 'string' || Array.from(one).length !== 1);
  if (characters.length === 0 || odd >= 0)
    throw new InputError(
      `${name}: ${odd < 0 ? `vocabulary is ${shown(given)}` : `character ${odd} of the vocabulary is ${shown(characters[odd])}`}; expected a list of single characters, as ['\\n', ' ', 'a']`,
    );
  const twice = characters.find((one, i) => characters.indexOf(one) !== i);
  if (twice !== undefined)
    throw new InputError(`${name}: the vocabulary has ${shown(twice)} twice; expected different characters`);
  return characters.map(String);
}

/**
 * A text whose examples are windows of characters. Every batch draws where its windows begin, each place
 * equally likely, with replacement: a pure function of (seed, call, player, worker).
 * @throws InputError for a text shorter than one window, for a character that the vocabulary lacks, and for
 *   options that are not valid.
 */
export function textSet(options: TextSetOptions): TextSet {
  const {
    name,
    describe = GIVEN,
    text,
    length = 33,
    vocabulary: given,
  } = optionsOf('textSet', options, "{ name: 'mine', text: '…' }");
  checkWords(name, describe);
  if (typeof text !== 'string') throw new InputError(`${name}: text is ${shown(text)}; expected a string`);
  if (!Number.isInteger(length) || length < 1 || length > 0xffffffff)
    throw new InputError(`${name}: length is ${shown(length)}; expected a whole number > 0, such as 33`);
  const vocabulary = given === undefined ? charactersOf(text) : checkVocabulary(name, given);
  const indices = new Map(vocabulary.map((character, i) => [character, i]));
  const all = new Uint32Array(text.length); // code points are as many at most
  let count = 0;
  for (const character of text) {
    const token = indices.get(character);
    if (token === undefined)
      throw new InputError(
        `${name}: character ${count} is ${shown(character)}, which is not among the ${vocabulary.length} of the vocabulary; expected one of them`,
      );
    all[count++] = token;
  }
  if (count < length)
    throw new InputError(
      `${name}: the text has ${count} character${count === 1 ? '' : 's'}; expected ${length} at least, the length of one example`,
    );
  const tokens = all.slice(0, count);
  const places = count - length + 1;
  return {
    name,
    identity: {
      kind: 'text',
      name,
      length,
      characters: vocabulary.length,
      text: contentHash(new Uint8Array(tokens.buffer)),
      vocabulary: contentHash(vocabulary.join('')),
    },
    shape: [length],
    describe,
    count,
    vocabulary,
    tokens,
    decode: (some) =>
      Array.from(some, (token) => {
        const character = vocabulary[token];
        if (character === undefined)
          throw new InputError(
            `${name}: found the token ${shown(token)}; expected a whole number from 0 to ${vocabulary.length - 1}`,
          );
        return character;
      }).join(''),
    batch(size, stream, out) {
      checkBatch(name, size, stream);
      const batch = room(name, size, [length], out);
      const starts = uniform(new Float64Array(size), { ...stream, purpose: 'windows' });
      for (let i = 0; i < size; i++) {
        const from = Math.floor(starts[i]! * places);
        batch.set(tokens.subarray(from, from + length), i * length);
      }
      return batch;
    },
  };
}
