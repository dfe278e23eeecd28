import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { folder } from '../../../testing/folder.js';
import { compareOnProblem, federateTrials, inlineWorker, type OpenWorker, type Trial } from '../src/index.js';
import { ownIn } from '../src/trial/own-problem.js';

/** A file that chooses an engine, or leaves that to `auto`. */
function fileWith(engine: string): { readonly module: string; readonly name: string } {
  const file = join(folder(), 'mine.mjs');
  writeFileSync(
    file,
    `export default ({ tf, problemFromLosses }) => problemFromLosses({ ${engine}
      players: { fit: { w: { shape: [2], fill: (values) => values.set([1, -1]) } } },
      losses: ({ fit }) => ({ fit: tf.sum(tf.square(fit.w)) }) });`,
  );
  return { module: pathToFileURL(file).href, name: 'mine.mjs' };
}

/** A place that runs trials here and notes what it was asked. */
function noting(): { readonly worker: OpenWorker; readonly asked: Trial[] } {
  const asked: Trial[] = [];
  const inner = inlineWorker();
  const worker: OpenWorker = (on) => {
    const opened = inner(on);
    return {
      ...opened,
      start(trial) {
        asked.push(trial);
        opened.start(trial);
      },
    };
  };
  return { worker, asked };
}

it.each(['', "engine: 'auto',", 'engine: undefined,'])(
  'a file with “%s” is computed by the engine that is asked for',
  async (chosen) => {
    const source = fileWith(chosen);
    for (const engine of ['wasm', 'cpu'] as const) {
      const own = await ownIn({ ...source, engine });
      expect('problem' in own && own.problem.engine.name).toBe(engine);
      if ('problem' in own) await own.problem.dispose();
    }
  },
);

it('a file that names an engine has it, and is refused where another is asked for', async () => {
  const source = fileWith("engine: 'cpu',");
  const own = await ownIn({ ...source, engine: 'cpu' });
  if (!('problem' in own)) throw new Error('it is no problem');
  expect(own.problem.name).toBe('mine.mjs');
  expect(own.problem.identity).toMatchObject({ files: expect.anything() });
  await own.problem.dispose();
  await expect(ownIn({ ...source, engine: 'wasm' })).rejects.toThrow(
    "mine.mjs is computed by the engine cpu here, and by wasm where its runs were asked for; expected one engine: name it in the file, as engine: 'wasm'",
  );
});

it('a comparison and a federation name the engine in what they send', async () => {
  const source = fileWith('');
  const own = await ownIn({ ...source, engine: 'cpu' });
  if (!('problem' in own)) throw new Error('it is no problem');
  const { worker, asked } = noting();
  const { runs } = await compareOnProblem(own.problem, {
    title: 'mine',
    source,
    methods: ['gda(stepSize=0.1)'],
    calls: 4,
    worker,
  });
  await own.problem.dispose();
  expect(runs.map(({ status }) => status)).toEqual(['budget']);
  // where `auto` is another engine, the one of the program that asked is used
  expect(asked).toMatchObject([{ problem: { engine: 'cpu', files: expect.any(String) } }]);
  const other = noting();
  await federateTrials({
    problem: { ...source, engine: 'cpu' },
    method: 'gda(stepSize=0.1)',
    workers: 2,
    every: 2,
    rounds: 1,
    start: Float32Array.of(1, 1),
    worker: other.worker,
  });
  expect(other.asked).toMatchObject([{ game: { engine: 'cpu' } }, { game: { engine: 'cpu' } }]);
});
