import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { folder } from '../../../testing/folder.js';
import { startRedis, hasRedis } from '../../../testing/redis.js';
import { inlineWorker, runTrials, type GameTrial, type TrialRecord } from '../src/index.js';
import { openQueue } from '../src/queue.js';
import { withFiles, type ModuleSource } from '../src/trial/module-source.js';
import type { OpenWorker } from '../src/trial/worker.js';
import { serving } from './serving.js';

/** A file whose import states the slope, and what changes that. */
function sloped(): { readonly source: ModuleSource; readonly slope: (by: number) => void } {
  const place = folder();
  const slope = (by: number): void => writeFileSync(join(place, 'slope.mjs'), `export const slope = ${by};`);
  slope(1);
  const file = join(place, 'mine.mjs');
  writeFileSync(
    file,
    `import { slope } from './slope.mjs';
    export default { players: { x: 1 }, start: [1], operator: (z, out) => { out[0] = slope * z[0]; } };`,
  );
  return { source: { module: pathToFileURL(file).href, name: 'mine.mjs' }, slope };
}

/** A step of ½ from 1: the residual is slope·(1 − slope/2). */
async function run(source: ModuleSource, worker: OpenWorker): Promise<TrialRecord<GameTrial>> {
  const trial: GameTrial = {
    kind: 'game',
    game: source,
    method: 'gda(stepSize=0.5)',
    seed: null,
    start: [1],
    steps: 1,
    tolerance: 0,
  };
  return (await runTrials([trial], { processes: 1, worker }))[0]!;
}

it('a place for trials that has imported a file runs it as it was asked for, and no edited one', async () => {
  const { source, slope } = sloped();
  const worker = inlineWorker();
  const before = await withFiles(source);
  expect((await run(before, worker)).values).toMatchObject({ residual: 0.5 });
  slope(2);
  // what was asked for is what Node keeps
  expect((await run(before, worker)).values).toMatchObject({ residual: 0.5 });
  const refused = {
    status: 'failed',
    message:
      'mine.mjs, or a file that it imports, was changed after its runs were asked for; expected it as it was: ask for them again',
  };
  expect(await run(await withFiles(source), worker)).toMatchObject(refused);
  // a place that has imported nothing yet looks at the files
  expect(await run(before, inlineWorker())).toMatchObject(refused);
});

it.skipIf(!hasRedis)(
  'a worker whose file imports another one than that of the program says which',
  async () => {
    const server = await startRedis();
    const { url } = server;
    const { source, slope } = sloped();
    const queue = await openQueue({ url });
    const asked = run(source, queue.worker);
    await new Promise((resolve) => setTimeout(resolve, 500));
    slope(2);
    const worker = serving({ url });
    const { status, message } = await asked;
    await worker.stop();
    expect(status).toBe('failed');
    expect(message).toMatch(
      /^a worker’s .*mine\.mjs is not the one of the program that asked \(what differs: slope\.mjs, which it imports\); expected the same files/,
    );
    await queue.close();
    await server.stop();
  },
);
