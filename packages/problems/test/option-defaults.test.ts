import { expect, it } from 'vitest';
import { problemKinds, problemsOf } from '../src/index.js';
import { optionsOf } from '../../../testing/options.js';

it.each(problemKinds)(
  'the options of all $plural are as they were: what they accept, and defaults',
  async ({ name, plural }) => {
    await expect(optionsOf(problemsOf(name).rows)).toMatchFileSnapshot(
      `options/${plural.replaceAll(' ', '-')}.txt`,
    );
  },
);
