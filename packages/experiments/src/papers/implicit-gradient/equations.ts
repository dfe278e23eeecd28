import { integer, numbers, type Full, type Game } from '@stillpoint/operators';
import { solve } from '@stillpoint/optimizers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { problemFrom } from '@stillpoint/problems';
import type { Run, Section } from '@stillpoint/tracking';
import { figure, seedOptions, seedsInWords, seedsOf } from '../figure.js';
import { ours, published, type Claimed, type FigureOptions } from '../paper.js';
import { tableSection, type Row } from '../runs.js';
import { short } from '../words.js';

const EQUATIONS = ['poisson', 'two-scale', 'helmholtz'] as const;
const options = {
  ...seedOptions(1),
  width: integer({ about: 'hidden units', from: 1, to: 100_000, default: 2000 }),
  interior: integer({ about: 'points inside', from: 1, to: 1000, default: 4 }),
  steps: integer({ about: 'implicit steps', from: 1, default: 25 }),
  stepSizes: numbers({
    about: 'step sizes of implicit steps and of gradient descent',
    above: 0,
    default: [1e-2, 1, 1e2, 1e4, 1e6],
  }),
};
type Values = Full<typeof options>;
const ADAM = [1e-3, 1e-2, 1e-1];
/** The share of the loss to which calls are counted. */
const REACHED = 1e-10;
/** From which step size on steps are called long. */
const LONG = 1e4;

const specsOf = ({ stepSizes }: Pick<Values, 'stepSizes'>): readonly string[] => [
  ...stepSizes.map((η) => `implicit-gradient(stepSize=${η}, innerSteps=200)`),
  ...stepSizes.map((η) => `gda(stepSize=${η})`),
  ...ADAM.map((η) => `adam(stepSize=${η})`),
];

function lossOf(game: Game, z: ArrayLike<number>): number {
  const out = new Float64Array(1);
  game.losses?.(Float64Array.from(z), out);
  return out[0]!;
}

