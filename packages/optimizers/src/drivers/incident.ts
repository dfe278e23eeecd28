import {
  isFiniteVector,
  isVector,
  type Asked,
  type Block,
  type Done,
  type Problem,
  type State,
  type Vector,
} from '@stillpoint/operators';

/** The first value of a run that is not finite, and what was still finite beside it. */
export interface Incident {
  /** The step that computed it, counted from 1. */
  readonly step: number;
  /** `point`: where a gradient was asked; `memory`: a moment or another vector of the method's state. */
  readonly what: 'loss' | 'gradient' | 'point' | 'parameter' | 'memory';
  /** The player whose value it is, if it is one player's. */
  readonly player?: string;
  /** Where it is: `G.dense1.kernel[3]`, or a path in the state, `state.moments.v[17]`. */
  readonly place?: string;
  /** The tensors of the same vector that are not finite, and those that still are. */
  readonly nonFinite: readonly string[];
  readonly clean: readonly string[];
  /** All of it in words. */
  readonly message: string;
}

/** What was found in a step, before it is put into words. */
type Finding = Omit<Incident, 'step' | 'message'> & { readonly words: string };

/** What tells which entries of z belong to which tensor and player. */
type Layout = Pick<Problem, 'dim' | 'players' | 'blocks'>;

/** The tensors of a vector of z's length: those that the problem names, else a slice for each player. */
function tensorsOf({ players, blocks = [] }: Layout): readonly (Block & { readonly size: number })[] {
  if (blocks.length > 0)
    return blocks.map((block) => ({ ...block, size: block.shape.reduce((n, side) => n * side, 1) }));
  return players.map(({ name, start, end }, player) => ({
    name,
    offset: start,
    shape: [end - start],
    size: end - start,
    player,
  }));
}

const badAt = (vector: Vector): number => vector.findIndex((x) => !Number.isFinite(x));

/** Which tensors of a vector of z's length are finite, of the players that it holds. */
function split(vector: Vector, problem: Layout, player: number | undefined): Finding | undefined {
  const found: { readonly name: string; readonly owner: number; readonly at: number; readonly x: number }[] =
    [];
  const clean: string[] = [];
  for (const { name, offset, size, player: owner } of tensorsOf(problem)) {
    if (player !== undefined && player !== owner) continue;
    const values = vector.subarray(offset, offset + size);
    if (isFiniteVector(values)) clean.push(name);
    else {
      const at = badAt(values);
      found.push({ name, owner, at, x: values[at]! });
    }
  }
  const [first] = found;
  if (first === undefined) return undefined;
  const owner = problem.players[first.owner]?.name;
  return {
    what: 'gradient',
    ...(owner === undefined ? {} : { player: owner }),
    place: `${first.name}[${first.at}]`,
    nonFinite: found.map(({ name }) => name),
    clean,
    words: `${first.name}[${first.at}] is ${first.x}`,
  };
}

/** The most names that are listed in a message. */
const LISTED = 8;
const listed = (names: readonly string[]): string =>
  names.length <= LISTED
    ? names.join(', ')
    : `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more`;

/** What is finite and what is not, as two sentences. */
const sides = ({ nonFinite, clean }: Pick<Finding, 'nonFinite' | 'clean'>): string =>
  [
    nonFinite.length > 1 ? ` Not finite: ${listed(nonFinite)}.` : '',
    clean.length > 0 ? ` Still finite: ${listed(clean)}.` : '',
  ].join('');

/** A problem whose answers are looked at; `found` is the first finding since `reset`. */
export interface Watched<Sample> {
  readonly problem: Problem<Sample>;
  readonly found: () => Finding | undefined;
  readonly reset: () => void;
}

