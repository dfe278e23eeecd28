import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@stillpoint/operators';
import { describe, expect, it } from 'vitest';
import { folder } from '../../../testing/folder.js';
import { datasetFrom, kingJames, textSet } from '../src/index.js';

const at = (call: number) => ({ seed: 3, call });
const fileOf = (content: string | Uint8Array): string => {
  const path = join(folder(), 'book.txt');
  writeFileSync(path, content);
  return path;
};
const spec = (path: string, rest = ''): string => `text(path=${JSON.stringify(path)}${rest})`;

describe('textSet', () => {
  const text = 'abracadabra, 𝔸𝔹\r\n';
  it('numbers characters, which are code points, in their order', () => {
    const set = textSet({ name: 'mine', text, length: 3 });
    expect(set.vocabulary).toEqual(['\n', '\r', ' ', ',', 'a', 'b', 'c', 'd', 'r', '𝔸', '𝔹']);
    expect([set.count, set.tokens.length, set.shape]).toEqual([17, 17, [3]]);
    expect(set.decode(set.tokens)).toBe(text);
    expect(() => set.decode([11])).toThrow('found the token 11; expected a whole number from 0 to 10');
    expect(() => set.decode([0.5])).toThrow(InputError);
  });

  it('draws windows that stand in the text, each place equally often', () => {
    const set = textSet({ name: 'mine', text, length: 5 });
    const places = Array.from({ length: 13 }, (_, i) =>
      Array.from(text)
        .slice(i, i + 5)
        .join(''),
    );
    const found = new Map(places.map((window) => [window, 0]));
    const draws = 13_000;
    const batch = set.batch(draws, at(0));
    for (let i = 0; i < draws; i++) {
      const window = set.decode(batch.subarray(5 * i, 5 * i + 5));
      found.set(window, found.get(window)! + 1); // NaN for a window that is none
    }
    // a count has mean 1000 and deviation √(13,000·(1/13)(12/13)) = 30.4
    for (const [window, times] of found) expect(Math.abs(times - 1000), window).toBeLessThan(6 * 30.4);
  });

  it('has batches that are a pure function of the stream', () => {
    const set = textSet({ name: 'mine', text, length: 4 });
    const one = set.batch(50, at(7));
    expect(set.batch(50, at(7), new Float32Array(200))).toEqual(one);
    expect(textSet({ name: 'mine', text, length: 4 }).batch(50, at(7))).toEqual(one);
    for (const other of [at(8), { seed: 4, call: 7 }, { ...at(7), worker: 1 }, { ...at(7), player: 1 }])
      expect(set.batch(50, other)).not.toEqual(one);
  });

  it('takes the vocabulary of another text, and refuses a character that it lacks', () => {
    const { vocabulary, identity } = textSet({ name: 'mine', text, length: 3 });
    const part = textSet({ name: 'mine', text: 'bad', length: 3, vocabulary });
    expect([...part.tokens]).toEqual([5, 4, 7]);
    expect([...part.batch(1, at(0))]).toEqual([5, 4, 7]);
    expect(part.identity).not.toEqual(identity);
    expect(() => textSet({ name: 'mine', text: 'bag', length: 3, vocabulary })).toThrow(
      'mine: character 2 is "g", which is not among the 11 of the vocabulary',
    );
  });

  it.each([
    [{ name: 'mine', text: 'ab', length: 3 }, 'the text has 2 characters; expected 3 at least'],
    [{ name: 'mine', text: '' }, 'the text has 0 characters; expected 33 at least'],
    [{ name: 'mine', text: 3 }, 'text is 3; expected a string'],
    [{ name: '', text: 'a' }, 'the name of a data set is ""'],
    [{ name: 'mine', text: 'ab', length: 1.5 }, 'length is 1.5; expected a whole number > 0'],
    [{ name: 'mine', text: 'ab', vocabulary: 'ab' }, 'vocabulary is "ab"; expected a list'],
    [{ name: 'mine', text: 'ab', vocabulary: ['a', 'bc'] }, 'character 1 of the vocabulary is "bc"'],
    [{ name: 'mine', text: 'ab', vocabulary: ['a', 'b', 'a'] }, 'the vocabulary has "a" twice'],
    [undefined, 'the options of textSet are undefined'],
  ])('refuses %j', (options, message) => {
    const call = (): unknown => Reflect.apply(textSet, undefined, [options]);
    expect(call).toThrow(message);
    expect(call).toThrow(InputError);
  });
});

describe('king-james', () => {
  it('is Genesis and Exodus, 1,533 + 1,213 verses of 62 characters, the last tenth held out', async () => {
    const { train, test } = await kingJames({ length: 40 });
    const whole = train.decode(train.tokens) + test.decode(test.tokens);
    const verses = whole.split('\n');
    expect(verses.pop()).toBe('');
    expect(verses).toHaveLength(1533 + 1213);
    expect(verses[0]).toBe('In the beginning God created the heaven and the earth.');
    expect(verses[1533]).toMatch(/^Now these are the names of the children of Israel, which came into Egypt/);
    expect([whole.length, test.count, train.vocabulary.length]).toEqual([366_194, 36_619, 62]);
    expect(test.vocabulary).toEqual(train.vocabulary);
    expect(train.shape).toEqual([40]);
  });
  it('is a row of the registry', async () => {
    const { train, text } = await datasetFrom('king-james');
    expect(text?.train).toBe(train);
    expect(train.shape).toEqual([33]);
    expect(train.describe).toContain('329,575 characters');
  });
});

describe('a text file', () => {
  it('is read in UTF-8 without its byte order mark; its end is held out', async () => {
    const path = fileOf(`\ufeff${'Füße über Äpfel. '.repeat(10)}`);
    const { train, text } = await datasetFrom(spec(path, ', length=4'));
    expect(text?.train).toBe(train);
    const [begin, end] = [text!.train, text!.test!];
    expect([begin.count, end.count]).toEqual([153, 17]);
    expect(begin.decode(begin.tokens)).toBe('Füße über Äpfel. '.repeat(9));
    expect(end.decode(end.tokens)).toBe('Füße über Äpfel. ');
    const whole = await datasetFrom(spec(path, ', length=4, heldOut=0'));
    expect([whole.text?.train.count, whole.text?.test]).toEqual([170, undefined]);
  });

  it.each([
    ['an empty file', '', '', 'the file is empty; expected a text'],
    ['a byte order mark alone', '\ufeff', ', heldOut=0', 'the text has 0 characters'],
    ['a text that is too short', 'abc', ', length=4, heldOut=0', 'the text has 3 characters, of which 0 are'],
    ['a short end', 'ab'.repeat(20), ', length=5', 'of which 4 are held out; expected 5, the length of one'],
    ['Latin-1', Uint8Array.of(0x46, 0xfc, 0xdf, 0x65), '', 'byte 1 is 0xfc, which in UTF-8 cannot be there'],
    ['a character cut off', Uint8Array.of(0xc3, 0xbc, 0x61, 0xc3), '', 'the file ends within a character'],
    ['a wrong byte after U+FFFD', Uint8Array.of(0xef, 0xbf, 0xbd, 0xff), '', 'byte 3 is 0xff, which in'],
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x61, 0), '', 'byte 0 is 0xff, which in UTF-8 cannot be there'],
  ])('%s is refused', async (_, content, rest, message) => {
    const path = fileOf(content);
    const built = datasetFrom(spec(path, rest));
    await expect(built).rejects.toThrow(`${path}: `);
    await expect(built).rejects.toThrow(message);
    await expect(built).rejects.toBeInstanceOf(InputError);
  });
});
