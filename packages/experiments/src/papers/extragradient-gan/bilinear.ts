import { integer, type Data, type Full, type Game } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import { asPublished, point, pointInWords, sourceOf } from '../chosen.js';
import { figure } from '../figure.js';
import { ours, published } from '../paper.js';
import { onGame } from '../runs.js';

const CODE = 'the authors’ code, bilinear_wgan.ipynb';

const anywhere = point({ about: 'the start θ, φ, with φ in [−1, 1]', default: [2, 0.5] });
const options = {
  start: {
    ...anywhere,
    expected: 'two numbers, not both 0, the second from -1 to 1, as [2,0.5]',
    accepts: (value: Data) =>
      anywhere.accepts(value) && Array.isArray(value) && Math.abs(Number(value[1])) <= 1,
  },
  steps: integer({ about: 'steps of each method', from: 1, to: 1_000_000, default: 100 }),
};
type Values = Full<typeof options>;

/** min over θ, max over φ in [−1, 1], of θφ: a Wasserstein GAN of one number for each player. */
function wgan({ start }: Values): Game {
  return {
    ...gameFrom('bilinear'),
    name: 'θφ with φ in [−1, 1]',
    identity: { kind: 'bilinear WGAN' },
    start,
    constraint: {
      prox(z, _, player) {
        if (player !== 0) z[1] = Math.max(-1, Math.min(z[1]!, 1));
      },
    },
    facts: { lipschitz: 1, solution: [0, 0] },
  };
}

/** The runs, in the order of `methods`. */
const ends = ['SimSGD', 'AltSGD', 'average of AltSGD', 'EG', 'past EG', 'Adam'] as const;

const source = (values: Values): string =>
  sourceOf(options, values, 'on the settings of the authors’ code; the sentence is Stillpoint’s');

/** The bilinear Wasserstein GAN with clipped weights. */
export const bilinear = figure({
  name: 'bilinear',
  title: 'A Wasserstein GAN of two numbers: extragradient converges, gradient steps cycle',
  shows: 'The paths on θφ with φ clipped to [−1, 1].',
  takes: 'seconds',
  options,
  settings: ({ start, steps }) => [
    asPublished('start', pointInWords(start), '(2, 0.5)', CODE),
    asPublished('steps', steps.toLocaleString('en'), '100', CODE),
    published('step sizes', 'SimSGD and AltSGD 0.1, EG 0.6, past EG 0.5, Adam 0.01 with β = (0, 0.99)', CODE),
    published('averaging', 'AltSGD with 2/√(i + 1); here with 0.1', CODE),
    ours('EG', 'textbook extragradient, with projections'),
  ],
  claims: (values) => [
    {
      name: 'extrapolation',
      statement: `After ${values.steps.toLocaleString('en')} steps EG and past EG are nearer to the solution than SimSGD, AltSGD and Adam; SimSGD and AltSGD stay above a fifth of the start’s distance`,
      source: source(values),
      expected: true,
      judge([section]) {
        const distances = ends.map((name, i) => ({ name, at: section?.runs[i]?.values['distance'] }));
        if (distances.some(({ at }) => at === undefined || at === null)) return undefined;
        const of = (name: (typeof ends)[number]): number => distances[ends.indexOf(name)]!.at!;
        const others = [of('SimSGD'), of('AltSGD'), of('Adam')];
        const start = Math.hypot(...values.start);
        return {
          holds:
            Math.max(of('EG'), of('past EG')) < Math.min(...others) &&
            Math.min(of('SimSGD'), of('AltSGD')) > start / 5,
          measured: distances.map(({ name, at }) => `${name} ${at!.toPrecision(3)}`).join(', '),
        };
      },
    },
    {
      name: 'averaging',
      statement: 'The average of AltSGD is nearer to the solution than its last point',
      source: source(values),
      expected: true,
      judge([section]) {
        const [last, mean] = [1, 2].map((i) => section?.runs[i]?.values['distance']);
        if (last === undefined || last === null || mean === undefined || mean === null) return undefined;
        return {
          holds: mean < last,
          measured: `the average ${mean.toPrecision(3)}, the last point ${last.toPrecision(3)}`,
        };
      },
    },
  ],
  async run(values, given) {
    return [
      await onGame(
        wgan(values),
        {
          title: `θφ with φ in [−1, 1] from ${pointInWords(values.start)}`,
          methods: [
            'gda(stepSize=0.1)',
            'alternating-gda(stepSize=0.1)',
            'average(alternating-gda(stepSize=0.1))',
            'extragradient(stepSize=0.6)',
            'past-extragradient(stepSize=0.5)',
            'adam(stepSize=0.01, beta1=0, beta2=0.99)',
          ],
          steps: values.steps,
          tolerance: 0,
          stepSizes: 'those of the authors’ code',
        },
        given,
      ),
    ];
  },
});
