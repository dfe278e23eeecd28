// Chooses a preset's sizes and options by measuring on seeds that no preset uses (presets count from 1).
//   node scripts/choose.mjs ring     widths and batch, then each method's own sweep
// node scripts/choose.mjs grid     each method's own sweep; the same for swiss-roll and fashion-mnist
// Flags: --seconds s, how long a run may take; --seeds a,b,c; --calls n instead of what fits the time (on a
// busy machine); --width w with --batch b; --only 'spec; spec' measures only these;
// --confirm a,b: the seeds on which the two best meet again.
// Prints every run and the choice. Its output from when the presets were set is in scripts/choices/.
import { availableParallelism } from 'node:os';
import { settledValues, within } from '@stillpoint/tracking';
import { presets, runTrials, seriesOf } from '../dist/index.js';

const [name = 'ring', ...flags] = process.argv.slice(2);
const preset = presets.find((row) => row.name === name);
if (!preset)
  throw new Error(`unknown preset ${name}; expected one of ${presets.map((row) => row.name).join(', ')}`);
const flag = (key, fallback) =>
  flags.includes(`--${key}`) ? flags[flags.indexOf(`--${key}`) + 1] : fallback;
/**
 * The options to try: step sizes of gda and of Adam's family, Lookahead's periods, pairs of RAPP's inner
 * steps and weight.
 */
const plan = {
  ring: {
    seeds: '101,102,103',
    seconds: 12,
    gda: ['0.001', '0.003', '0.01', '0.03', '[0.003,0.03]'],
    adam: ['0.0003', '0.001', '0.002', '0.003', '0.005'],
    betas: ['0.5', '0.9'],
    periods: [50, 200, 500],
    pairs: [
      [2, 0.5],
      [3, 0.5],
      [3, 0.9],
    ],
  },
  grid: {
    seeds: '101,102',
    seconds: 20,
    gda: ['0.01', '0.03'],
    adam: ['0.001', '0.002'],
    periods: [50, 200],
    pairs: [
      [2, 0.5],
      [3, 0.9],
    ],
  },
  'swiss-roll': {
    seeds: '101,102',
    seconds: 8,
    gda: ['0.003', '0.01', '0.03', '[0.01,0.1]', '[0.03,0.1]'],
    adam: ['0.0003', '0.001', '0.002', '0.003'],
    periods: [50, 200],
    pairs: [
      [2, 0.5],
      [3, 0.9],
    ],
  },
  'fashion-mnist': {
    seeds: '101',
    seconds: 20,
    gda: ['0.05', '[0.05,0.2]', '[0.02,0.2]', '[0.1,0.2]'],
    adam: ['0.001', '0.002'],
    periods: [5, 50],
    pairs: [
      [2, 0.9],
      [3, 0.9],
    ],
  },
}[name];
const seeds = flag('seeds', plan.seeds).split(',').map(Number);
const seconds = Number(flag('seconds', plan.seconds));
const confirming = flag('confirm', '111,112,113,114,115').split(',').map(Number);
const only = flag('only');
const processes = availableParallelism();

const sizes = flag('width')
  ? [[Number(flag('width')), Number(flag('batch'))]]
  : name === 'ring'
    ? [
        [64, 128],
        [64, 256],
        [128, 128],
        [128, 256],
      ]
    : [];
/** Options of Adam's family: every step size with every β₁. */
const adams = (values) =>
  (plan.betas ?? ['0.5']).flatMap((β) => values.map((γ) => `stepSize=${γ}, beta1=${β}`));
const sweeps = {
  gda: plan.gda.map((γ) => `gda(stepSize=${γ})`),
  adam: adams(plan.adam).map((options) => `adam(${options})`),
  'alternating-adam': adams(plan.adam).map((options) => `alternating-adam(${options})`),
  'extra-adam': adams(plan.adam).map((options) => `extra-adam(${options})`),
  'lookahead(alternating-adam)': adams(plan.adam.slice(1)).flatMap((options) =>
    plan.periods.map((τ) => `lookahead(alternating-adam(${options}), steps=${τ})`),
  ),
  'rapp-adam': adams(plan.adam.slice(1)).flatMap((options) =>
    plan.pairs.map(([τ, λ]) => `rapp-adam(${options}, innerSteps=${τ}, weight=${λ})`),
  ),
};

