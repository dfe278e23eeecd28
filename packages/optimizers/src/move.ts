import {
  InputError,
  entropyStep,
  rateOf,
  shown,
  stepSize as option,
  waxpy,
  type MirrorName,
  type Player,
  type Rate,
  type Space,
  type Vector,
} from '@stillpoint/operators';

/** A number or a schedule, or one of these per player. */
export type StepSize = Rate | readonly Rate[];

/** out = (I + γA)⁻¹(from − γg): the forward–backward step, of all players or of one. */
export type Move = (out: Vector, from: Vector, g: Vector, player?: number) => void;

/** The two halves of a move with γ_k: the forward and the backward step. */
export interface Halves {
  /** out = from − γg. */
  readonly forward: (out: Vector, from: Vector, g: Vector, player?: number) => void;
  /** z ← (I + γA)⁻¹z. */
  readonly backward: (z: Vector, player?: number) => void;
}

/** The player with this index. @throws InputError that names the players if there is none. */
export function playerAt(space: Space, index: number): Player {
  const player = space.players[index];
  if (player === undefined)
    throw new InputError(
      `there is no player ${index}; this game has ${space.players.map((p, i) => `${i} (${p.name})`).join(', ')}`,
    );
  return player;
}

/** Checks the step sizes of a user's own methods, whose options no table has checked. */
const accepted = option();

/**
 * One step size per player, at step k, each times `factor`. It is the same array every time. @throws
 * InputError if there is not one per player.
 */
function ratesOf(
  { players }: Space,
  stepSize: StepSize,
  factor: number,
): { readonly sizes: number[]; readonly at: (k: number) => void; readonly constant: boolean } {
  if (!accepted.accepts(stepSize))
    throw new InputError(`stepSize is ${shown(stepSize)}; expected ${accepted.expected}`);
  const given = typeof stepSize === 'number' || 'kind' in stepSize ? players.map(() => stepSize) : stepSize;
  if (given.length !== players.length)
    throw new InputError(
      `stepSize has ${given.length} entries; expected one for each of ${players.map((p) => p.name).join(', ')}`,
    );
  const rates = given.map((rate) => rateOf(rate));
  const sizes = rates.map((rate) => rate(0) * factor);
  return {
    sizes,
    constant: given.every((rate) => typeof rate === 'number'),
    at(k) {
      for (let p = 0; p < sizes.length; p++) sizes[p] = (rates[p]?.(k) ?? 0) * factor;
    },
  };
}

/**
 * The function k ↦ the halves of a move with γ_k times `factor`. It returns one object, which uses the last
 * k. @throws InputError if there is not one step size per player.
 */
export function halves(space: Space, stepSize: StepSize, factor = 1): (k: number) => Halves {
  const { players } = space;
  const { sizes, at, constant } = ratesOf(space, stepSize, factor);
  let one = 0;
  let alike = false;
  const update = (): void => {
    one = sizes[0] ?? 0;
    alike = sizes.every((γ) => γ === one);
  };
  update();
  const both: Halves = {
    forward(out, from, g, player) {
      if (player !== undefined) {
        const { start, end } = playerAt(space, player);
        waxpy(out, from, -(sizes[player] ?? one), g, start, end);
      } else if (alike) waxpy(out, from, -one, g);
      else
        for (let p = 0; p < players.length; p++)
          waxpy(out, from, -(sizes[p] ?? one), g, players[p]?.start, players[p]?.end);
    },
    backward(z, player) {
      if (player !== undefined) space.prox(z, sizes[player] ?? one, player);
      else if (alike) space.prox(z, one);
      // a projection ignores the step size; one player after another would depend on their order
      else if (space.constraint?.joint) space.prox(z, Math.max(...sizes));
      else for (let p = 0; p < players.length; p++) space.prox(z, sizes[p] ?? one, p);
    },
  };
  if (constant) return () => both;
  return (k) => {
    at(k);
    update();
    return both;
  };
}

/**
 * The function k ↦ the move with γ_k times `factor`, for the players of a game. @throws InputError if there
 * is not one per player.
 */
export function mover(space: Space, stepSize: StepSize, factor = 1): (k: number) => Move {
  const half = halves(space, stepSize, factor);
  const { forward, backward } = half(0);
  const move: Move = (out, from, g, player) => {
    forward(out, from, g, player);
    backward(out, player);
  };
  if (typeof stepSize === 'number' && space.constraint === undefined) {
    // one call in the place of three: an eighth of the time of a step of two numbers
    const a = -stepSize * factor;
    const straight: Move = (out, from, g, player) => {
      if (player === undefined) waxpy(out, from, a, g);
      else forward(out, from, g, player);
    };
    return () => straight;
  }
  return (k) => {
    half(k);
    return move;
  };
}

/** `mover` in the geometry of a mirror map: entropy's step is multiplicative weights, player by player. */
export function mirrorMover(space: Space, stepSize: StepSize, mirror: MirrorName): (k: number) => Move {
  if (mirror === 'euclidean') return mover(space, stepSize);
  const lone = space.players.find(({ start, end }) => end - start === 1);
  if (lone !== undefined)
    throw new InputError(
      `player ${lone.name} has one entry, which the entropy mirror map never changes; expected players on simplices, or mirror=euclidean`,
    );
  const { sizes, at } = ratesOf(space, stepSize, 1);
  const one = (out: Vector, from: Vector, g: Vector, p: number): void => {
    const { start, end } = playerAt(space, p);
    entropyStep(out, from, sizes[p] ?? 0, g, start, end);
  };
  const move: Move = (out, from, g, player) => {
    if (player !== undefined) one(out, from, g, player);
    else for (let p = 0; p < space.players.length; p++) one(out, from, g, p);
  };
  return (k) => {
    at(k);
    return move;
  };
}
