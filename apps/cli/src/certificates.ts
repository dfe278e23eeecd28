import { distance, isRecord, type Game, type Method, type State, type Vector } from '@stillpoint/operators';
import { boundOn, errorBound, restrictedGap } from '@stillpoint/optimizers/certificates';
import { problems } from '@stillpoint/problems';

/**
 * What the end of a run proves, and the theorem that bounds the run. A certificate that does not apply is
 * absent.
 */
export interface Certificates {
  /** For a matrix game: upper − lower of `value`. */
  readonly dualityGap?: number;
  /** The game's value lies between these numbers, as z alone proves. */
  readonly value?: readonly [lower: number, upper: number];
  /** max ⟨F(u), z − u⟩ over ‖u − around‖ ≤ radius. */
  readonly restrictedGap?: {
    readonly value: number;
    readonly around: 'the stated solution' | 'the start';
    readonly radius: number;
  };
  readonly errorBound?: { readonly distance: number; readonly statement: string };
  readonly theorem: Theorem | { readonly reason: string };
}

/** A theorem that holds for this method on this game. */
interface Theorem {
  readonly name: string;
  readonly statement: string;
  readonly source: string;
  /** What it bounds, as `best ‖z − Tz‖²`, and its bound after `steps` steps. */
  readonly measure: string;
  readonly steps: number;
  readonly bound: number;
}

/**
 * No certificate is computed for games of more entries: the decompositions would take longer than the run.
 */
const LARGEST = 200;

/**
 * The result of `compute`; undefined if it throws: some certificates evaluate F outside the constraints,
 * where a user's F need not be defined.
 */
function attempt<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch {
    return undefined;
  }
}

/**
 * The certificates of a run, computed at its end z on the exact game; for a sampled game on that of its mean.
 * The calls of F they need are not counted. `unbounded` is the reason why no theorem bounds this run, if that
 * is known.
 */
export function certify(
  game: Game,
  method: Method<State>,
  start: Vector,
  { z, steps }: { readonly z: Vector; readonly steps: number },
  unbounded?: string,
): Certificates {
  const finite = z.every(Number.isFinite);
  const { kind, name: named } = isRecord(game.identity) ? game.identity : {};
  const row = problems.find((one) => one.kind.name === kind && one.name === named);
  const bounds = finite ? row?.valueBounds?.(game, z) : undefined;
  const small = finite && game.dim <= LARGEST;
  const solution = game.facts?.solution;
  const around = solution ?? start;
  const radius = distance(solution === undefined ? z : start, Float64Array.from(around)) || 1;
  const gap =
    small && !game.constraint ? attempt(() => restrictedGap(game, z, { around, radius })) : undefined;
  const error = small ? attempt(() => errorBound(game, z)) : undefined;
  const theorem = unbounded === undefined ? boundOn(game, method, start) : { reason: unbounded };
  return {
    ...(bounds ? { dualityGap: bounds.upper - bounds.lower, value: [bounds.lower, bounds.upper] } : {}),
    ...(typeof gap === 'number'
      ? {
          restrictedGap: {
            value: gap,
            around: solution === undefined ? 'the start' : 'the stated solution',
            radius,
          },
        }
      : {}),
    ...(error && 'distance' in error ? { errorBound: error } : {}),
    theorem:
      'reason' in theorem
        ? theorem
        : {
            name: theorem.theorem,
            statement: theorem.statement,
            source: theorem.source,
            measure: theorem.measure,
            steps,
            bound: theorem.at(steps),
          },
  };
}

const short = (x: number): string => String(Number(x.toPrecision(4)));

/** The certificates as lines, each a label and a text. */
export function inWords({
  dualityGap,
  value,
  restrictedGap: gap,
  errorBound: error,
  theorem,
}: Certificates): readonly (readonly [string, string])[] {
  const proved = (held: Theorem): string => {
    return `${held.name} (${held.source}): ${held.statement}`;
  };
  return [
    ...(dualityGap === undefined ? [] : [['duality gap', short(dualityGap)] as const]),
    ...(value === undefined ? [] : [['value', `between ${value[0]} and ${value[1]}`] as const]),
    ...(gap === undefined
      ? []
      : [
          [
            'gap',
            `${short(gap.value)} on the ball of radius ${short(gap.radius)} around ${gap.around}`,
          ] as const,
        ]),
    ...(error === undefined
      ? []
      : [['error bound', `${short(error.distance)}: ${error.statement}`] as const]),
    ...('reason' in theorem
      ? [['theorem', `none: ${theorem.reason}`] as const]
      : [
          ['theorem', proved(theorem)] as const,
          ...(Number.isFinite(theorem.bound)
            ? [['', `after ${theorem.steps} steps ${theorem.measure} ≤ ${short(theorem.bound)}`] as const]
            : []),
        ]),
  ];
}
