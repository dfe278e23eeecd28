import { readFileSync, readdirSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, it } from 'vitest';
import { normal, uniform, type Asked } from '@stillpoint/operators';
import * as networks from '../src/index.js';
import { relative } from './numbers.js';

/** What bench/gan/papers_jax.py computed in float64. */
interface Expected {
  readonly z: readonly number[];
  readonly v: readonly number[];
  readonly u?: readonly number[];
  readonly sample: networks.NamedDense;
  readonly losses: readonly number[];
  readonly F: readonly number[];
  readonly Jv: readonly number[];
  readonly JTv: readonly number[];
  readonly residual?: readonly number[];
  readonly 'residual product'?: readonly number[];
  readonly 'residual transposed'?: readonly number[];
}
const fixture: { readonly [name: string]: Expected } = JSON.parse(
  readFileSync(new URL('./fixtures/papers.json', import.meta.url), 'utf8'),
);
const files = readdirSync(new URL('./papers/', import.meta.url)).sort();

const opened: networks.CompiledProblem[] = [];
afterAll(async () => {
  for (const problem of opened) await problem.dispose();
});
/** The problem of a file on an engine: what the command line's toolkit has, with the engine chosen. */
async function problemOf(file: string, engine: 'native' | 'wasm'): Promise<networks.CompiledProblem> {
  const module: { readonly default: (tools: object) => Promise<networks.CompiledProblem> } = await import(
    `./papers/${file}`
  );
  const on = (make: (options: never) => unknown) => (options: object) =>
    Reflect.apply(make, undefined, [{ ...options, engine }]);
  const problem = await module.default({
    ...networks,
    tf,
    normal,
    uniform,
    problemFromLosses: on(networks.problemFromLosses),
    problemFromResiduals: on(networks.problemFromResiduals),
  });
  opened.push(problem);
  return problem;
}

const f32 = (list: readonly number[] = []): Float32Array => Float32Array.from(list);
/** Of F and its products, relative to the norm of what JAX found. */
const TOLERANCE = 1e-4;

it('has a file and vectors of each problem', () => {
  expect(files).toEqual(
    Object.keys(fixture)
      .map((name) => `${name}.mjs`)
      .sort(),
  );
  expect(files.length).toBeGreaterThanOrEqual(10);
});

describe.each(['native', 'wasm'] as const)(
  'a problem from a paper has the numbers of JAX on %s:',
  (engine) => {
    it.each(Object.keys(fixture))('%s', async (name) => {
      const expected = fixture[name]!;
      const problem = await problemOf(`${name}.mjs`, engine);
      expect(problem.engine.name).toBe(engine);
      const [z, v] = [f32(expected.z), f32(expected.v)];
      expect(problem.dim).toBe(z.length);
      const sampled = Object.keys(expected.sample).length > 0;
      const losses = new Float32Array(problem.players.length);
      const asked: Asked<networks.NamedDense> = {
        player: undefined,
        sample: sampled ? dense(expected.sample) : undefined,
        losses,
        buffers: {},
      };
      const out = new Float32Array(z.length);
      const close = (found: Float32Array, list: readonly number[] | undefined): void =>
        expect(relative(found, f32(list))).toBeLessThanOrEqual(TOLERANCE);
      await problem.operator(z, out, asked);
      close(out, expected.F);
      close(losses, expected.losses);
      for (const [p, { start, end }] of problem.players.entries()) {
        await problem.operator(z, out, { ...asked, player: p });
        close(out.subarray(start, end), expected.F.slice(start, end));
      }
      await problem.jacobianVector!(z, v, out, false, asked);
      close(out, expected.Jv);
      await problem.jacobianVector!(z, v, out, true, asked);
      close(out, expected.JTv);
      const { residual } = problem;
      expect(residual?.length).toBe(expected.residual?.length);
      if (residual === undefined) return;
      const r = new Float32Array(residual.length);
      await residual.value(z, r, asked);
      close(r, expected.residual);
      await residual.product(z, v, r, false, asked);
      close(r, expected['residual product']);
      await residual.product(z, f32(expected.u), out, true, asked);
      close(out, expected['residual transposed']);
    });
  },
);

function dense(sample: Expected['sample']): networks.NamedDense {
  return Object.fromEntries(
    Object.entries(sample).map(([name, { shape, values }]) => [
      name,
      { shape, values: Float32Array.from(values) },
    ]),
  );
}

it('offers rows of data only where F is the mean of theirs', async () => {
  const rows = await Promise.all(
    Object.keys(fixture).map(async (name) => [name, (await problemOf(`${name}.mjs`, 'native')).terms?.count]),
  );
  // the others have no data, or an entry of a player for each row
  expect(Object.fromEntries(rows.filter(([, count]) => count !== undefined))).toEqual({
    auc: 24,
    'fair-classification': 20,
    'neural-policies': 10,
  });
});
