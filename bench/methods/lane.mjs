// Our lane, as peers.py: lane.mjs <problem.json>. The first method is timed before any other has run in the
// process.
import { readFileSync } from 'node:fs';
import { solve } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { median } from '../median.mjs';
import { gameOf } from './problems.mjs';

const STEPS = 1000;
/** Milliseconds of warming up, milliseconds and number of samples. */
const [WARM, SAMPLE, SAMPLES] = [150, 20, 9];

const problem = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const names = [
  'extragradient',
  'gda',
  'past-extragradient',
  'forward-backward-forward',
  'forward-reflected-backward',
  'projected-reflected-gradient',
  'graal',
  'adaptive-graal',
  'eag-c',
  ...(problem.constrained ? [] : ['ogda', 'adam']),
];
const game = gameOf(problem);
const start = Float64Array.from(problem.start);

/** A run: 1,000 steps from the start. */
function runOf(name) {
  const spec = {
    name,
    inner: [],
    options: { stepSize: name === 'adam' ? problem.adamStepSize : problem.stepSize },
  };
  return () => solve(game, methodFrom(spec), { start, steps: STEPS }).z;
}

/** Nanoseconds per step. */
function measure(run) {
  let runs = 0;
  const from = performance.now();
  for (; performance.now() - from < WARM; runs++) run();
  const repeats = Math.max(1, Math.round((SAMPLE * runs) / WARM));
  return median(
    Array.from({ length: SAMPLES }, () => {
      const begun = performance.now();
      for (let i = 0; i < repeats; i++) run();
      return ((performance.now() - begun) * 1e6) / (STEPS * repeats);
    }),
  );
}

names.forEach((name, at) => {
  const run = runOf(name);
  const point = Array.from(run());
  if (at === 0) console.log(JSON.stringify({ version: process.version.slice(1) }));
  console.log(JSON.stringify({ method: name, point, warm: measure(run) }));
});
