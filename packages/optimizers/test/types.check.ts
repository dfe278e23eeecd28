// Compiles only if the types say what they should: tsconfig.check.json reads this file, nothing runs it.
import { choice, number, type MirrorName } from '@stillpoint/operators';
import {
  amsgradTransform,
  chain,
  clipByNorm,
  competitiveGradient,
  curvatureEgPlus,
  egPlus,
  gda,
  lookahead,
  method,
  mirrorProx,
  momentum,
  rapp,
  startAt,
  transform,
  type OptionsOf,
} from '../src/index.js';
import { about, aboutConstantStep, type Rule } from '../src/certificates/rule.js';

const words = {
  group: 'baseline',
  about: '',
  when: '',
  assumptions: '',
  reference: '',
  memory: 1,
  calls: () => 1,
} as const;

export const made = [
  rapp({ stepSize: 0.4 }),
  rapp({ stepSize: [0.1, { kind: 'power', from: 1, steps: 10 }], innerSteps: 5 }),
  curvatureEgPlus(),
  mirrorProx({ stepSize: 1, mirror: 'entropy' }),
  lookahead(gda({ stepSize: 1 }), { steps: 3 }),
  transform(gda({ stepSize: 1 }), chain(clipByNorm(), momentum({ decay: 0.5 }))),
];
export const weight: number = 0 as OptionsOf<typeof rapp>['weight'];
export const mirror: MirrorName = 'euclidean' as OptionsOf<typeof mirrorProx>['mirror'];
type RappOptions = OptionsOf<typeof rapp>;
// @ts-expect-error: no such option
export const renamed: Pick<RappOptions, 'relaxation'> | undefined = undefined;
// @ts-expect-error: stepSize has no default
gda();
// @ts-expect-error: a step size is a number, a schedule or a list of them
gda({ stepSize: 'x' });
// @ts-expect-error: no option of that name
rapp({ stepSize: 1, inerSteps: 3 });
// @ts-expect-error: inner products need one step size for all players
competitiveGradient({ stepSize: [1, 2] });
// @ts-expect-error: not one of the mirror maps
mirrorProx({ stepSize: 1, mirror: 'hyperbolic' });
// @ts-expect-error: a method comes first
lookahead({ steps: 3 });
// @ts-expect-error: what gda makes, not gda
lookahead(gda);
// @ts-expect-error: the transform is missing
transform(gda({ stepSize: 1 }));
// @ts-expect-error: a transform, not a method
transform(gda({ stepSize: 1 }), gda({ stepSize: 1 }));
// @ts-expect-error: a number
amsgradTransform({ beta1: true });
// @ts-expect-error: a default is of the option's own type
number({ about: '', default: 'x' });
// @ts-expect-error: a default is one of the words
choice({ about: '', among: ['a', 'b'], default: 'c' });

export const typo = method({
  ...words,
  name: 'typo',
  options: { weight: number({ about: '', default: 1 }) },
  init: startAt,
  // @ts-expect-error: no such option
  begin: (_, { wieght }) =>
    function* (s) {
      s.k += wieght;
      yield s.z;
    },
});
export const forgetful = method({
  ...words,
  name: 'forgetful',
  options: {},
  init: startAt,
  begin: () =>
    function* (s) {
      // @ts-expect-error: no such field of the state
      s.steps++;
      yield s.z;
    },
});
export const needy = method({
  ...words,
  name: 'needy',
  options: {},
  init: startAt,
  begin(space) {
    // @ts-expect-error: terms is not among what it needs, so there may be none
    const n: number = space.terms;
    return function* (s) {
      s.k += n;
      yield s.z;
    };
  },
});
export const honest = method({
  ...words,
  name: 'honest',
  options: {},
  needs: ['terms'],
  init: startAt,
  begin(space) {
    const n: number = space.terms;
    return function* (s) {
      s.k += n;
      yield s.z;
    };
  },
});

/** A rule reads the options of its method, whose step size is then one number. */
export const rule: Rule<number, number> = aboutConstantStep(egPlus, (o, x) => o.stepSize * o.relaxation * x);
// @ts-expect-error: eg-plus has no option of that name
aboutConstantStep(egPlus, ({ weight: λ }) => λ);
// @ts-expect-error: a step size may be a schedule, or one per player
about(egPlus, ({ stepSize }) => stepSize * 2);
// @ts-expect-error: what it says needs an option that gda lacks
aboutConstantStep(gda, (options: { readonly stepSize: number; readonly weight: number }) => options.weight);
// @ts-expect-error: lookahead has no step size
aboutConstantStep(lookahead, ({ stepSize }) => stepSize);
/** A wrapper's options hold what it takes, as data. */
export const inner: string = '' as OptionsOf<typeof lookahead>['method']['name'];
// @ts-expect-error: lookahead takes no transform
export const direction: Pick<OptionsOf<typeof lookahead>, 'transform'> | undefined = undefined;
