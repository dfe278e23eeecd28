// Extragradient on the bilinear game: through the contract, by hand over Float64Array, and numpy's loop.
// Each state of the process is measured in fresh processes, in turn with numpy's; within one, ours and the
// hand-written loop alternate.
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median } from './median.mjs';

export const about =
  'extragradient on a bilinear game, per step; alone: nothing else ran in the process; crowded: after 20 other methods x games';

const ROUNDS = 5;
const path = (file) => fileURLToPath(new URL(file, import.meta.url));
const ours = (dim, state) =>
  JSON.parse(
    execFileSync(process.execPath, [path('extragradient-process.mjs'), String(dim), state], {
      encoding: 'utf8',
    }),
  );
const numpys = (dim) =>
  JSON.parse(execFileSync('python3', [path('extragradient.py'), String(dim)], { encoding: 'utf8' }));

const states = ['alone', 'crowded'];
const ns = (x) => `${x < 100 ? x.toFixed(1) : x.toFixed(0)} ns`;
/** Largest difference between two final points, for the check that all do the same work. */
const apart = (a, b) => Math.max(...a.map((x, i) => Math.abs(x - b[i])));

export function run() {
  const numpy = spawnSync('python3', ['-c', 'import numpy; print(numpy.__version__)'], { encoding: 'utf8' });
  const version = numpy.status === 0 ? numpy.stdout.trim() : undefined;
  const rows = [];
  for (const dim of [2, 100]) {
    const figures = { alone: [], crowded: [], numpy: [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const state of states) figures[state].push(ours(dim, state));
      if (version !== undefined) figures.numpy.push(numpys(dim));
    }
    const [{ z }] = figures.alone;
    for (const other of [...figures.crowded, ...figures.numpy])
      if (!(apart(z, other.z) < 1e-9))
        throw new Error(`d=${dim}: the loops end apart, at ${z.join()} and ${other.z.join()}`);
    const python = version === undefined ? undefined : median(figures.numpy.map(({ step }) => step));
    for (const state of states) {
      const contract = median(figures[state].map(({ contract: t }) => t));
      const hand = median(figures[state].map(({ hand: t }) => t));
      const bars = dim === 2;
      rows.push(
        {
          case: `d=${dim} ${state}, contract`,
          figure: ns(contract),
          ratio: median(figures[state].map((t) => t.contract / t.hand)),
          versus: 'by hand',
          ...(bars ? { bar: { atMost: 12 } } : {}),
        },
        { case: `d=${dim} ${state}, by hand`, figure: ns(hand) },
        {
          case: `d=${dim} ${state}, numpy ${version ?? 'is missing'}`,
          figure: python === undefined ? '' : ns(python),
          ...(python === undefined
            ? {}
            : {
                ratio: median(figures.numpy.map(({ step }, round) => step / figures[state][round].contract)),
                versus: 'the contract',
              }),
          ...(bars ? { bar: { atLeast: 10 } } : {}),
        },
      );
    }
  }
  return rows;
}
