import { InputError, type Atoms, type Constraint, type Space } from '@stillpoint/operators';

/** What a method may need of a space besides gradients. */
interface Needs {
  readonly terms: Required<Pick<Space, 'terms'>>;
  readonly residuals: Required<Pick<Space, 'residuals'>>;
  readonly losses: Required<Pick<Space, 'losses'>>;
  /** Products with J, which can come from differences of F. */
  readonly products: object;
  /** A set or another proximal function: `constraint`. */
  readonly constraint: { readonly constraint: Constraint };
  /** A constraint that minimises linear functions: `constraint.lmo`. */
  readonly lmo: { readonly constraint: Constraint & Required<Pick<Constraint, 'lmo'>> };
  /** A penalty ½ρκ² of a gauge with atoms: `constraint.atoms`. */
  readonly atoms: { readonly constraint: Constraint & { readonly atoms: Atoms } };
}
/**
 * What a method may need besides gradients. A run on a problem without it is refused before the first step.
 * The type of the method's space has what is needed.
 */
export type Need = keyof Needs;
/** A space that has what is needed. */
export type SpaceWith<N extends Need> = Space & ([N] extends [never] ? object : Intersection<Needs[N]>);
type Intersection<U> = (U extends unknown ? (u: U) => void : never) extends (both: infer I) => void
  ? I
  : never;

const isThere: { readonly [N in Need]: (space: Space) => boolean } = {
  terms: ({ terms }) => terms !== undefined,
  residuals: ({ residuals }) => residuals !== undefined,
  losses: ({ losses }) => losses === true,
  products: () => true,
  constraint: ({ constraint }) => constraint !== undefined,
  lmo: ({ constraint }) => constraint?.lmo !== undefined,
  atoms: ({ constraint }) => constraint?.atoms?.weight !== undefined,
};
/** The bounded sets that the error of a missing lmo names: each has one. */
export const setsWithLmo = ['box', 'simplex', 'l1-ball', 'l2-ball', 'nuclear-ball'] as const;
const needInWords: { readonly [N in Need]: string } = {
  terms: 'terms, a finite sum',
  residuals: 'residuals',
  losses: 'losses',
  products: 'products',
  constraint: 'a constraint',
  lmo: 'a constraint over which linear functions can be minimised (lmo)',
  atoms: 'the penalty ½ρκ² of a gauge with atoms',
};
/** What has it, where a constraint is needed. */
const examples: { readonly [N in Need]?: string } = {
  constraint: 'Without one lbfgs does the same',
  lmo: `Bounded sets have one: ${setsWithLmo.join(', ')}, and intersections of boxes with one hyperplane; no intersection does that Dykstra’s algorithm projects onto`,
  atoms:
    'Such penalties are squared-gauge(l1-ball(radius=1), weight=1), and squared-gauge of an l2-ball, a group-l1-ball or an atomic-ball',
};
/** What a problem has instead of what is needed, and what would do. */
function instead(need: Need, { constraint }: Space): string {
  if (examples[need] === undefined) return 'this one has none';
  const found =
    constraint === undefined
      ? 'this one has no constraint'
      : `that of this one${constraint.name === undefined ? '' : `, ${constraint.name},`} has none`;
  return `${found}. ${examples[need]}`;
}
/** Whether a problem has all that a method needs. */
export const fits = ({ needs }: { readonly needs: readonly Need[] }, space: Space): boolean =>
  needs.every((need) => isThere[need](space));

/**
 * @throws InputError if the problem lacks what a method needs. Products are not checked, since they can come
 *   from differences.
 */
export function checkNeeds<N extends Need>(
  name: string,
  needs: readonly N[],
  space: Space,
): asserts space is SpaceWith<N> {
  for (const need of needs)
    if (!isThere[need](space))
      throw new InputError(`${name} needs a problem with ${needInWords[need]}; ${instead(need, space)}`);
}

/** @throws InputError if a problem has another number of players than a method is for. */
export function checkPlayers(
  {
    name,
    players,
    sampler,
  }: { readonly name: string; readonly players?: number; readonly sampler?: boolean },
  space: Space,
): void {
  if (players === undefined || space.players.length === players) return;
  const one = sampler ? 'samples exp(−βf) of one player' : 'minimises for one player';
  const wanted = players === 1 ? one : players === 2 ? 'is for two players' : `is for ${players} players`;
  throw new InputError(
    `${name} ${wanted}; this game has ${space.players.map((player) => player.name).join(', ')}`,
  );
}