/** A run of this length; the share of the loss that is left, and how often it rose. */
function row(
  game: Game,
  spec: string,
  seed: number,
  length: { readonly calls: number } | { readonly steps: number },
): Row {
  const first = lossOf(game, game.start ?? []);
  let [before, rose, reached]: [number, number, number | null] = [first, 0, null];
  const run = solve(game, methodFrom(spec), {
    ...length,
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
    seed,
    status: run.status === 'ended' || run.status === 'rounding' ? 'budget' : run.status,
    message: run.message,
    values: { left: Number.isFinite(left) ? left : null, reached, rose, steps: run.steps },
    ledger: run.ledger,
    calls: run.calls,
  };
}

async function table(values: Values, { onProgress, signal }: FigureOptions): Promise<readonly Section[]> {
  const { width, interior, steps, stepSizes } = values;
  const [seeds, specs] = [seedsOf(values), specsOf(values)];
  const sections: Section[] = [];
  for (const [e, equation] of EQUATIONS.entries()) {
    const sizes = `equation=${equation}, width=${width}, interior=${interior}`;
    const rows: Row[] = [];
    for (const [at, seed] of seeds.entries()) {
      const { exact: game } = problemFrom(`two-layer-pinn(${sizes}, seed=${seed})`);
      let most = 0;
      for (const [i, spec] of specs.entries()) {
        if (signal?.aborted) return sections;
        const done = (at + i / specs.length) / seeds.length;
        onProgress?.((e + done) / EQUATIONS.length, `${equation}: ${spec}, seed ${seed}`);
        const isImplicit = spec.startsWith('implicit');
        const one = row(game, spec, seed, isImplicit ? { steps } : { calls: Math.ceil(most) });
        // the others get the calls of the most expensive implicit run
        if (isImplicit) most = Math.max(most, one.calls ?? 0);
        rows.push(one);
        await new Promise((next) => {
          setImmediate(next);
        });
      }
    }
    sections.push(
      tableSection({
        title: equation,
        problem: `two-layer-pinn(${sizes})`,
        about: `${steps} implicit steps with each step size; gradient descent and Adam with as many calls as the most expensive of these runs. Residuals and products of the solver are counted at their price.`,
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
        identity: { equation, width, interior, steps, stepSizes: [...stepSizes], ADAM },
      }),
    );
  }
  return sections;
}

const leftIn = ({ values }: Run): number => values['left'] ?? Infinity;
const ofKind = ({ runs }: Section, kind: string): readonly Run[] =>
  runs.filter(({ method }) => method.startsWith(kind));
/** What is left with each long step size, in every run of it. */
const leftByStep = ({ runs }: Section, kind: string, { stepSizes }: Values): readonly (readonly number[])[] =>
  stepSizes
    .filter((η) => η >= LONG)
    .map((η) =>
      runs
        .filter(({ method }) => method === specsOf({ stepSizes: [η] }).find((one) => one.startsWith(kind)))
        .map(leftIn),
    );
/** The least calls to the goal, for each seed. */
const bestCalls = (section: Section, kind: string, values: Values): readonly number[] =>
  seedsOf(values).map((seed) =>
    Math.min(
      ...ofKind(section, kind)
        .filter((run) => run.seed === seed)
        .map((run) => run.values['reached'] ?? Infinity),
    ),
  );
/** Judges all three equations, each by the words for it. */
const each =
  (
    values: Values,
    by: (section: Section) => { readonly holds: boolean; readonly words: string },
  ): NonNullable<Claimed['judge']> =>
  (sections) => {
    const count = specsOf(values).length * values.seeds;
    if (sections.length < EQUATIONS.length || sections.some(({ runs }) => runs.length < count))
      return undefined;
    const found = sections.map((section) => ({ ...by(section), title: section.title }));
    return {
      holds: found.every(({ holds }) => holds),
      measured: found.map(({ title, words }) => `${title}: ${words}`).join('; '),
    };
  };

/** Implicit steps of all sizes on three equations. */
export const equations = figure({
  name: 'equations',
  title: 'Three differential equations: implicit steps of very different sizes',
  shows:
    'What is left of the loss of a two-layer network for an equation after implicit gradient steps of very different sizes, beside gradient descent and Adam with as many calls.',
  takes: '3 minutes',
  options,
  quick: { width: 200 },
  settings: ({ width, interior, steps, stepSizes, ...values }) => [
    published(
      'network',
      'two layers, tanh, the hidden one trained',
      'arXiv 2407.02827, abstract: two-layer, tanh among the activations',
    ),
    ours('width', width.toLocaleString('en')),
    ours(
      'equations',
      `u″ = f with sin πx, and with sin 2πx + 0.1 sin 50πx; u″ + 100u = f with sin 4πx; points inside: ${interior}`,
    ),
    ours(
      'step sizes',
      `implicit, ${steps} steps, and gradient descent ${stepSizes.join(', ')}; Adam ${ADAM.join(', ')}`,
    ),
    ours('seeds of the start', seedsInWords(values)),
  ],
  claims: (values) => [
    {
      name: 'falls',
      statement: 'The loss falls in each implicit step, whatever the step size',
      source: 'Stillpoint’s, proved in the method’s file',
      expected: true,
      judge: each(values, (section) => {
        const rose = ofKind(section, 'implicit').reduce((sum, run) => sum + (run.values['rose'] ?? NaN), 0);
        return { holds: rose === 0, words: `it rose in ${rose} steps` };
      }),
    },
    {
      name: 'long',
      statement: `With step sizes from 10,000 on ${values.steps} implicit steps leave less than 10⁻²⁰ of the loss, and gradient descent with the same step sizes more than a tenth of it`,
      source:
        'Stillpoint’s; arXiv 2407.02827, abstract, has that the step size need not depend on the eigenvalues',
      expected: true,
      judge: values.stepSizes.some((η) => η >= LONG)
        ? each(values, (section) => {
            const most = leftByStep(section, 'implicit', values).map((left) => Math.max(...left));
            const least = leftByStep(section, 'gda', values).map((left) => Math.min(...left));
            return {
              holds: most.every((x) => x < 1e-20) && least.every((x) => x > 0.1),
              words: `${most.map(short).join(', ')} against ${least.map((x) => (x === Infinity ? 'overflow' : short(x))).join(', ')}`,
            };
          })
        : () => undefined,
    },
    {
      name: 'adam',
      statement:
        'The best implicit run has brought the loss to 10⁻¹⁰ of the first with fewer calls than the best of gradient descent and of Adam’s three',
      source:
        'Stillpoint’s; arXiv 2303.01767, abstract, has that implicit SGD compares favourably to SGD and Adam',
      expected: false,
      judge: each(values, (section) => {
        const [implicit, gda, adam] = ['implicit', 'gda', 'adam'].map((kind) =>
          bestCalls(section, kind, values),
        );
        const words = (all: readonly number[]): string =>
          all.map((x) => (x === Infinity ? 'never' : `${short(x)} calls`)).join(', ');
        return {
          holds: implicit!.every((x, i) => x < Math.min(gda![i]!, adam![i]!)),
          words: `implicit ${words(implicit!)}, gradient descent ${words(gda!)}, Adam ${words(adam!)}`,
        };
      }),
    },
  ],
  run: table,
});
