import { expect, it } from 'vitest';
import { oracleCallsOf } from '../generate/blocks.js';
import { sentence } from '../generate/parts.js';
import { registries, undocumented } from '../generate/registries.js';

it('makes a sentence of a row’s words, but leaves a formula as it is', () => {
  expect(['xy on the box', 'a rotation', 'in batches', '½xᵀx'].map(sentence)).toEqual([
    'xy on the box.',
    'A rotation.',
    'In batches.',
    '½xᵀx.',
  ]);
});

it('knows what is undocumented', () => {
  expect(undocumented()).toEqual([]);
  const accepts = (): boolean => true;
  expect(
    undocumented({
      games: [
        {
          name: 'mute',
          about: '',
          reference: ' ',
          options: {
            loud: { about: '', expected: '', accepts },
            soft: { about: 'said', expected: '', accepts },
          },
        },
      ],
    }),
  ).toEqual([
    'games: mute has no "about"',
    'games: mute has no "reference"',
    'games: mute: option loud has no "about"',
  ]);
});

it('finds what the number of oracle calls depends on', () => {
  const told = Object.fromEntries(
    registries.methods.map((row) => [row.name, oracleCallsOf(row).replace(/<[^>]*>/g, '')]),
  );
  expect(told).toMatchObject({
    gda: '1',
    extragradient: '2',
    rapp: '3, depends on innerSteps',
    'alternating-gda': '1, depends on order',
    lookahead: 'those of the method inside',
  });
});
