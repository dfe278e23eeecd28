import { describe, expect, it } from 'vitest';
import type { Game, Method, State } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import {
  adam,
  adamTransform,
  amsgrad,
  amsgradTransform,
  app,
  byPlayer,
  cegPlus,
  chain,
  clipByNorm,
  competitiveGradient,
  egPlus,
  ema,
  extraAdam,
  extragradient,
  forwardBackwardForward,
  forwardReflectedBackward,
  gda,
  identity,
  iterate,
  lookahead,
  mirrorProx,
  momentum,
  multiStepExtragradient,
  ogda,
  ogdaPlus,
  optimisticAdam,
  optimisticMirrorDescent,
  pastExtragradient,
  proximalPoint,
  rapp,
  rappAdam,
  solve,
  spaceFor,
  transform,
} from '../src/index.js';
import { methodFrom } from '../src/registry.js';
import { box, free, run, same, start, γ, λ } from './forsaken.js';

const F = (z: readonly number[]): number[] => {
  const out = new Float64Array(2);
  free.operator(Float64Array.from(z), out);
  return Array.from(out);
};

describe('identities', () => {
  it('CEG+ with ᾱ = 1 is Tseng’s iterate, on a box', () => {
    const [ceg, fbf] = [
      iterate(box, cegPlus({ stepSize: 1 / 13, relaxation: 1 })),
      iterate(box, forwardBackwardForward({ stepSize: 1 / 13 })),
    ];
    for (let k = 0; k < 40; k++) same(Array.from(fbf.next().value.w), Array.from(ceg.next().value.z));
  });
  it.each<[string, Method<State>, Method<State>, Game]>([
    [
      'rapp τ = 2 is EG+',
      rapp({ stepSize: γ, innerSteps: 2, weight: λ }),
      egPlus({ stepSize: γ, relaxation: λ }),
      free,
    ],
    [
      'EG+ with ᾱ = 1 is extragradient',
      egPlus({ stepSize: γ, relaxation: 1 }),
      extragradient({ stepSize: γ }),
      free,
    ],
    [
      'EG+ with ᾱ = 1 is extragradient, on a box',
      egPlus({ stepSize: γ, relaxation: 1 }),
      extragradient({ stepSize: γ }),
      box,
    ],
    [
      'CEG+ without constraints is EG+',
      cegPlus({ stepSize: γ, relaxation: λ }),
      egPlus({ stepSize: γ, relaxation: λ }),
      free,
    ],
    [
      'forward-backward-forward without constraints is extragradient',
      forwardBackwardForward({ stepSize: γ }),
      extragradient({ stepSize: γ }),
      free,
    ],
    [
      'multi-step extragradient with τ = 1 is EG+',
      multiStepExtragradient({ stepSize: γ, innerSteps: 1, relaxation: λ }),
      egPlus({ stepSize: γ, relaxation: λ }),
      free,
    ],
    [
      'app is rapp with λ = 1',
      app({ stepSize: γ, innerSteps: 4 }),
      rapp({ stepSize: γ, innerSteps: 4, weight: 1 }),
      box,
    ],
    [
      'ogda is forward-reflected-backward',
      ogda({ stepSize: γ }),
      forwardReflectedBackward({ stepSize: γ }),
      box,
    ],
    ['ogda-plus with ᾱ = 1 is ogda', ogdaPlus({ stepSize: γ, relaxation: 1 }), ogda({ stepSize: γ }), box],
    ['ogda with β = 0 is gda', ogda({ stepSize: γ, optimism: 0 }), gda({ stepSize: γ }), box],
    [
      'mirror-prox, Euclidean, is extragradient',
      mirrorProx({ stepSize: γ }),
      extragradient({ stepSize: γ }),
      box,
    ],
    [
      'optimistic mirror descent, Euclidean, is past-extragradient',
      optimisticMirrorDescent({ stepSize: γ }),
      pastExtragradient({ stepSize: γ }),
      box,
    ],
    [
      'gda through Adam is adam',
      transform(gda({ stepSize: γ }), adamTransform({ beta1: 0.5 })),
      adam({ stepSize: γ, beta1: 0.5 }),
      box,
    ],
    [
      'gda through AMSGrad is amsgrad',
      transform(gda({ stepSize: γ }), amsgradTransform({ beta1: 0.5 })),
      amsgrad({ stepSize: γ, beta1: 0.5 }),
      box,
    ],
    [
      'extragradient through Adam is extra-adam',
      transform(extragradient({ stepSize: γ }), adamTransform()),
      extraAdam({ stepSize: γ }),
      box,
    ],
    [
      'EG+ through Adam is ExtraAdam+',
      transform(egPlus({ stepSize: γ }), adamTransform()),
      extraAdam({ stepSize: γ, relaxation: 0.5 }),
      box,
    ],
    [
      'rapp through Adam is rapp-adam',
      transform(rapp({ stepSize: γ, innerSteps: 3 }), adamTransform()),
      rappAdam({ stepSize: γ, innerSteps: 3 }),
      box,
    ],
    [
      'Adam for each player is adam',
      transform(gda({ stepSize: γ }), byPlayer(adamTransform(), adamTransform())),
      adam({ stepSize: γ }),
      box,
    ],
    [
      'a transform that does nothing does nothing',
      transform(
        extragradient({ stepSize: γ }),
        chain(identity(), momentum({ decay: 0 }), clipByNorm({ threshold: 1e9 })),
      ),
      extragradient({ stepSize: γ }),
      box,
    ],
    [
      'lookahead with λ = 1 is the method itself',
      lookahead(ogda({ stepSize: γ }), { steps: 4, weight: 1 }),
      ogda({ stepSize: γ }),
      box,
    ],
    [
      'ema with β = 0 is the method itself',
      ema(extragradient({ stepSize: γ }), { decay: 0 }),
      extragradient({ stepSize: γ }),
      box,
    ],
  ])('%s', (_, one, other, game) => same(run(one, 40, game), run(other, 40, game)));

  it('past-extragradient started with g₋₁ = F(z₀) looks ahead to ogda’s z: w_k = z_{k+1}', () => {
    const popov = pastExtragradient({ stepSize: γ });
    const asked: number[][] = [];
    const spy: Game = {
      ...free,
      operator: (z, out) => {
        asked.push(Array.from(z));
        free.operator(z, out);
      },
    };
    const started: typeof popov = {
      ...popov,
      init: (space, z0) => {
        const state = popov.init(space, z0);
        free.operator(z0, state.g);
        return state;
      },
    };
    const states = iterate(spy, started, start);
    for (let k = 0; k < 30; k++) states.next();
    const optimistic = iterate(free, ogda({ stepSize: γ }), start);
    for (let k = 0; k < 30; k++) same(Array.from(optimistic.next().value.z), asked[k] ?? []);
  });
  it('extragradient through AMSGrad with frozen second moments, β₁ = 0, is extragradient', () => {
    const method = transform(
      extragradient({ stepSize: 100 * γ }),
      amsgradTransform({ beta1: 0, beta2: 0, epsilon: 1e-300 }),
    );
    const state = method.init(spaceFor(free, start), start);
    const { state: frozen, ...rest } = solve(free, method, { steps: 0, start }).checkpoint;
    const memory = {
      m: new Float64Array(2),
      v: new Float64Array(2),
      peak: Float64Array.of(1e4, 1e4),
      t: [0, 0],
    }; // √ = 100, and no gradient here is longer
    expect(Object.keys(state)).toEqual(Object.keys(frozen));
    same(
      Array.from(
        solve(free, method, { steps: 40, start, from: { ...rest, state: { ...frozen, memory } } }).z,
      ),
      run(extragradient({ stepSize: γ }), 40),
    );
  });
  it('gda through momentum is the heavy ball z⁺ = z − γF(z) + β(z − z₋)', () => {
    let [z, last]: number[][] = [
      [0.4, -0.3],
      [0.4, -0.3],
    ];
    for (let k = 0; k < 40; k++) {
      const g = F(z ?? []);
      [z, last] = [(z ?? []).map((x, i) => x - γ * (g[i] ?? 0) - 0.3 * (x - (last?.[i] ?? 0))), z];
    }
    same(run(transform(gda({ stepSize: γ }), momentum({ decay: -0.3 })), 40), z ?? []);
  });
  it('Nesterov’s momentum steps along g + βm', () => {
    let z = [0.4, -0.3];
    let m = [0, 0];
    for (let k = 0; k < 40; k++) {
      const g = F(z);
      m = m.map((x, i) => 0.5 * x + (g[i] ?? 0));
      z = z.map((x, i) => x - γ * ((g[i] ?? 0) + 0.5 * (m[i] ?? 0)));
    }
    same(run(transform(gda({ stepSize: γ }), momentum({ decay: 0.5, nesterov: true })), 40), z);
  });
  it('optimistic-adam steps along 2d − d₋, d Adam’s direction', () => {
    const directions: number[][] = [];
    let [m, v] = [
      [0, 0],
      [0, 0],
    ];
    let z = [0.4, -0.3];
    for (let t = 1; t <= 20; t++) {
      const g = F(z);
      m = m.map((x, i) => 0.9 * x + 0.1 * (g[i] ?? 0));
      v = v.map((x, i) => 0.999 * x + 0.001 * (g[i] ?? 0) ** 2);
      const d = m.map((x, i) => x / (1 - 0.9 ** t) / (Math.sqrt((v[i] ?? 0) / (1 - 0.999 ** t)) + 1e-8));
      const past = directions.at(-1) ?? d;
      directions.push(d);
      z = z.map((x, i) => x - 0.01 * (2 * (d[i] ?? 0) - (past[i] ?? 0)));
    }
    same(run(optimisticAdam({ stepSize: 0.01 }), 20), z);
  });
  it('lookahead with τ = 1, λ = 1 around bc-seg-plus is bc-seg-plus: a restart keeps its memory of the noise', () => {
    for (const spec of ['bc-seg-plus(stepSize=0.05, relaxation=0.1)', 'bc-seg-plus(stepSize=0.05)'])
      same(run(methodFrom(`lookahead(${spec}, steps=1, weight=1)`), 40), run(methodFrom(spec), 40));
    const outwards = gameFrom('linear(lipschitz=1, weakMinty=-0.3)');
    expect(
      solve(outwards, methodFrom('lookahead(bc-seg-plus(stepSize=0.8, relaxation=0.1), steps=2)'), {
        steps: 6000,
      }).residual,
    ).toBeLessThan(1e-9);
  });
  it('adaptive-graal keeps limiting its step size after a restart', () => {
    for (const spec of [
      'lookahead(adaptive-graal, steps=2, weight=0.5)',
      'lookahead(adaptive-graal, steps=5)',
    ])
      expect(
        solve(gameFrom('bilinear'), methodFrom(spec, { lipschitz: 1 }), { steps: 3000 }).residual,
      ).toBeLessThan(1e-8);
  });
  it('forward-reflected-backward with step sizes that vary takes γ₋ for the correction', () => {
    const sizes = (k: number): number => 0.1 / (1 + k / 3);
    let [z, last]: [number[], number[]] = [[0.4, -0.3], F([0.4, -0.3])];
    for (let k = 0; k < 30; k++) {
      const g = F(z);
      z = z.map((x, i) => x - sizes(k) * (g[i] ?? 0) - sizes(k - 1) * ((g[i] ?? 0) - (last[i] ?? 0)));
      last = g;
    }
    same(run(methodFrom('forward-reflected-backward(stepSize={kind=power, from=0.1, steps=3})'), 30), z);
  });
  it('on xy competitive gradient descent and the proximal point are one step, (I + γF)⁻¹', () => {
    const xy = gameFrom('bilinear');
    for (const step of [0.1, 1, 7]) {
      // (x − γy, y + γx)/(1 + γ²)
      const z = [1, 1].map((_, i) => (i === 0 ? 1 - step : 1 + step) / (1 + step * step));
      same(run(competitiveGradient({ stepSize: step }), 1, xy, Float64Array.of(1, 1)), z);
      same(
        run(
          proximalPoint({ stepSize: step, tolerance: 1e-15, innerSteps: 2000 }),
          1,
          xy,
          Float64Array.of(1, 1),
        ),
        z,
      );
    }
  });
  it('lookahead of CEG+ and of EG+ agree without constraints, nested as well', () => {
    const nest = (method: Method<State>): Method<State> =>
      lookahead(lookahead(method, { steps: 3, weight: 0.4 }), { steps: 6, weight: 0.7 });
    same(run(nest(cegPlus({ stepSize: γ })), 60), run(nest(egPlus({ stepSize: γ })), 60));
  });
});
