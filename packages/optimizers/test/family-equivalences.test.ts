import { describe, expect, it } from 'vitest';
import { formatSpec, type Game, type Method, type State, type Vector } from '@stillpoint/operators';
import { gameFrom } from '@stillpoint/problems';
import {
  adam,
  adamTransform,
  amsgrad,
  amsgradTransform,
  app,
  average,
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
import { methodFrom, specOf } from '../src/registry.js';

const box = gameFrom('forsaken');
const { constraint: _, ...free }: Game = box;
const start = Float64Array.of(0.4, -0.3);
const run = (method: Method<State>, steps: number, game: Game = free, from: Vector = start): number[] =>
  Array.from(solve(game, method, { steps, start: from }).z);
/**
 * Two ways of writing one step round differently by a few 2⁻⁵²; 40 steps of a stretch near 1 keep that far
 * below 1e-12.
 */
const same = (a: readonly number[], b: readonly number[]): void =>
  a.forEach((x, i) => expect(Math.abs(x - (b[i] ?? NaN))).toBeLessThan(1e-12));
const F = (z: readonly number[]): number[] => {
  const out = new Float64Array(2);
  free.operator(Float64Array.from(z), out);
  return Array.from(out);
};
const [γ, λ] = [0.07, 0.3];

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
  it('lookahead with τ = 1, λ = 1 around bc-seg-plus is bc-seg-plus: a restart keeps what it remembers of the noise', () => {
    for (const spec of ['bc-seg-plus(stepSize=0.05, relaxation=0.1)', 'bc-seg-plus(stepSize=0.05)'])
      same(run(methodFrom(`lookahead(${spec}, steps=1, weight=1)`), 40), run(methodFrom(spec), 40));
    const outwards = gameFrom('linear(lipschitz=1, weakMinty=-0.3)');
    expect(
      solve(outwards, methodFrom('lookahead(bc-seg-plus(stepSize=0.8, relaxation=0.1), steps=2)'), {
        steps: 6000,
      }).residual,
    ).toBeLessThan(1e-9);
  });
  it('adaptive-graal goes on holding its step size back when it is restarted', () => {
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

describe('AMSGrad as PyTorch computes it', () => {
  it('torch.optim.Adam(lr=.1, betas=(.6, .7), eps=1e-3, amsgrad=True), three given gradients from (.5, −1, 2) (torch 2.13.0, float64)', () => {
    const gradients = [
      [1, -2, 0.1],
      [0.3, 0.5, -0.2],
      [-0.7, 0.1, 3],
    ];
    let k = 0;
    const given: Game = {
      name: 'given',
      dim: 3,
      players: [{ name: 'x', start: 0, end: 3 }],
      operator: (_, out) => {
        out.set(gradients[k++] ?? []);
      },
    };
    const method = amsgrad({ stepSize: 0.1, beta1: 0.6, beta2: 0.7, epsilon: 1e-3 });
    const states = iterate(given, method, Float64Array.of(0.5, -1, 2));
    for (const wanted of [
      [0.4000999000999001, -0.9000499750124937, 1.900990099009901],
      [0.3268543735239751, -0.8715470461259873, 1.9532994688039775],
      [0.3386661429493101, -0.8594754488335643, 1.8800800773054094],
    ]) {
      // ten roundings a step
      Array.from(states.next().value.z).forEach((x, i) => expect(x).toBeCloseTo(wanted[i] ?? NaN, 14));
    }
  });
});

describe('averages', () => {
  const iterates = (n: number): number[][] => {
    const states = iterate(box, extragradient({ stepSize: γ }), start);
    return Array.from({ length: n }, () => Array.from(states.next().value.z));
  };
  it.each([0, 1, 3])('average with power %i weighs step k by kᵖ-like growth: Σ w_k z_k / Σ w_k', (p) => {
    const points = iterates(25);
    const weights = points.map((_, j) => {
      // the weight that later shrinking leaves of (p + 1)/(k + p)
      const k = j + 1;
      let w = (p + 1) / (k + p);
      for (let i = k + 1; i <= 25; i++) w *= 1 - (p + 1) / (i + p);
      return w;
    });
    expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 13);
    if (p === 0) weights.forEach((w) => expect(w).toBeCloseTo(1 / 25, 14));
    same(
      run(average(extragradient({ stepSize: γ }), { power: p }), 25, box),
      [0, 1].map((i) => points.reduce((sum, z, k) => sum + (weights[k] ?? 0) * (z[i] ?? 0), 0)),
    );
  });
  it('ema is βz + (1 − β)w from z₀', () => {
    let z = [0.4, -0.3];
    for (const w of iterates(25)) z = z.map((x, i) => 0.9 * x + 0.1 * (w[i] ?? 0));
    same(run(ema(extragradient({ stepSize: γ }), { decay: 0.9 }), 25, box), z);
  });
  it('leaves the method alone: `last` is where it would be without', () => {
    const wrapped: readonly Method<State>[] = [
      average(extragradient({ stepSize: γ })),
      ema(extragradient({ stepSize: γ })),
    ];
    for (const method of wrapped) {
      same(
        Array.from(method.points?.(solve(box, method, { steps: 25, start }).checkpoint.state)['last'] ?? []),
        iterates(25).at(-1) ?? [],
      );
    }
  });
  it('alternating gda circles on xy, its average converges like 1/K', () => {
    const xy = gameFrom('bilinear');
    const far = (K: number): number =>
      Math.hypot(...run(methodFrom('average(alternating-gda(stepSize=0.1))'), K, xy, Float64Array.of(1, 1)));
    expect(
      Math.hypot(...run(methodFrom('alternating-gda(stepSize=0.1)'), 4000, xy, Float64Array.of(1, 1))),
    ).toBeGreaterThan(1);
    // the sum of a rotation by about γ a step stays within (2/γ)·√2
    for (const K of [400, 4000]) expect(far(K)).toBeLessThan(40 / K);
  });
});

describe('clipping', () => {
  it('shortens each player’s own gradient, asked together or alone', () => {
    const direct = clipByNorm({ threshold: 1 }).begin({
      ...spaceFor(
        {
          dim: 3,
          players: [
            { name: 'a', start: 0, end: 2 },
            { name: 'b', start: 2, end: 3 },
          ],
        },
        start,
      ),
    });
    expect(Array.from(direct(null, Float64Array.of(3, 4, 0.5)))).toEqual(
      [3 / 5, 4 / 5, 0.5].map((x) => expect.closeTo(x, 15)),
    );
    expect(Array.from(direct(null, Float64Array.of(3, 4, -2), 1))).toEqual([3, 4, -1]);
  });
});

describe('the methods of the GAN tables of arXiv 2310.13459, as specs', () => {
  it.each([
    'gda',
    'extragradient',
    'eg-plus',
    'lookahead(gda, steps=5)',
    'lookahead(extragradient, steps=5)',
    'lookahead(eg-plus, steps=5)',
    'rapp',
    'adam',
    'extra-adam',
    'extra-adam(relaxation=0.5)',
    'lookahead(adam, steps=5)',
    'lookahead(extra-adam, steps=5)',
    'lookahead(extra-adam(relaxation=0.5), steps=5)',
    'lookahead(lookahead(alternating-adam, steps=5), steps=100)',
  ])('%s runs, and its full spec builds the same method', (spec) => {
    const method = methodFrom(spec, { lipschitz: 20 });
    const again = methodFrom(formatSpec(specOf(method)));
    expect(again.options).toEqual(method.options);
    expect(run(again, 30)).toEqual(run(method, 30));
    expect(run(method, 200, box).every((x) => Math.abs(x) <= 1.5)).toBe(true);
  });
});

describe('schedules', () => {
  const linear = gameFrom('linear(lipschitz=1, weakMinty=0.5)');
  it.each([
    ['{kind=linear, from=0.4, to=0.1, steps=10}', (k: number) => 0.4 - 0.3 * Math.min(k / 10, 1)],
    [
      '{kind=cosine, from=0.4, to=0, steps=8}',
      (k: number) => 0.2 * (1 + Math.cos((Math.PI * Math.min(k, 8)) / 8)),
    ],
    ['{kind=exponential, from=0.4, to=0.1, steps=10}', (k: number) => 0.4 * 0.25 ** Math.min(k / 10, 1)],
    ['{kind=power, from=0.4, steps=5}', (k: number) => 0.4 / (1 + k / 5)],
    [
      '{kind=power, from=0.4, steps=5, power=0.5, warmup=4}',
      (k: number) => (0.4 / Math.sqrt(1 + k / 5)) * Math.min((k + 1) / 4, 1),
    ],
  ] as const)('gda(stepSize=%s): the multiplier of n steps is Π (1 − γ_k μ)', (text, rate) => {
    const [b, a] = [0.5, Math.sqrt(0.75)]; // |1 − γ(b − ia)|² = (1 − γb)² + (γa)²
    let length = Math.hypot(1, 0.5);
    for (let k = 0; k < 20; k++) length *= Math.hypot(1 - rate(k) * b, rate(k) * a);
    expect(
      Math.hypot(...run(methodFrom(`gda(stepSize=${text})`), 20, linear, Float64Array.of(1, 0.5))),
    ).toBeCloseTo(length, 13);
  });
  it('a schedule per player, saved half-way and continued', () => {
    const method = methodFrom('extragradient(stepSize=[{kind=cosine, from=0.4, to=0.01, steps=30}, 0.2])');
    const half = solve(linear, method, { steps: 11, start });
    expect(Array.from(solve(linear, method, { steps: 25, start, from: half.checkpoint }).z)).toEqual(
      run(method, 25, linear),
    );
  });
  it.each([
    '{kind=cosine, from=0.4, steps=8}',
    '{kind=cosin, from=0.4, to=0, steps=8}',
    '{kind=exponential, from=0.4, to=0, steps=8}',
    '{kind=power, from=0.4, steps=8, to=1}',
    '{kind=linear, from=-1, to=0, steps=8}',
  ])('%s is refused', (text) => {
    expect(() => methodFrom(`gda(stepSize=${text})`)).toThrow(
      'expected a number > 0, or one per player as [a,b], or schedules as {kind=cosine',
    );
  });
});

describe('specs of transforms', () => {
  it('print and parse back', () => {
    const method = methodFrom(
      'transform(gda(stepSize=0.1), chain(clip-by-norm(threshold=0.5), by-player(momentum(decay=0.2), adam)))',
    );
    const spec = formatSpec(specOf(method));
    expect(methodFrom(spec).options).toEqual(method.options);
    expect(spec).toContain(
      'chain(clip-by-norm(threshold=0.5), by-player(momentum(decay=0.2, nesterov=false), adam(',
    );
  });
  it.each([
    [
      'transform(gda(stepSize=1))',
      'method transform takes one method and one transform before its options; found gda',
    ],
    ['transform(gda(stepSize=1), clip)', 'unknown transform "clip"; did you mean clip-by-norm?'],
    ['transform(gda(stepSize=1), chain)', 'transform chain takes transforms; found 0'],
    ['transform(gda(stepSize=1), momentum(adam))', 'takes options only'],
    ['transform(gda(stepSize=1), adam, adam)', 'found gda and adam and adam'],
    ['transform(gda(stepSize=1), momentum(decay=1))', 'decay is 1; expected a number > -1 and < 1'],
    ['transform(gda(stepSize=1), momentum(nesterov=1))', 'nesterov is 1; expected true or false'],
  ])('%s is refused', (spec, message) => expect(() => methodFrom(spec)).toThrow(message));
  it('by-player with too few is refused when a run begins', () => {
    expect(() => solve(box, methodFrom('transform(gda(stepSize=1), by-player(adam))'), { steps: 1 })).toThrow(
      'by-player has 1 transforms; expected one for each of x, y',
    );
  });
});
