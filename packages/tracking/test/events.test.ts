import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError } from '@stillpoint/operators';
import {
  histogramOf,
  restartRecord,
  summaryRecord,
  versionRecord,
  type EventValue,
} from '../src/tensorboard.js';
import { crc32c } from '../src/tensorboard/record.js';
import { records } from './records.js';

const base64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
const call = (f: (...args: never[]) => unknown, ...args: readonly unknown[]): unknown =>
  Reflect.apply(f, undefined, args);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('crc32c', () => {
  it.each([
    ['32 bytes of 0', new Uint8Array(32), 0x8a9136aa],
    ['32 bytes of 255', new Uint8Array(32).fill(255), 0x62a8ab43],
    ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['31 to 0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ])('is that of RFC 3720, B.4, for %s', (_, bytes, crc) => {
    expect(crc32c(bytes)).toBe(crc);
  });
});

describe('the records of an event file', () => {
  const theirs = JSON.parse(readFileSync(new URL('fixtures/events.json', import.meta.url), 'utf8'));
  const time: number = theirs.wallTime;
  const number = (text: string): number => Number(text.replace('inf', 'Infinity')); // "nan" gives NaN
  const record = (step: number, tag: string, value: EventValue, wallTime = time): Uint8Array =>
    summaryRecord({ wallTime, step, values: { [tag]: value } });
  const given = (value: unknown): unknown =>
    call(summaryRecord, { wallTime: time, step: 0, values: { a: value } });

  it('are, byte for byte, those of PyTorch’s SummaryWriter', () => {
    const ours = [
      versionRecord(time, theirs.writer),
      ...theirs.scalars.map(([step, value]: [number, string]) =>
        record(step, theirs.tag, number(value), time + (step % 1000)),
      ),
      ...Object.entries<string>(theirs.images).map(([name, png]) =>
        record(5, `samples/${name}`, { png: base64(png) }),
      ),
      record(7, 'weights', theirs.histogram),
    ];
    const file = base64(theirs.file);
    expect(ours.map((piece) => hex(records(piece)[0]!))).toEqual(records(file).map(hex));
    expect(hex(Buffer.concat(ours))).toBe(hex(file));
    expect(hex(restartRecord(time, 300))).toBe(hex(base64(theirs.restart)));
  });

  it('can be cut at every byte: what is left begins with whole records, all of those before the cut', () => {
    const file = base64(theirs.file);
    const all = records(file).map(hex);
    let [whole, end] = [0, 0];
    for (let cut = 0; cut <= file.length; cut++) {
      const next = all[whole];
      if (next !== undefined && cut === end + next.length / 2 + 16) [whole, end] = [whole + 1, cut];
      expect(records(file.subarray(0, cut)).map(hex)).toEqual(all.slice(0, whole));
    }
    expect(whole).toBe(all.length);
  });

  it('hold several values of one step, in the order given', () => {
    const event = summaryRecord({ wallTime: 1, step: 300, values: { b: 0.5, a: -1 } });
    const fields = [
      '09000000000000f03f', // 1 wall_time: 1
      '10ac02', // 2 step: 300
      '2a14', // 5 summary, 20 bytes
      '0a080a016215' + '0000003f', // 1 value, 8 bytes: 1 tag "b", 2 simple_value 0.5
      '0a080a016115' + '000080bf',
    ];
    expect(records(event).map(hex)).toEqual([fields.join('')]);
  });

  const wrong: readonly [string, () => unknown, RegExp][] = [
    ['a step of NaN', () => record(NaN, 'a', 1), /step is NaN; expected a whole number from 0 to 2\^53 − 1/],
    ['a negative step', () => record(-1, 'a', 1), /step is -1/],
    ['a step of 2^53', () => record(2 ** 53, 'a', 1), /step is 9007199254740992/],
    ['half a step', () => restartRecord(time, 0.5), /step is 0.5/],
    [
      'milliseconds',
      () => record(0, 'a', 1, time * 1000),
      /wallTime is 1700000000250; expected seconds since 1970/,
    ],
    ['no time', () => versionRecord(NaN), /wallTime is NaN/],
    ['an empty tag', () => record(0, '', 1), /a tag is empty/],
    ['a control character', () => record(0, 'a\nb', 1), /tag "a\\nb": character 2 cannot be in a tag/],
    ['half a character', () => record(0, 'ab\ud800', 1), /character 3 cannot be in a tag/],
    ['a string', () => given('1'), /"a" is "1"; expected a number, an image/],
    ['null', () => given(null), /"a" is null; expected a number/],
    ['no values', () => call(summaryRecord, { wallTime: 1, step: 1 }), /values are undefined/],
    ['no event', () => call(summaryRecord), /the event is undefined; expected { wallTime, step, values }/],
    ['a number as writer', () => call(versionRecord, 1, 2), /writer is 2/],
    ['no PNG', () => record(0, 'a', { png: new Uint8Array(40) }), /the 40 bytes are not a PNG/],
    [
      'a short PNG',
      () => record(0, 'a', { png: base64(theirs.images.colour).subarray(0, 32) }),
      /32 bytes are not/,
    ],
    ['no bytes', () => given({ png: [1] }), /png is \[1\]; expected a PNG file/],
    [
      'other lengths',
      () => record(0, 'a', { ...histogramOf([1, 2]), counts: [1] }),
      /arrays of equal length/,
    ],
    [
      'descending limits',
      () => record(0, 'a', { ...histogramOf([1, 2], 2), limits: [2, 1] }),
      /limit 1 is 1/,
    ],
    [
      'a negative count',
      () => record(0, 'a', { ...histogramOf([1, 2], 2), counts: [-1, 1] }),
      /count 0 is -1/,
    ],
    ['a text as sum', () => given({ ...histogramOf([1]), sum: '1' }), /sum is "1"/],
  ];
  it.each(wrong)('refuse %s', (_, act, message) => {
    expect(act).toThrow(InputError);
    expect(act).toThrow(message);
  });
});

describe('histogramOf', () => {
  const cases: { readonly [name: string]: readonly number[] } = {
    'a wave': Array.from({ length: 999 }, (_, i) => Math.sin(i * i)),
    'whole numbers': [0, 1, 2, 3, 3, 3, 29, 30],
    'equal values': [0.1, 0.1, 0.1],
    'two neighbours': [1, 1 + Number.EPSILON],
    'the largest range': [-Number.MAX_VALUE, 0, Number.MAX_VALUE],
    'the least numbers': [0, Number.MIN_VALUE, 2 * Number.MIN_VALUE],
    zeros: [-0, 0],
  };
  it.each(Object.entries(cases))('counts the values from each limit to the next: %s', (_, values) => {
    const { min, max, sum, sumSquares, limits, counts } = histogramOf(values);
    expect([min, max]).toEqual([Math.min(...values), Math.max(...values)]);
    expect(sum).toBe(values.reduce((all, x) => all + x, 0));
    expect(sumSquares).toBe(values.reduce((all, x) => all + x * x, 0));
    expect(limits.at(-1)).toBe(max);
    expect(limits.slice(1).every((limit, i) => limit > limits[i]!)).toBe(true);
    const last = limits.length - 1;
    const inside = (i: number, x: number): boolean =>
      (i === 0 || x >= limits[i - 1]!) && (x < limits[i]! || (i === last && x === max));
    expect(counts).toEqual(limits.map((_limit, i) => values.filter((x) => inside(i, x)).length));
    expect(counts.reduce((all, n) => all + n, 0)).toBe(values.length);
  });
  it('has buckets of equal width', () => {
    expect(histogramOf([0, 1, 4, 4, 8], 4)).toEqual({
      min: 0,
      max: 8,
      sum: 17,
      sumSquares: 97,
      limits: [2, 4, 6, 8],
      counts: [2, 0, 2, 1],
    });
    expect(histogramOf(new Float32Array([1, 1]))).toMatchObject({ limits: [1], counts: [2] });
  });
  it('refuses values that no bucket holds', () => {
    expect(() => call(histogramOf)).toThrow('values are undefined; expected an array');
    expect(() => call(histogramOf, ['1'])).toThrow('value 0 of 1 is "1"');
    expect(() => histogramOf([])).toThrow('a histogram of no values');
    expect(() => histogramOf([1, NaN])).toThrow('value 1 of 2 is NaN; a histogram holds finite numbers');
    expect(() => histogramOf([-Infinity])).toThrow('value 0 of 1 is -Infinity');
    expect(() => histogramOf([1], 0)).toThrow('buckets is 0; expected a whole number from 1');
  });
});
