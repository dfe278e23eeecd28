// Results as small as they can be, for the tests of the report and its pictures.
import { defaultPrices, type Ledger } from '@stillpoint/operators';
import { FORMAT, type Plot, type Results, type Run, type Section } from '../src/index.js';

export const nasty: string = '<script>alert("x")</script> & \'τ\'';
export const ledger = (steps: number, gradients: readonly number[], more: Partial<Ledger> = {}): Ledger => ({
  steps,
  gradients: [...gradients],
  losses: 0,
  products: 0,
  transposedProducts: 0,
  residuals: 0,
  residualProducts: 0,
  ...more,
});
const gameRun = {
  identity: { problem: 'xy' },
  group: 'gradient methods',
  seed: null,
  message: '',
  seconds: 0.1,
  pictures: [],
  claims: [],
};
export const game: Section = {
  title: nasty,
  problem: 'xy',
  about: 'about',
  verdict: ['gda diverged.'],
  claims: [
    { claim: 'short', status: 'diverged', runs: [{ label: 'gda', seed: null, value: null, message: '' }] },
  ],
  settings: { start: '[1, 1]' },
  columns: [
    { name: 'residual', label: 'residual', better: 'lower', digits: 3 },
    { name: 'distance', label: 'distance to solution', better: 'lower', digits: 3 },
  ],
  headline: 'calls',
  goal: { verb: 'converged on', column: 'converged', statuses: ['converged'], values: {} },
  seeds: 1,
  players: ['x', 'y'],
  prices: defaultPrices(2),
  terms: 1,
  plots: [
    {
      name: 'paths',
      title: 'where they went',
      note: 'Arrows: −F.',
      draw: 'plane',
      names: ['x', 'y'],
      x: [-2, 2],
      y: [-2, 2],
      arrows: [
        { x: 0, y: 1, u: 1, v: 0 },
        { x: 1, y: 0, u: 0, v: -1 },
      ],
      solution: [0, 0],
    },
    {
      name: 'residual',
      title: 'residual against oracle calls',
      draw: 'lines',
      panels: [{ series: 'residual' }],
      y: { label: 'residual', scale: 'log' },
    },
    { name: 'theory', title: 'what theory promises', note: 'Dashed: the bound.', draw: 'bounds' },
  ],
  runs: [
    {
      ...gameRun,
      method: 'gda(stepSize=1)',
      label: 'gda',
      status: 'diverged',
      ledger: ledger(3, [3, 3]),
      calls: 3,
      values: { residual: null, distance: null },
      series: { residual: { x: [0, 1], y: [1, 2] }, path: { x: [1, 2], y: [1, 0] } },
    },
    {
      ...gameRun,
      method: 'extragradient(stepSize=0.5)',
      label: 'extragradient',
      status: 'converged',
      ledger: ledger(3, [6, 6]),
      calls: 6,
      values: { residual: 1e-9, distance: 1e-9 },
      series: { residual: { x: [0, 6], y: [1, 1e-9] }, path: { x: [1, 0], y: [1, 0] } },
    },
  ],
};
export const run = (label: string, seed: number, highQuality: number): Run => ({
  identity: { preset: 'ring', method: label, seed },
  method: `${label}(stepSize=0.1)`,
  label,
  group: label === 'gda' ? 'gradient methods' : 'methods with Adam’s direction',
  seed,
  status: 'budget',
  message: '',
  ledger: ledger(9, [9, 9]),
  calls: 9,
  seconds: 1,
  values: { modes: 8, highQuality },
  series: {
    modes: { x: [5, 9], y: [3, 8] },
    highQuality: { x: [5, 9], y: [1, highQuality] },
    'loss D': { x: [5, 9], y: [1.3, 1.1] },
    'loss G': { x: [5, 9], y: [0.7, 0.9] },
    'gradient norm D': { x: [5, 9], y: [0.2, 0.3] },
    'gradient norm G': { x: [5, 9], y: [0.1, 0.05] },
    'rotation D': { x: [5, 9], y: [-0.5, 0.5] },
    'rotation G': { x: [5], y: [null] },
  },
  pictures: [
    {
      calls: 9,
      points: [
        [0, 1],
        [9, 9],
      ],
    },
  ],
  claims: [],
});
const ofPlayers = (
  name: string,
  title: string,
  series: string,
  y: Extract<Plot, { draw: 'lines' }>['y'],
): Plot => ({
  name,
  title,
  draw: 'lines',
  panels: ['D', 'G'].map((player) => ({ title: `${player}’s ${series}`, series: `${series} ${player}` })),
  y,
});
export const gan = (seeds: number): Section => ({
  title: 'ring',
  problem: 'ring',
  about: '',
  verdict: ['v'],
  claims: [],
  headline: 'highQuality',
  seeds,
  settings: {},
  players: ['D', 'G'],
  prices: defaultPrices(2),
  terms: 1,
  goal: {
    verb: 'solved',
    column: 'solved',
    statuses: ['budget', 'converged'],
    values: { modes: { atLeast: 8 }, highQuality: { atLeast: 80 } },
    words: 'Solved: …',
  },
  columns: [
    { name: 'modes', label: 'modes', better: 'higher', digits: 3 },
    {
      name: 'highQuality',
      label: 'high quality',
      unit: '%',
      better: 'higher',
      digits: 3,
      decimals: 1,
      best: 98.889,
      bestLabel: 'a perfect sampler: 98.889 %',
    },
  ],
  plots: [
    {
      name: 'samples',
      title: 'what they generate',
      draw: 'samples',
      centres: [
        [0, 1],
        [1, 0],
      ],
      within: 0.5,
      note: 'Dark dots are of high quality, red ones are not.',
    },
    {
      name: 'metric',
      title: 'high quality against oracle calls',
      draw: 'lines',
      panels: [{ series: 'highQuality' }],
      y: { label: 'high quality, %', scale: 'linear', zero: true },
      reference: { value: 98.889, label: 'a perfect sampler: 98.889 %' },
      dots: true,
    },
    ...(seeds > 1
      ? [
          {
            name: 'results',
            title: 'high quality at the end of each run',
            draw: 'ends',
            column: 'highQuality',
          } as const,
        ]
      : []),
    ofPlayers('losses', 'each player’s loss', 'loss', { label: 'loss', scale: 'symlog', cut: true }),
    ofPlayers('gradients', 'each player’s gradient', 'gradient norm', { label: '‖gradient‖', scale: 'log' }),
    ofPlayers('turning', 'how each player turns', 'rotation', {
      label: 'cosine of successive steps',
      scale: 'linear',
      domain: [-1, 1],
    }),
  ],
  runs: ['adam', 'gda'].flatMap((label) =>
    Array.from({ length: seeds }, (_, i) => run(label, i + 1, label === 'adam' ? 90 + i : 10)),
  ),
});
export const results = (...sections: Results['sections']): Results => ({
  format: FORMAT,
  title: nasty,
  command: 'npx stillpoint compare ring',
  interrupted: false,
  notBegun: [],
  sections,
  environment: { node: 'v20' },
});
/** With theorems: none bounds the first run, one bounds the others. */
export const proved = (holds: boolean): Section => ({
  ...game,
  runs: game.runs.map((one, i) =>
    i === 0
      ? { ...one, claims: [{ claim: 'no-bound', reason: 'γ < 1/L fails' }] }
      : {
          ...one,
          claims: [
            {
              claim: 'bound',
              theorem: 'EG+ under weak Minty',
              measure: 'best ‖F‖²',
              statement: 'a < b',
              source: 'Somebody 2022',
              holds,
            },
          ],
          series: {
            ...one.series,
            measured: { x: [0, 1, 10], y: [4, 2, 0.2] },
            bound: { x: [0, 1, 10], y: [null, 8, 0.8] },
          },
        },
  ),
});
