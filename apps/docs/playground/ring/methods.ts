import { formatSpec, parseSpec, type Method, type Problem, type State } from '@stillpoint/operators';
import { spaceFor } from '@stillpoint/optimizers/drivers';
import { checkSpecNeeds, methodFrom } from '@stillpoint/optimizers/registry';
import { choicesOf, refusalOf, type Choice } from '../controls.js';

/** Specs that train on the ring: those of the preset `ring`, and the same step size for their relatives. */
export const tuned = {
  adam: 'adam(stepSize=0.002, beta1=0.5)',
  'alternating-adam': 'alternating-adam(stepSize=0.002, beta1=0.5)',
  'extra-adam': 'extra-adam(stepSize=0.001, beta1=0.9)',
  'optimistic-adam': 'optimistic-adam(stepSize=0.001, beta1=0.5)',
  lookahead: 'lookahead(alternating-adam(stepSize=0.002, beta1=0.5), steps=200)',
  'rapp-adam': 'rapp-adam(stepSize=0.003, beta1=0.9, innerSteps=3, weight=0.5)',
} as const;

/** A sampled game of two players with losses, as a GAN is: methods are asked on it whether they can run. */
const likeGan: Problem = {
  name: 'the ring GAN',
  dim: 2,
  players: [
    { name: 'D', start: 0, end: 1 },
    { name: 'G', start: 1, end: 2 },
  ],
  draw: () => 0,
  operator() {},
  losses() {},
};

/** The method of a spec. @throws InputError for a spec that is not valid, and if it cannot run on a GAN. */
export function ringMethod(spec: string): Method<State> {
  checkSpecNeeds(spec, likeGan);
  const method = methodFrom(spec);
  const space = spaceFor(likeGan, new Float32Array(2));
  method.init(space, new Float32Array(2));
  method.begin(space);
  return method;
}

/** Why a method cannot train the GAN, in the library's words; undefined if it can. */
export const ringRefusal = (spec: string): string | undefined => refusalOf(() => ringMethod(spec));

/** What can be chosen. */
export const ringChoices = (): readonly Choice[] => choicesOf(ringRefusal, [tuned.adam], tuned);

/** Whether a spec is one of Lookahead. */
export const isLookahead = (spec: string): boolean => parseSpec(spec).name === 'lookahead';

/** The spec inside of Lookahead, or with Lookahead around it. */
export function turnLookahead(spec: string): string {
  const parsed = parseSpec(spec);
  const [inner] = parsed.inner;
  if (parsed.name === 'lookahead' && inner !== undefined) return formatSpec(inner);
  return formatSpec({ name: 'lookahead', inner: [parsed], options: { steps: 200 } });
}
