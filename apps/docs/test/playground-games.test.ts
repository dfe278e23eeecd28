import { InputError, formatSpec, parseSpec, randomFrom } from '@stillpoint/operators';
import { solve } from '@stillpoint/optimizers';
import { pricing } from '@stillpoint/optimizers/drivers';
import { describe, expect, it } from 'vitest';
import { linearChart, logChart } from '../playground/chart.js';
import { controlsOf, withOption } from '../playground/controls.js';
import { choices, methodOn } from '../playground/games/methods.js';
import {
  BANDS,
  field,
  outlineOf,
  planarGame,
  planarNames,
  shading,
  startOfGame,
  viewOf,
} from '../playground/games/plane.js';
import { countAt, recorder, type Made, type Point } from '../playground/games/recorder.js';
import { fromPicture, nextStep, shownAt, toPicture } from '../playground/games/shown.js';
import { MOST_CALLS, readGames, writeGames, type GamesState } from '../playground/games/state.js';

const bilinear = planarGame('bilinear');
const run = (spec: string, start: Point = [1, 1]): ReturnType<typeof recorder> =>
  recorder(bilinear, methodOn(bilinear, spec), start);

describe('a recorded run', () => {
  it.each(planarNames)(
    'on %s makes the steps of solve, bit for bit, at its calls, with every method',
    (name) => {
      const game = planarGame(name);
      const runnable = choices(game).flatMap(({ spec }) => spec ?? []);
      expect(runnable.length).toBeGreaterThan(50);
      for (const spec of runnable) {
        const start = startOfGame(game);
        const recorded = recorder(game, methodOn(game, spec), start);
        recorded.until(12);
        const seen: { readonly z: Point; readonly calls: number }[] = [];
        const { ledger, calls, residual, distance } = solve(game, methodOn(game, spec), {
          steps: recorded.steps.length - 1,
          start: Float64Array.from(start),
          observe: ({ state: { z }, calls: spent }) => seen.push({ z: [z[0]!, z[1]!], calls: spent }),
        });
        expect(
          recorded.steps.map(({ z, calls: spent }) => ({ z, calls: spent })),
          spec,
        ).toEqual(seen);
        const last = recorded.steps.at(-1)!;
        expect(pricing(game)(ledger)).toBe(calls);
        expect(last.distance).toBe(distance);
        // without L, and with a constraint, solve estimates the γ of the residual; here it is 1
        const same = game.facts?.lipschitz !== undefined || game.constraint === undefined;
        if (same && Number.isFinite(residual)) expect(last.residual, spec).toBe(residual);
      }
    },
  );

  it('asks extragradient’s two points of each step, and moves after the second', () => {
    const recorded = run('extragradient(stepSize=0.5)');
    recorded.until(4);
    // F(x, y) = (y, −x): w = z − F(z)/2, z⁺ = z − F(w)/2
    expect(recorded.questions.map(({ at }) => at)).toEqual([
      [1, 1],
      [0.5, 1.5],
      [0.25, 1.25],
      [-0.375, 1.375],
    ]);
    expect(recorded.questions.map(({ calls }) => calls)).toEqual([1, 2, 3, 4]);
    expect(recorded.steps.map(({ z }) => z)).toEqual([
      [1, 1],
      [0.25, 1.25],
      [-0.4375, 1.0625],
    ]);
    expect(shownAt(recorded, 1)).toMatchObject({ steps: 0, z: [1, 1], asked: { at: [1, 1] } });
    expect(shownAt(recorded, 1).from).toBeUndefined();
    expect(shownAt(recorded, 2)).toMatchObject({
      steps: 1,
      z: [0.25, 1.25],
      from: [1, 1],
      asked: { at: [0.5, 1.5] },
    });
  });

  it('shows no move of Lookahead between its interpolations, and where the calls before were asked', () => {
    const recorded = run('lookahead(gda(stepSize=0.5), steps=2)');
    recorded.until(2);
    // the fast point goes to (1/2, 3/2) and (−1/4, 7/4), then z halfway there
    expect(shownAt(recorded, 1)).toMatchObject({ steps: 1, z: [1, 1], trail: [] });
    expect(shownAt(recorded, 1).from).toBeUndefined();
    expect(shownAt(recorded, 2)).toMatchObject({
      z: [0.375, 1.375],
      from: [1, 1],
      trail: [[1, 1]],
      asked: { at: [0.5, 1.5] },
    });
  });

  it('counts one player’s gradient as half a call, and a product at the game’s price', () => {
    const halves = run('alternating-gda(stepSize=0.5)');
    halves.until(2);
    expect(halves.questions.map(({ player, calls }) => [player, calls])).toEqual([
      [0, 0.5],
      [1, 1],
      [0, 1.5],
      [1, 2],
    ]);
    const polar = planarGame('polar'); // without products of its own: two gradients each
    const consensus = recorder(polar, methodOn(polar, 'consensus'), [1, 0.5]);
    consensus.until(3);
    const prices = consensus.questions.map(
      ({ calls }, i) => calls - (consensus.questions[i - 1]?.calls ?? 0),
    );
    expect(consensus.questions.map(({ want }) => want)).toEqual(['gradient', 'product']);
    expect(prices).toEqual([1, polar.prices?.transposedProduct ?? 2]);
  });

  it('steps from call to call and from step to step, and ends where the point overflows', () => {
    const recorded = run('extragradient(stepSize=0.5)');
    expect([recorded.next(0), recorded.next(1), recorded.next(7)]).toEqual([1, 2, 8]);
    expect([nextStep(recorded, 0), nextStep(recorded, 1), nextStep(recorded, 2)]).toEqual([2, 2, 4]);
    const away = run('gda(stepSize=1e9)');
    away.until(MOST_CALLS);
    expect(away.ended()).toMatch('no longer finite');
    expect(away.next(MOST_CALLS)).toBeUndefined();
    expect(nextStep(away, MOST_CALLS)).toBeUndefined();
  });

  it('is refused on a game that is not of two numbers', () => {
    expect(() => recorder({ ...bilinear, dim: 4 }, methodOn(bilinear, 'gda'), [1, 1])).toThrow(InputError);
  });

  it('counts events up to a number of calls, though thirds do not add up exactly', () => {
    const thirds = [1 / 3, 1 / 3 + 1 / 3, 1 / 3 + 1 / 3 + 1 / 3, 4 / 3].map((calls) => ({ calls }));
    expect([0, 0.333333, 0.666667, 1, 5].map((calls) => countAt(thirds, calls))).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('the choice of methods', () => {
  it('holds every method, and a method that cannot run says why in its own words', () => {
    const reasons = Object.fromEntries(choices(bilinear).map(({ name, reason }) => [name, reason]));
    expect(reasons['extragradient']).toBeUndefined();
    expect(reasons['sag']).toBe('sag needs a problem with terms, a finite sum; this one has none');
    expect(reasons['lbfgs']).toBe('lbfgs minimises for one player; this game has x, y');
    // the box has what it needs, but two players
    const inBox = choices(planarGame('xy-box')).find(({ name }) => name === 'conditional-gradient');
    expect(inBox?.reason).toBe('conditional-gradient minimises for one player; this game has x, y');
    expect(choices(planarGame('gaussian')).find(({ name }) => name === 'lbfgs')?.spec).toBeDefined();
  });

  it('shows the options of a method and of what is inside it, and changes the one that is meant', () => {
    const spec = 'transform(lookahead(gda(stepSize=0.5), steps=7), clip-by-norm)';
    expect(
      controlsOf(methodOn(bilinear, spec)).map(({ path, owner, name, text }) => [...path, owner, name, text]),
    ).toEqual([
      [0, 'lookahead', 'steps', '7'],
      [0, 'lookahead', 'weight', '0.5'],
      [0, 0, 'gda', 'stepSize', '0.5'],
      [1, 'clip-by-norm', 'threshold', '1'],
    ]);
    expect(withOption(spec, { path: [0, 0], name: 'stepSize' }, '0.25')).toBe(spec.replace('0.5', '0.25'));
    expect(withOption(spec, { path: [1], name: 'threshold' }, '3')).toBe(
      spec.replace('norm', 'norm(threshold=3)'),
    );
    expect(() => withOption(spec, { path: [1], name: 'threshold' }, '3)')).toThrow(InputError);
  });
});

describe('the plane', () => {
  it('outlines a box by its corners, a ball by its circle, and draws nothing where there is no set', () => {
    expect(outlineOf(planarGame('xy-box')).map(([x, y]) => [x, y])).toEqual([
      [5, 5],
      [-5, 5],
      [-5, -5],
      [5, -5],
    ]);
    for (const [x, y] of outlineOf(planarGame('global-forsaken')))
      expect(Math.hypot(x, y)).toBeCloseTo(4 / 3, 12);
    expect(outlineOf(bilinear)).toEqual([]);
  });

  it.each(planarNames)('of %s holds its start, its solution, and its set if that is bounded', (name) => {
    const game = planarGame(name);
    const { centre, half } = viewOf(game);
    const outline = outlineOf(game);
    for (const point of [startOfGame(game), ...(name === 'one-sided' ? [] : outline)])
      for (const i of [0, 1] as const) expect(Math.abs(point[i] - centre[i])).toBeLessThan(half);
    expect(viewOf(game, 2).half).toBeCloseTo(half / 2, 12);
  });

  it('is shaded alike in any unit of F, each shade on as many cells as another', () => {
    const scaled = planarGame('linear(lipschitz=8)');
    const own = planarGame('linear(lipschitz=1)');
    const shades = shading(own, viewOf(own), 'speed', 24)!;
    expect(shading(scaled, viewOf(scaled), 'speed', 24)).toEqual(shades);
    const counts = Array.from({ length: BANDS }, (_, k) => shades.filter((shade) => shade === k).length);
    // ‖F‖ is equal on up to 8 cells, which are not divided
    for (const count of counts) expect(Math.abs(count - (24 * 24) / BANDS)).toBeLessThanOrEqual(16);
    expect(shading(planarGame('polar'), viewOf(own), 'loss', 8)).toBeUndefined();
  });

  it('has arrows along −F that stay in their cells', () => {
    const view = viewOf(bilinear);
    for (const { at, along } of field(bilinear, view, 9)) {
      expect(along[0] * at[0] + along[1] * at[1]).toBeCloseTo(0, 12); // −F = (−y, x)
      expect(along[1] * at[0] - along[0] * at[1]).toBeGreaterThan(0);
      expect(Math.hypot(...along)).toBeLessThanOrEqual((2 * view.half) / 9);
    }
  });

  it('is where its picture says', () => {
    const view = { centre: [3, -2], half: 5 } as const;
    expect(toPicture(view)([3, -2])).toEqual([200, 200]);
    expect(toPicture(view)([8, 3])).toEqual([400, 0]);
    const [x, y] = fromPicture(view)(toPicture(view)([4.5, 1.25]));
    expect([x, y]).toEqual([4.5, 1.25]);
  });
});

describe('a chart', () => {
  it('is logarithmic: decades are equally far apart, and 1/10ᵏ is on its tick', () => {
    const { lines, up, across } = logChart(
      [
        [
          [0, 1],
          [5, 0.1],
          [10, 0.01],
        ],
        [],
      ],
      10,
    );
    const places = lines[0]!.split(' ').map((point) => point.split(',').map(Number));
    expect(places.map(([, y]) => y)).toEqual(
      ['1', '0.1', '0.01'].map((text) => up.find((tick) => tick.text === text)?.at),
    );
    const ticks = across.filter(({ text }) => ['0', '5', '10'].includes(text)).map(({ at }) => at);
    expect(places.map(([x]) => x)).toEqual([0, 1, 2].map((k) => Number((44 + 129 * k).toFixed(1))));
    expect(ticks).toEqual([44, 302]);
    expect(lines[1]).toBe('');
  });

  it('leaves out what a logarithm cannot show, and a linear one reaches from 0 to its most', () => {
    expect(
      logChart(
        [
          [
            [0, 1],
            [1, 0],
            [2, NaN],
            [3, Infinity],
            [4, 1],
          ],
        ],
        4,
      ).lines,
    ).toEqual(['44.0,128.0 302.0,128.0']);
    expect(
      linearChart(
        [
          [
            [0, 0],
            [4, 8],
          ],
        ],
        4,
        8,
      ).lines,
    ).toEqual(['44.0,128.0 302.0,8.0']);
  });
});

describe('a link', () => {
  it('reads back as the state that it was made of', () => {
    const draw = randomFrom({ seed: 3, purpose: 'links', worker: 0 });
    const entries = new Map(
      planarNames.map((name) => [name, choices(planarGame(name)).flatMap(({ spec }) => spec ?? [])]),
    );
    for (let k = 0; k < 200; k++) {
      const random = draw(k);
      const among = <T>(list: readonly T[]): T => list[random.below(list.length)]!;
      const game = among([...planarNames, 'polar(a=0.75)', 'linear(lipschitz=2, weakMinty=-0.1)']);
      const methods = entries.get(parseSpec(game).name)!;
      const [x, y] = startOfGame(planarGame(game));
      const state: GamesState = {
        game,
        methods: Array.from({ length: 1 + random.below(4) }, () =>
          among([...methods, 'gda(stepSize={kind=cosine, from=0.1, to=0.001, steps=1000})']),
        ),
        start: [x + random.uniform() / 8, y + random.uniform() / 8],
        at: among([0, 1, 0.5, 0.333333, 17, MOST_CALLS]),
        shade: among(['speed', 'loss', 'none']),
        zoom: among([-12, 0, 5]),
      };
      expect(readGames(writeGames(state)), writeGames(state)).toEqual({ state, messages: [] });
    }
  });

  it('that is not valid says so in the library’s words, and shows the nearest valid choice', () => {
    const { state, messages } = readGames(
      '?game=forsakn&method=exragradient(stepSize=0.2)&method=gda(stepSize=-1)&method=sag&start=3&calls=9e9&zoom=1.5&shade=blue',
    );
    expect(state).toEqual({
      game: 'forsaken',
      methods: ['extragradient(stepSize=0.2)', 'gda'],
      start: [1, -0.8],
      at: MOST_CALLS,
      shade: 'speed',
      zoom: 2,
    });
    expect(messages).toEqual([
      'unknown problem "forsakn"; did you mean forsaken? This is forsaken.',
      'start is 3; expected two numbers as 1,-0.5. This is 1,-0.8.',
      'unknown method "exragradient"; did you mean extragradient? This is extragradient(stepSize=0.2).',
      expect.stringMatching(/^method gda: stepSize is -1; expected a number > 0.*\. This is gda\.$/),
      'sag needs a problem with terms, a finite sum; this one has none. It is left out.',
      'shade is blue; expected one of speed, loss, none. This is speed.',
      'calls is 9e9; expected a number from 0 to 5000. This is 5000.',
      'zoom is 1.5; expected a whole number from -12 to 12. This is 2.',
    ]);
  });

  it.each([
    ['game=traffic', 'has 3 numbers; the plane shows games of 2. This is bilinear.'],
    ['game=sampled-bilinear', 'sampled-bilinear is sampled; the plane shows exact games. This is bilinear.'],
    ['game=polar(b=1)', 'unknown option of game polar "b"'],
    ['game=polar(', 'cannot read "polar("'],
    ['method=((', 'cannot read "(("'],
    ['method=gda&method=gda&method=gda&method=gda&method=gda', '5 methods are given; expected at most 4.'],
    ['start=1,', 'start is 1,; expected two numbers'],
    ['calls=', 'calls is ; expected a number'],
  ])('to ?%s still shows a game, and one message', (query, message) => {
    const { state, messages } = readGames(`?${query}`);
    expect(messages).toEqual([expect.stringContaining(message)]);
    expect(readGames(writeGames(state))).toEqual({ state, messages: [] });
  });

  it('of a first visit shows gda leave and extragradient stay', () => {
    const { state, messages } = readGames('');
    expect(messages).toEqual([]);
    const ends = state.methods.map((spec): Made => {
      const recorded = recorder(bilinear, methodOn(bilinear, spec), state.start);
      recorded.until(state.at);
      return recorded.steps.at(-1)!;
    });
    expect(ends.map(({ distance = NaN }) => distance > Math.SQRT2)).toEqual([true, false]);
    expect(formatSpec(parseSpec(state.methods[0]!))).toBe(state.methods[0]);
  });
});
