// Results as small as they can be, for the tests of the report and its pictures.
import type { GameSection, GanRun, GanSection, Results } from '../src/index.js';

export const nasty: string = '<script>alert("x")</script> & \'τ\'';
export const game: GameSection = {
  kind: 'game',
  title: nasty,
  about: 'about',
  verdict: ['gda diverged.'],
  settings: { start: '[1, 1]' },
  field: {
    names: ['x', 'y'],
    x: [-2, 2],
    y: [-2, 2],
    arrows: [
      { x: 0, y: 1, u: 1, v: 0 },
      { x: 1, y: 0, u: 0, v: -1 },
    ],
    solution: [0, 0],
  },
  runs: [
    {
      method: 'gda(stepSize=1)',
      label: 'gda',
      family: 'gradient',
      status: 'diverged',
      message: '',
      steps: 3,
      oracleCalls: 3,
      seconds: 0.1,
      residual: null,
      distance: null,
      path: [
        [1, 1],
        [2, 0],
      ],
      curve: [
        { calls: 0, residual: 1 },
        { calls: 1, residual: 2 },
      ],
    },
    {
      method: 'extragradient(stepSize=0.5)',
      label: 'extragradient',
      family: 'gradient',
      status: 'converged',
      message: '',
      steps: 3,
      oracleCalls: 6,
      seconds: 0.1,
      residual: 1e-9,
      distance: 1e-9,
      path: [
        [1, 1],
        [0, 0],
      ],
      curve: [
        { calls: 0, residual: 1 },
        { calls: 6, residual: 1e-9 },
      ],
    },
  ],
};
export const run = (label: string, seed: number, highQuality: number): GanRun => ({
  method: `${label}(stepSize=0.1)`,
  label,
  family: label === 'gda' ? 'gradient' : 'adam',
  seed,
  status: 'budget',
  message: '',
  steps: 9,
  oracleCalls: 9,
  seconds: 1,
  result: { modes: 8, highQuality },
  measures: [
    { calls: 5, values: { modes: 3, highQuality: 1 } },
    { calls: 9, values: { modes: 8, highQuality } },
  ],
  players: [
    {
      calls: 5,
      losses: { D: 1.3, G: 0.7 },
      gradientNorms: { D: 0.2, G: 0.1 },
      rotations: { D: -0.5, G: null },
    },
  ],
  snapshots: [
    {
      calls: 9,
      points: [
        [0, 1],
        [9, 9],
      ],
    },
  ],
});
export const gan = (seeds: number): GanSection => ({
  kind: 'gan',
  title: 'ring',
  about: '',
  verdict: ['v'],
  headline: 'highQuality',
  seeds,
  calls: 9,
  settings: {},
  centres: [
    [0, 1],
    [1, 0],
  ],
  goal: { modes: { atLeast: 8 }, highQuality: { atLeast: 80 } },
  goalWords: 'Solved: …',
  metrics: [
    { name: 'modes', label: 'modes', unit: 'modes', better: 'higher', digits: 2 },
    {
      name: 'highQuality',
      label: 'high quality',
      unit: '%',
      better: 'higher',
      digits: 3,
      best: 98.889,
      bestLabel: 'a perfect sampler: 98.889 %',
    },
  ],
  runs: ['adam', 'gda'].flatMap((label) =>
    Array.from({ length: seeds }, (_, i) => run(label, i + 1, label === 'adam' ? 90 + i : 10)),
  ),
});
export const results = (...sections: Results['sections']): Results => ({
  title: nasty,
  command: 'npx stillpoint compare ring',
  interrupted: false,
  sections,
  environment: { node: 'v20' },
});
