import type { Game } from '@stillpoint/operators';
import { solve } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { problemFrom } from '@stillpoint/problems';
import type { Run, Section } from '@stillpoint/tracking';
import { ours, published, type Claimed, type Figure, type FigureOptions } from '../paper.js';
import { tableSection, type Row } from '../runs.js';
import { short } from '../words.js';

const EQUATIONS = ['poisson', 'two-scale', 'helmholtz'] as const;
const STEP_SIZES = [1e-2, 1, 1e2, 1e4, 1e6];
const ADAM = [1e-3, 1e-2, 1e-1];
const STEPS = 25;
/** The share of the loss to which calls are counted. */
const REACHED = 1e-10;

const specs: readonly string[] = [
  ...STEP_SIZES.map((η) => `implicit-gradient(stepSize=${η}, innerSteps=200)`),
  ...STEP_SIZES.map((η) => `gda(stepSize=${η})`),
  ...ADAM.map((η) => `adam(stepSize=${η})`),
];

function lossOf(game: Game, z: ArrayLike<number>): number {
  const out = new Float64Array(1);
  game.losses?.(Float64Array.from(z), out);
  return out[0]!;
}

/** A run with so many calls, or 25 steps; the share of the loss that is left, and whether it ever rose. */
function row(game: Game, spec: string, calls: number | undefined): Row {
  const first = lossOf(game, game.start ?? []);
  let [before, rose, reached]: [number, number, number | null] = [first, 0, null];
  const run = solve(game, methodFrom(spec), {
    ...(calls === undefined ? { steps: STEPS } : { calls }),
    observe({ state, calls: spent }) {
      const now = lossOf(game, state.z);
      if (reached === null && now <= REACHED * first) reached = spent;
      if (now > before * (1 + 1e-12)) rose++;
      before = now;
    },
  });
  const left = lossOf(game, run.z) / first;
  return {
    label: spec,
    method: spec,
    status: run.status === 'ended' || run.status === 'rounding' ? 'budget' : run.status,
    message: run.message,
    values: { left: Number.isFinite(left) ? left : null, reached, rose, steps: run.steps },
    ledger: run.ledger,
    calls: run.calls,
  };
}

async function table({ quick, onProgress, signal }: FigureOptions): Promise<readonly Section[]> {
  const width = quick ? 200 : 2000;
  const sections: Section[] = [];
  for (const [e, equation] of EQUATIONS.entries()) {
    const name = `two-layer-pinn(equation=${equation}, width=${width})`;
    const { exact: game } = problemFrom(name);
    const rows: Row[] = [];
    let most = 0;
    for (const [i, spec] of specs.entries()) {
      if (signal?.aborted) return sections;
      onProgress?.((e + i / specs.length) / EQUATIONS.length, `${equation}: ${spec}`);
      const implicit = spec.startsWith('implicit');
      const one = row(game, spec, implicit ? undefined : Math.ceil(most));
      // the others get the calls of the most expensive implicit run
      if (implicit) most = Math.max(most, one.calls ?? 0);
      rows.push(one);
      await new Promise((next) => {
        setImmediate(next);
      });
    }
    sections.push(
      tableSection({
        title: equation,
        problem: name,
        about: `${STEPS} implicit steps with each step size; gradient descent and Adam with as many calls as the most expensive of these runs. Residuals and products of the solver are counted at their price.`,
        columns: [
          { name: 'left', label: 'loss, share of the first', better: 'lower', digits: 3 },
          { name: 'reached', label: `calls to ${REACHED} of the loss`, better: 'lower', digits: 5 },
          { name: 'rose', label: 'steps in which it rose', better: 'lower', digits: 4 },
          { name: 'steps', label: 'steps', better: 'lower', digits: 6 },
        ],
        rows,
        verdict: [
          'The implicit step is stable whatever its size; the larger it is, the fewer steps are needed, and the dearer each is.',
        ],
        identity: { name, STEPS, STEP_SIZES, ADAM },
      }),
    );
  }
  return sections;
}