/** The same problem, of which every point, loss and gradient is looked at when it is computed. */
export function watched<Sample>(problem: Problem<Sample>): Watched<Sample> {
  const { players } = problem;
  let finding: Finding | undefined;
  const seen = players.map(() => false); // players whose losses the operator computes
  const look = (z: Vector, out: Vector, { player, losses }: Asked<Sample>): void => {
    const slices = players.map((_, p) => p).filter((p) => player === undefined || player === p);
    const bad = (p: number): boolean => {
      const loss = losses?.[p];
      if (loss === undefined || Number.isFinite(loss)) return false;
      return seen[p] === true || !Number.isNaN(loss); // NaN also stands for a loss that is not computed
    };
    const lost = losses === undefined ? undefined : slices.find(bad);
    for (const p of slices) if (Number.isFinite(losses?.[p])) seen[p] = true;
    if (finding !== undefined) return;
    const point = isFiniteVector(z) ? undefined : split(z, problem, undefined);
    const gradient = split(out, problem, player);
    if (point !== undefined)
      finding = { ...point, what: 'point', words: `the point where a gradient was asked: ${point.words}` };
    else if (lost !== undefined) {
      const { name } = players[lost]!;
      finding = {
        what: 'loss',
        player: name,
        nonFinite: gradient?.nonFinite ?? [],
        clean: gradient?.clean ?? [],
        words: `the loss of ${name} is ${losses![lost]!}${gradient === undefined ? ', while the gradient is finite' : `; in the gradient ${gradient.words}`}`,
      };
    } else if (gradient !== undefined) {
      const finite = slices.filter((p) => Number.isFinite(losses?.[p]));
      const beside =
        finite.length === 0
          ? ''
          : `, while the loss${finite.length === 1 ? '' : 'es'} ${finite.map((p) => `of ${players[p]!.name} (${Number(losses![p]!.toPrecision(3))})`).join(' and ')} ${finite.length === 1 ? 'is' : 'are'} finite`;
      finding = { ...gradient, words: `in the gradient of ${gradient.player}, ${gradient.words}${beside}` };
    }
  };
  return {
    problem: {
      ...problem,
      operator(z, out, asked): Done {
        const wait = problem.operator(z, out, asked);
        if (wait) return wait.then(() => look(z, out, asked));
        look(z, out, asked);
      },
    },
    found: () => finding,
    reset() {
      finding = undefined;
    },
  };
}

/** The vectors inside a method's state, with their paths. */
export function vectorsIn(value: unknown, path = 'state'): readonly (readonly [path: string, Vector])[] {
  if (isVector(value)) return [[path, value]];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, entry]: [string, unknown]) =>
    vectorsIn(entry, `${path}.${key}`),
  );
}

/** The first vector of a state that is not finite. */
function inState(state: State, problem: Layout): Finding | undefined {
  for (const [path, vector] of vectorsIn(state)) {
    if (isFiniteVector(vector)) continue;
    const own = path === 'state.z';
    const at = badAt(vector);
    const finding = vector.length === problem.dim ? split(vector, problem, undefined) : undefined;
    return {
      what: own ? 'parameter' : 'memory',
      ...(finding?.player === undefined ? {} : { player: finding.player }),
      place: own && finding?.place !== undefined ? finding.place : `${path}[${at}]`,
      nonFinite: finding?.nonFinite ?? [],
      clean: finding?.clean ?? [],
      words: own
        ? `the parameters: ${finding?.words ?? `z[${at}] is ${vector[at]}`}, while the losses and gradients of this step are finite`
        : `the method’s ${path.replace(/^state\./, '')}: ${finding?.words ?? `entry ${at} is ${vector[at]}`}, while the losses and gradients of this step are finite`,
    };
  }
  return undefined;
}

/** The largest entry of z before the step, which shows a step size that is too large. */
function largest(z: Vector, problem: Layout): string {
  let [most, at] = [-1, 0];
  for (const [i, x] of z.entries()) if (Math.abs(x) > most) [most, at] = [Math.abs(x), i];
  const tensor = tensorsOf(problem).findLast(({ offset }) => offset <= at);
  return ` Before the step every parameter and every vector of the method was finite; the largest parameter was ${Number(most.toPrecision(3))}, in ${tensor?.name ?? 'z'}.`;
}

/**
 * The incident of a step: what its oracle was seen to return first, else what is in the state after it.
 * Undefined if all is finite.
 */
export function incidentOf(
  step: number,
  found: Finding | undefined,
  state: State,
  before: State | undefined,
  problem: Layout,
): Incident | undefined {
  const finding = found ?? inState(state, problem);
  if (finding === undefined) return undefined;
  const { words, ...rest } = finding;
  const then = before === undefined ? '' : largest(before.z, problem);
  return { step, ...rest, message: `Not finite in step ${step}: ${words}.${sides(finding)}${then}` };
}
