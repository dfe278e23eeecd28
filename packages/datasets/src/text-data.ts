import { InputError, integer, number, type Option } from '@stillpoint/operators';
import type { BuiltDataset } from './built.js';
import { baseOf, embeddedFolder, read, sha256, within } from './files.js';
import { SHARE } from './held-out.js';
import { charactersOf, textSet, type TextParts, type TextSet } from './text.js';

/** The option that every row of a text has. */
export const windowLength: Option<number> & { readonly default: number } = integer({
  about: 'characters of an example; a language model predicts all but the first, each from those before it',
  from: 2,
  default: 33,
});

/** The option of a text of one's own. */
export const heldOutEnd: Option<number | null> & { readonly default: number | null } = number({
  about: 'share of the text, at its end, that no run trains on',
  from: 0,
  below: 1,
  default: null,
  orNull: String(SHARE),
});

/** Whether bytes are UTF-8, or may be the beginning of it. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** @throws InputError that says where the bytes cease to be UTF-8. */
function decoded(path: string, bytes: Uint8Array): string {
  if (bytes.length === 0) throw new InputError(`${path}: the file is empty; expected a text`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    let [good, end] = [0, bytes.length + 1]; // `good` bytes are UTF-8, `end` bytes are not
    while (end - good > 1) {
      const middle = (good + end) >> 1;
      if (isUtf8(bytes.subarray(0, middle))) good = middle;
      else end = middle;
    }
    const found =
      good === bytes.length
        ? 'the file ends within a character'
        : `byte ${good} is 0x${bytes[good]!.toString(16).padStart(2, '0')}, which in UTF-8 cannot be there`;
    throw new InputError(
      `${path}: ${found}; expected a text in UTF-8: convert the file, as with iconv -t UTF-8`,
      { cause },
    );
  }
}

/** The last `share` of a text is held out; the vocabulary is that of the whole. */
function split(
  name: string,
  describe: string,
  text: string,
  { length, share, path }: { readonly length: number; readonly share: number; readonly path: string },
): TextParts {
  const characters = Array.from(text);
  const held = share === 0 ? 0 : Math.max(1, Math.round(share * characters.length));
  const shortest = Math.min(characters.length - held, held === 0 ? Infinity : held);
  if (shortest < length)
    throw new InputError(
      `${path}: the text has ${characters.length} characters, of which ${held} are held out; expected ${length}, the length of one example, at least in each part: give a longer text, a shorter length${held > 0 ? ' or another heldOut' : ''}`,
    );
  const vocabulary = charactersOf(text);
  const part = (from: number, to: number, what: string): TextSet =>
    textSet({
      name,
      describe: `${(to - from).toLocaleString('en')} characters of ${describe}, ${vocabulary.length} different ones; ${what}`,
      text: characters.slice(from, to).join(''),
      length,
      vocabulary,
    });
  const end = characters.length - held;
  return {
    train: part(0, end, held === 0 ? 'all of it' : 'its beginning'),
    ...(held > 0 && { test: part(end, characters.length, 'its end') }),
  };
}

const built = (parts: TextParts): BuiltDataset => ({ train: parts.train, text: parts });

/** Options of the row `text`; null: not given. */
export interface TextData {
  readonly path: string;
  readonly length: number;
  readonly heldOut: number | null;
}

/** The characters of a user's file in UTF-8; a byte order mark is left out. */
export async function textData({ path, length, heldOut }: TextData): Promise<BuiltDataset> {
  const text = decoded(path, await read(path));
  return built(split('text', baseOf(path), text, { length, share: heldOut ?? SHARE, path }));
}

const FILE = 'genesis-exodus.txt';
const SHA256 = '3faae4bdcd163d415b11d75992ab625db87570a8fc93632209a0cae3244b7f2a';

/**
 * Genesis and Exodus of the King James Version (1611, public domain), 366,194 characters of 62 kinds,
 * one verse a line: the last tenth is held out. Node only. Source: Debian's package bible-kjv-text 4.38;
 * `data/king-james/LICENSE` in this package has its terms.
 * @param options `length`: characters of an example, default 33.
 */
export async function kingJames(options: { readonly length?: number } = {}): Promise<Required<TextParts>> {
  const { length = windowLength.default } = options;
  const path = within(embeddedFolder('king-james'), FILE);
  const bytes = await read(path);
  const digest = sha256(bytes);
  if (digest !== SHA256)
    throw new InputError(
      `${path}: found content of SHA-256 ${digest}; expected ${SHA256}; install the package again`,
    );
  const { train, test } = split(
    'king-james',
    'Genesis and Exodus in the King James Version',
    decoded(path, bytes),
    { length, share: SHARE, path },
  );
  if (test === undefined) throw new Error('a tenth is held out');
  return { train, test };
}

/** The row `king-james`. */
export const kingJamesData = async (options: { readonly length: number }): Promise<BuiltDataset> =>
  built(await kingJames(options));
