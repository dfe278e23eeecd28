import { expect, it } from 'vitest';
import { batchBilinear, gameFrom, problemFrom, problemsOf } from '../src/index.js';

it('batches have an identity of their own, and their sum that of the exact problem: with every option', () => {
  const { problem, exact } = problemFrom('ridge(examples=9, dimension=4, batch=3, batchSeed=5)');
  const options = { examples: 9, dimension: 4, batch: 3, batchSeed: 5 };
  expect(problem.identity).toMatchObject({ kind: 'minimisation in batches', name: 'ridge', options });
  expect(exact.identity).toMatchObject({ kind: 'minimisation', name: 'ridge', options });
});
it('batches are drawn by batchSeed, and may be all terms', () => {
  const spec = 'ridge(examples=9, dimension=4, batch=3';
  expect(problemFrom(`${spec}, batchSeed=2)`).problem.draw!(0)).not.toEqual(
    problemFrom(`${spec}, batchSeed=1)`).problem.draw!(0),
  );
  expect(problemFrom('ridge(examples=9, dimension=4, batch=9)').problem.terms).toMatchObject({ drawn: 9 });
});
it('gameFrom takes games alone, and problemsOf the kinds that there are', () => {
  expect(() => gameFrom('sampled-bilinear')).toThrow('unknown game "sampled-bilinear"');
  expect(() => gameFrom('ridge')).toThrow('unknown game "ridge"');
  expect(() => problemsOf('games')).toThrow('unknown kind of problems "games"; did you mean game?');
});
it.each(problemsOf('sampled game').rows)(
  '$name has the shape, facts and mean of its exact game',
  ({ name }) => {
    const { problem, exact } = problemFrom(name);
    for (const key of ['dim', 'players', 'start', 'facts', 'constraint'] as const)
      expect(problem[key], key).toBe(exact[key]);
    expect(problem.mean).toBe(exact);
    expect(problem.identity).toMatchObject({ kind: 'sampled game', name });
    expect(exact.identity).toMatchObject({ kind: 'mean of a sampled game', name });
  },
);
it('each player of batch-bilinear has a batch of its own', () => {
  const [x, y] = batchBilinear({ dimension: 20, batch: 3, gradients: 'mean', seed: 4 }).game.draw(0);
  expect(x).not.toEqual(y);
});