const median = (xs) => [...xs].sort((a, b) => a - b)[Math.floor(xs.length / 2)];
/** Runs specs on all seeds; returns a row for each spec. */
async function measure(at, specs, calls, on = seeds) {
  const records = await runTrials(
    specs.flatMap((method) =>
      on.map((seed) => ({
        kind: 'gan',
        preset: { ...at, snapshots: 1 },
        method,
        seed,
        calls,
        engine: 'auto',
      })),
    ),
    { processes },
  );
  return specs.map((spec) => {
    const own = records.filter(({ trial }) => trial.method === spec);
    const columns = ['modes', 'highQuality', 'reverseKl', 'slicedWasserstein'];
    const values = own.map((record) => settledValues(seriesOf(record), columns, at.tail));
    const solved = at.goal ? values.filter((v) => within(at.goal, v)).length : 0;
    const late = values.filter((v) => Object.keys(v).length > 0).map((v) => score(at, v));
    return {
      spec,
      solved,
      score: late.length ? late.reduce((a, b) => a + b, 0) / late.length : -Infinity,
      values,
      seconds: median(own.map((r) => r.seconds)),
      failed: own.filter((r) => r.status !== 'budget').length,
    };
  });
}
/** A run's score, higher is better: its metrics, each scaled by the goal's bound. */
function score({ goal, headline }, values) {
  if (headline === 'sliced-wasserstein') return -(values.slicedWasserstein ?? Infinity);
  return (
    Math.min(1, (values.modes ?? 0) / goal.modes.atLeast) +
    Math.min(1, (values.highQuality ?? 0) / goal.highQuality.atLeast) +
    Math.min(1, goal.reverseKl.atMost / Math.max(values.reverseKl ?? 10, 1e-3))
  );
}
const shown = (v) =>
  Object.values(v)
    .map((x) => (x === null ? '–' : Number(x.toPrecision(3))))
    .join('/');
const print = ({ spec, solved, score: s, values, seconds: t, failed }) =>
  console.log(
    `  ${spec.padEnd(74)} solved ${solved}/${values.length}  score ${s.toFixed(3)}  ${t?.toFixed(1)} s  ${values.map(shown).join('  ')}${failed ? `  (${failed} did not finish)` : ''}`,
  );
const ranked = (rows) => [...rows].sort((a, b) => b.solved - a.solved || b.score - a.score);
const best = (rows) => ranked(rows)[0];

/** How many oracle calls fit the time if every core is busy, rounded down to a multiple of 600. */
async function callsThatFit(at) {
  if (flag('calls')) return Number(flag('calls'));
  const rows = await measure(at, ['adam(stepSize=0.001, beta1=0.5)'], 3000);
  return Math.floor((3000 * seconds) / rows[0].seconds / 600) * 600;
}

console.log(`${name}: seeds ${seeds.join(', ')}; ${seconds} s a run, ${processes} at once`);
let at = preset;
let calls = preset.calls;
if (sizes.length > 0) {
  const candidates = [];
  for (const [width, batch] of sizes) {
    const sized = {
      ...preset,
      model: `mlp(latent=2, generator=[${width},${width}], discriminator=[${width},${width}])`,
      batch,
    };
    const fit = await callsThatFit(sized);
    const rows = only
      ? [{ spec: '', solved: 0, score: 0, values: [] }]
      : await measure(
          sized,
          [
            'alternating-adam(stepSize=0.002, beta1=0.5)',
            'lookahead(alternating-adam(stepSize=0.003, beta1=0.5), steps=200)',
          ],
          fit,
        );
    console.log(`width ${width}, batch ${batch}: ${fit} calls`);
    if (!only) rows.forEach(print);
    candidates.push({ sized, fit, ...best(rows) });
  }
  const chosen = best(candidates);
  ({ sized: at, fit: calls } = chosen);
  console.log(`chosen: ${at.model}, batch ${at.batch}, ${calls} calls\n`);
} else {
  calls = await callsThatFit(at);
  console.log(`${calls} calls\n`);
}
const choices = [];
for (const [method, specs] of Object.entries(
  only ? { [only]: only.split(';').map((spec) => spec.trim()) } : sweeps,
)) {
  const rows = await measure(at, specs, calls);
  console.log(method);
  rows.forEach(print);
  if (only) continue;
  // The best of many on few seeds is partly luck: the two best are compared again on other seeds.
  const finalists = ranked(rows)
    .slice(0, 2)
    .map(({ spec }) => spec);
  const final = preset.goal ? await measure(at, finalists, calls, confirming) : ranked(rows);
  if (preset.goal) {
    console.log(`  again with seeds ${confirming.join(', ')}:`);
    final.forEach(print);
  }
  choices.push(ranked(final)[0].spec);
}
console.log(`\ncalls: ${calls}\nmethods:\n${choices.map((spec) => `  '${spec}',`).join('\n')}`);
