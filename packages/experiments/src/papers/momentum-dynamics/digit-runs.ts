import { gda, heavyBall, higherMomentum, nesterov, train } from '@stillpoint/optimizers';
import type { Method, State } from '@stillpoint/operators';
import type { Measure } from '@stillpoint/tracking';
import type { Digits } from './digits.js';

/** A method of the authors' code, with the size of its steps, and what is known of it on a quadratic. */
export interface Contender {
  readonly label: string;
  readonly make: (stepSize: number) => Method<State>;
  /** With which step size, in units of 1/L, it stops to converge; of Nesterov in the limit of many steps. */
  readonly limit: number;
  /** The larger root of r² = β₁r + β₂, by which past gradients fade; of Nesterov it tends to 1. */
  readonly root: number;
}

export const descent: Contender = {
  label: 'gradient descent',
  make: (stepSize) => gda({ stepSize }),
  limit: 2,
  root: 0,
};
export const ball = (momentum: number): Contender => ({
  label: `heavy ball, β = ${momentum}`,
  make: (stepSize) => heavyBall({ stepSize, momentum }),
  limit: 2 * (1 + momentum),
  root: momentum,
});
export const lags = (momentum: number, secondMomentum: number): Contender => ({
  label: `β = (${momentum}, ${secondMomentum})`,
  make: (stepSize) => higherMomentum({ stepSize, momentum, secondMomentum }),
  limit: 2 * (1 + momentum - secondMomentum),
  root: (momentum + Math.sqrt(momentum ** 2 + 4 * secondMomentum)) / 2,
});
/** With c → 1 of (1 − sλ)(Δ + c(Δ − Δ₋)) the limit 2(1 + c)/(1 + 2c) is 4/3. */
export const accelerated = (friction: number): Contender => ({
  label: `Nesterov, d = ${friction}`,
  make: (stepSize) => nesterov({ stepSize, friction }),
  limit: 4 / 3,
  root: 1,
});

/** What was seen of a run. */
export interface DigitRun {
  /** Mean squared errors at epochs. */
  readonly error: { readonly x: readonly number[]; readonly y: readonly Measure[] };
  /** ηλ_max at epochs. */
  readonly sharpness: { readonly x: readonly number[]; readonly y: readonly Measure[] };
}
const measure = (value: number): Measure => (Number.isFinite(value) ? value : null);

/** Trains for `epochs` epochs, each one step; measures the error and the sharpness at intervals. */
export async function digitRun(
  problem: Digits,
  { make }: Contender,
  frame: {
    readonly stepSize: number;
    readonly epochs: number;
    readonly everyError: number;
    /** 0: never. */
    readonly everySharpness: number;
    readonly signal: AbortSignal | undefined;
    readonly onEpoch: (epoch: number) => void;
  },
): Promise<DigitRun> {
  const { stepSize, epochs, everyError, everySharpness, signal, onEpoch } = frame;
  const error: { readonly x: number[]; readonly y: Measure[] } = { x: [], y: [] };
  const sharpness: { readonly x: number[]; readonly y: Measure[] } = { x: [], y: [] };
  let epoch = 0;
  await train(problem, make(stepSize), {
    start: problem.start,
    steps: epochs,
    ...(signal ? { signal } : {}),
    async observe({ state: { z } }) {
      onEpoch(epoch);
      if (epoch % everyError === 0) {
        error.x.push(epoch);
        error.y.push(measure(problem.error(z)));
      }
      if (everySharpness > 0 && epoch % everySharpness === 0) {
        sharpness.x.push(epoch);
        sharpness.y.push(measure(stepSize * (await problem.sharpness(z))));
      }
      epoch++;
    },
  });
  return { error, sharpness };
}
