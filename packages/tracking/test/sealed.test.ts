import { expect, it } from 'vitest';
import { InputError } from '@stillpoint/operators';
import { sealed, unsealed } from '../src/run/sealed.js';

const rows = ['{"step":1,"calls":2,"values":{"a":0.125,"checksum":"x"}}', '{"é":"\\n","b":null}'];

it('a line is what it was, and JSON with one more part', () => {
  for (const json of rows) {
    const line = sealed(json);
    expect(unsealed(line)).toBe(json);
    expect({ ...JSON.parse(line), checksum: 0 }).toEqual({ ...JSON.parse(json), checksum: 0 });
  }
  // CRC-32 of `{"step":1`, as zlib of other programs computes it
  expect(sealed('{"step":1}')).toBe('{"step":1,"checksum":"17ccbd80"}');
});

it('a line in which any byte was changed, removed or added is refused', () => {
  for (const json of rows) {
    const line = sealed(json);
    const refused = (text: string): void => {
      if (text !== line) expect(() => unsealed(text), text).toThrow(InputError);
    };
    for (let i = 0; i < line.length; i++) {
      for (const by of ['0', '9', '"', 'x', '}']) {
        refused(line.slice(0, i) + by + line.slice(i + 1));
        refused(line.slice(0, i) + by + line.slice(i));
      }
      refused(line.slice(0, i) + line.slice(i + 1));
    }
  }
});