const leftIn = ({ values }: Run): number => values['left'] ?? Infinity;
const ofKind = ({ runs }: Section, kind: string): readonly Run[] =>
  runs.filter(({ method }) => method.startsWith(kind));
/** Judges all three equations, each by the words for it. */
const each =
  (
    by: (section: Section) => { readonly holds: boolean; readonly words: string },
  ): NonNullable<Claimed['judge']> =>
  (sections) => {
    if (sections.length < EQUATIONS.length || sections.some(({ runs }) => runs.length < specs.length))
      return undefined;
    const found = sections.map((section) => ({ ...by(section), title: section.title }));
    return {
      holds: found.every(({ holds }) => holds),
      measured: found.map(({ title, words }) => `${title}: ${words}`).join('; '),
    };
  };

/** Implicit steps of all sizes on three equations. */
export const equations: Figure = {
  name: 'equations',
  title: 'Three differential equations: implicit steps of sizes from 0.01 to 1,000,000',
  shows:
    'What is left of the loss of a two-layer network for an equation after implicit gradient steps of very different sizes, beside gradient descent and Adam with as many calls.',
  takes: '3 minutes',
  settings: [
    published(
      'network',
      'two layers, tanh, the hidden one trained',
      'arXiv 2407.02827, abstract: two-layer, tanh among the activations',
    ),
    ours('width', '2,000; 200 in the quick form'),
    ours(
      'equations',
      'u″ = f with sin πx, and with sin 2πx + 0.1 sin 50πx; u″ + 100u = f with sin 4πx; 4 points inside',
    ),
    ours('step sizes', `implicit and gradient descent ${STEP_SIZES.join(', ')}; Adam ${ADAM.join(', ')}`),
  ],
  claims: [
    {
      name: 'falls',
      statement: 'The loss falls in each implicit step, whatever the step size',
      source: 'ours, proved in the method’s file',
      expected: true,
      judge: each((section) => {
        const rose = ofKind(section, 'implicit').reduce(
          (sum, { values }) => sum + (values['rose'] ?? NaN),
          0,
        );
        return { holds: rose === 0, words: `it rose in ${rose} steps` };
      }),
    },
    {
      name: 'long',
      statement:
        'With step sizes from 10,000 on 25 implicit steps leave less than 10⁻²⁰ of the loss, and gradient descent with the same step sizes more than half of it',
      source: 'ours; arXiv 2407.02827, abstract, has that the step size need not depend on the eigenvalues',
      expected: true,
      judge: each((section) => {
        const [implicit, explicit] = ['implicit', 'gda'].map((kind) =>
          ofKind(section, kind).slice(3).map(leftIn),
        );
        return {
          holds: implicit!.every((x) => x < 1e-20) && explicit!.every((x) => !(x <= 0.5)),
          words: `${implicit!.map(short).join(', ')} against ${explicit!.map((x) => (Number.isFinite(x) ? short(x) : 'overflow')).join(', ')}`,
        };
      }),
    },
    {
      name: 'adam',
      statement:
        'The best implicit run has brought the loss to 10⁻¹⁰ of the first with fewer calls than the best of gradient descent and of Adam’s three',
      source: 'ours; arXiv 2303.01767, abstract, has that implicit SGD compares favourably to SGD and Adam',
      expected: false,
      judge: each((section) => {
        const [implicit, gda, adam] = ['implicit', 'gda', 'adam'].map((kind) =>
          Math.min(...ofKind(section, kind).map(({ values }) => values['reached'] ?? Infinity)),
        );
        const words = (x: number): string => (x === Infinity ? 'never' : `${short(x)} calls`);
        return {
          holds: implicit! < Math.min(gda!, adam!),
          words: `implicit ${words(implicit!)}, gradient descent ${words(gda!)}, Adam ${words(adam!)}`,
        };
      }),
    },
  ],
  run: table,
};
