// One process of the extragradient bench: node extragradient-process.mjs <dim> <alone|crowded>; prints ns per
// step.
import { distance } from '@stillpoint/operators';
import { extragradient, solve } from '@stillpoint/optimizers';
import { methodFrom, methods } from '@stillpoint/optimizers/registry';
import { gameFrom, problemsOf } from '@stillpoint/problems';
import { median } from './median.mjs';

const [dim, state] = [Number(process.argv[2]), process.argv[3]];
const STEPS = dim === 2 ? 20_000 : 2_000;
/**
 * Number of runs of the hand-written loop in a sample. All samples take about 3 ms, so that other work on the
 * machine affects them alike.
 */
const REPEATS = dim === 2 ? 10 : 2;
const [WARM, ROUNDS] = [10, 61];
const games = problemsOf('game').rows;
/** The step size, so small that z stays far from 0 over all steps: denormal numbers are slow. */
const stepSize = 1e-3;

/**
 * Σ x_i y_i, x and y of dim/2 entries: F(x, y) = (y, −x). The loop is the same for the hand-written method
 * and the game.
 */
const half = dim / 2;
function field(z, out) {
  for (let i = 0; i < half; i++) {
    out[i] = z[half + i];
    out[half + i] = -z[i];
  }
}
const game =
  dim === 2
    ? gameFrom('bilinear')
    : {
        name: `bilinear ${dim}`,
        dim,
        players: [
          { name: 'x', start: 0, end: half },
          { name: 'y', start: half, end: dim },
        ],
        operator: field,
      };
const start = Float64Array.from({ length: dim }, (_, i) => 1 + i / dim);

/**
 * The code that one would write without a library: plain functions over Float64Array that write to their
 * arguments.
 */
function forward(out, z, γ, g) {
  for (let i = 0; i < out.length; i++) out[i] = z[i] - γ * g[i];
}
function byHand(z0, γ, steps) {
  const [z, w, g] = [z0.slice(), new Float64Array(z0.length), new Float64Array(z0.length)];
  for (let k = 0; k < steps; k++) {
    field(z, g);
    forward(w, z, γ, g);
    field(w, g);
    forward(z, z, γ, g);
  }
  return z;
}

/**
 * Runs twenty pairs of a method and a game first, each with another method, over all registered games. The
 * step size is the default of the method's row.
 */
function crowd() {
  const specs = methods
    .filter(({ name, players }) => name !== 'extragradient' && players === undefined)
    .map(({ name, wraps, directs }) => (wraps ? `${name}(gda${directs ? ', momentum' : ''})` : name));
  for (let i = 0; i < 20; i++) {
    const other = games[i % games.length].build({}).exact;
    solve(other, methodFrom(specs[i % specs.length], { lipschitz: 100, ...other.facts }), { steps: 20_000 });
  }
}

const contract = () => solve(game, extragradient({ stepSize }), { start, steps: STEPS }).z;
const hand = () => byHand(start, stepSize, STEPS);
/** ns per step. */
function time(run, repeats) {
  const begun = performance.now();
  for (let i = 0; i < repeats; i++) run();
  return ((performance.now() - begun) * 1e6) / (STEPS * repeats);
}

if (state === 'crowded') crowd();
const z = contract();
const other = hand();
if (!(distance(z, other) < 1e-9))
  throw new Error(`the contract ends at ${z.join()}, the hand-written loop at ${other.join()}`);
const rounds = Array.from({ length: WARM + ROUNDS }, () => ({
  contract: time(contract, 1),
  hand: time(hand, REPEATS),
})).slice(WARM);
console.log(
  JSON.stringify({
    z: Array.from(z),
    contract: median(rounds.map((round) => round.contract)),
    hand: median(rounds.map((round) => round.hand)),
  }),
);
