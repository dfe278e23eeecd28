import { describe, expect, it } from 'vitest';
import { emptyLedger } from '@stillpoint/operators';
import type { Bounds, Claim, Column, Goal, Named, Run, RunStatus } from '@stillpoint/tracking';
import { claimsOf, sentencesOf } from '../src/index.js';

const goal = { modes: { atLeast: 8 }, highQuality: { atLeast: 80 }, reverseKl: { atMost: 0.1 } };
const good = { modes: 8, highQuality: 90, reverseKl: 0.05 };
const bad = { modes: 8, highQuality: 5, reverseKl: 0.05 };
const common = { identity: null, ledger: emptyLedger(2), seconds: 1, series: {}, pictures: [], claims: [] };
const gradient = 'gradient methods';
const withAdam = 'methods with Adam’s direction';
const run = (
  label: string,
  seed: number | null,
  values: Run['values'],
  status: RunStatus = 'budget',
): Run => ({
  ...common,
  method: label,
  label,
  group: label === 'gda' ? gradient : withAdam,
  seed,
  status,
  message: status === 'failed' ? 'Its process ended with SIGKILL.' : '',
  calls: 1,
  values,
});
const quality: Column = { name: 'highQuality', label: 'quality', better: 'higher', digits: 3 };
interface Contest {
  readonly name: string;
  readonly goal: Bounds;
  readonly seeds: number;
  readonly headline?: Column;
  readonly waiting?: readonly Named[];
}
const solving = (values: Bounds): Goal => ({
  verb: 'solved',
  column: 'solved',
  statuses: ['budget', 'converged'],
  values,
});
const goalVerdict = (
  runs: readonly Run[],
  { name, goal: bounds, seeds, headline = quality, waiting = [] }: Contest,
): string[] => {
  const aim = solving(bounds);
  const claims = claimsOf({ runs, columns: [headline], headline: headline.name, goal: aim, seeds, waiting });
  return sentencesOf(claims, { problem: `the ${name}`, goal: aim });
};

describe('samplers', () => {
  const converged: Goal = { verb: 'converged on', column: 'converged', statuses: ['converged'], values: {} };
  const residual: Column = { name: 'residual', label: 'residual', better: 'lower', digits: 3 };
  const sampled = (label: string, status: RunStatus = 'budget'): Run => ({
    ...run(label, null, { residual: 0.3 }, status),
    group: 'samplers',
  });
  const verdict = (runs: readonly Run[], goal_: Goal | undefined = converged): string[] =>
    sentencesOf(
      claimsOf({ runs, columns: [residual], headline: 'calls', ...(goal_ && { goal: goal_ }), seeds: 1 }),
      { problem: 'ridge', goal: converged },
    );
  it('are named as such, and neither ranked nor said not to have converged', () => {
    expect(verdict([run('gda', null, { residual: 0 }, 'converged'), sampled('langevin')])).toEqual([
      'gda converged on ridge with the fewest oracle calls: 1.',
      'langevin is a sampler: its points spread around low losses by a law of its own, so no residual ranks it.',
    ]);
    expect(verdict([sampled('langevin'), sampled('langevin(form=underdamped)')])).toEqual([
      'langevin and langevin(form=underdamped) are samplers: their points spread around low losses by a law of their own, so no residual ranks them.',
    ]);
  });
  it('that overflowed are said to have done so', () => {
    expect(verdict([sampled('langevin', 'non-finite')])).toContain('One run overflowed: langevin.');
  });
});

describe('the verdict on a goal', () => {
  it('with few seeds says who solved it with which, ranks nobody, and says that it cannot', () => {
    const lines = goalVerdict(
      [
        run('lookahead(adam)', 1, good),
        run('lookahead(adam)', 2, good),
        run('adam', 1, good),
        run('adam', 2, bad),
        run('gda', 1, bad),
        run('gda', 2, bad),
      ],
      { name: 'ring', goal, seeds: 2 },
    );
    expect(lines[0]).toBe('lookahead(adam) solved the ring with both seeds.');
    expect(lines).toContain('adam (1 of 2) solved it with some seeds and not with others.');
    expect(lines).toContain('gda did not with any.');
    expect(lines[lines.length - 1]).toBe(
      'Two seeds are too few to rank methods: each run is shown, and other seeds may end differently.',
    );
    expect(lines.join(' ')).not.toMatch(/ > |better|best/);
  });
  it('ranks by a distance the other way round: less is better', () => {
    const near = { slicedWasserstein: 0.04 };
    const far = { slicedWasserstein: 0.07 };
    const runs = [1, 2, 3, 4, 5].flatMap((seed) => [run('adam', seed, far), run('extra-adam', seed, near)]);
    const lines = goalVerdict(runs, {
      name: 'swiss-roll',
      goal: { slicedWasserstein: { atMost: 0.08 } },
      seeds: 5,
      headline: { name: 'slicedWasserstein', label: 'sliced Wasserstein', better: 'lower', digits: 3 },
    });
    expect(lines.join(' ')).toContain(
      'By finished runs that reached the goal, then sliced Wasserstein, among methods with Adam’s direction: extra-adam (5 of 5) > adam (5 of 5).',
    );
  });
  it('all 8 modes at 5 % quality is not solved', () =>
    expect(goalVerdict([run('adam', 1, bad)], { name: 'ring', goal, seeds: 1 })[0]).toBe(
      'No method solved the ring within this budget.',
    ));
  it('from five seeds ranks within each family, never across, and calls close neighbours a tie', () => {
    const seeds = [1, 2, 3, 4, 5];
    const lines = goalVerdict(
      seeds.flatMap((s) => [
        run('adam', s, bad),
        run('extra-adam', s, { ...bad, highQuality: 5.1 }),
        run('lookahead(adam)', s, { ...good, highQuality: 90 + s }),
        run('gda', s, bad),
      ]),
      { name: 'ring', goal, seeds: 5 },
    );
    expect(lines).toContain(
      'By finished runs that reached the goal, then quality, among methods with Adam’s direction: lookahead(adam) (5 of 5) > extra-adam (0 of 5) > adam (0 of 5).',
    );
    expect(lines.join(' ')).not.toMatch(/gda \(0 of 5\)/);
    expect(lines.join(' ')).not.toContain('too few');
    const tied = goalVerdict(
      seeds.flatMap((s) => [
        run('adam', s, { ...bad, highQuality: 5 + s }),
        run('extra-adam', s, { ...bad, highQuality: 5.5 + s }),
      ]),
      { name: 'ring', goal, seeds: 5 },
    );
    expect(tied.join(' ')).toContain('extra-adam (0 of 5) ≈ adam (0 of 5)');
  });
  const none: readonly { label: string; seed: number }[] = [
    { label: 'adam', seed: 2 },
    { label: 'gda', seed: 2 },
  ];
  it('speaks of finished runs only, and names those stopped and never begun', () => {
    const lines = goalVerdict(
      [run('adam', 1, good, 'stopped'), run('extra-adam', 1, good), run('gda', 1, bad, 'stopped')],
      { name: 'ring', goal, seeds: 2, waiting: [...none, { label: 'extra-adam', seed: 2 }] },
    );
    expect(lines).toEqual([
      'extra-adam (1 of 1 finished) solved the ring with every seed that finished.',
      'Two runs were stopped before the end: adam (seed 1) and gda (seed 1).',
      'Three runs were never begun: adam (seed 2), gda (seed 2) and extra-adam (seed 2).',
      'Two seeds are too few to rank methods: each run is shown, and other seeds may end differently.',
    ]);
    expect(goalVerdict([run('adam', 1, good, 'stopped')], { name: 'ring', goal, seeds: 1 })[0]).toBe(
      'No run finished.',
    );
  });
  it.each(['non-finite', 'failed', 'stopped'] as const)(
    'a run that is %s has solved nothing, whatever it measured before',
    (status) => {
      const text = goalVerdict([run('adam', 1, good, status), run('extra-adam', 1, bad)], {
        name: 'ring',
        goal,
        seeds: 1,
      }).join(' ');
      expect(text).not.toContain('adam solved');
      expect(text).toMatch(
        status === 'non-finite' ? /One run overflowed: adam \(seed 1\)\./ : /adam(, seed 1| \(seed 1\))/,
      );
    },
  );
  it('ranks only methods with five finished runs, and counts solved of finished', () => {
    const five = [1, 2, 3, 4, 5];
    const runs = five.flatMap((seed) => [
      run('adam', seed, good),
      run('extra-adam', seed, bad),
      run('rapp-adam', seed, good, seed > 1 ? 'stopped' : 'budget'),
    ]);
    const lines = goalVerdict(runs, { name: 'ring', goal, seeds: 5 });
    expect(lines).toContain(
      'By finished runs that reached the goal, then quality, among methods with Adam’s direction: adam (5 of 5) > extra-adam (0 of 5).',
    );
    expect(lines).toContain('Not ranked, for want of 5 finished runs: rapp-adam (1 finished).');
    expect(lines).toContain('rapp-adam (1 of 1 finished) solved it with every seed that finished.');
  });
  it('names runs that did not finish', () =>
    expect(goalVerdict([run('adam', 1, {}, 'failed')], { name: 'ring', goal, seeds: 1 }).join(' ')).toContain(
      'One run did not finish: adam, seed 1 (Its process ended with SIGKILL).',
    ));
});

describe('a look', () => {
  const column = {
    name: 'w',
    label: 'sliced Wasserstein',
    better: 'lower',
    digits: 3,
    unit: 'data units',
    best: 0.04,
    bestLabel: 'real against real: 0.0400',
  } as const;
  it('makes no claim', () => {
    const runs = [run('adam', 1, { w: 0.3 }), run('gda', 1, { w: 0.5 }), run('rapp-adam', 1, {}, 'failed')];
    const claims = claimsOf({ runs, columns: [column], headline: 'w', seeds: 1, look: '9 calls' });
    const lines = sentencesOf(claims, { problem: 'the look' });
    expect(lines[0]).toBe(
      'A look, not a result: one run each, stopped after 9 calls. Judge the pictures yourself.',
    );
    expect(lines[1]).toBe(
      'Sliced Wasserstein, data units, lower is better, ended between 0.30 and 0.50 (real against real: 0.0400).',
    );
    expect(lines[2]).toContain('One run did not finish: rapp-adam');
  });
  it('says of any column what was measured, and no more', () => {
    const runs = [run('adam', 1, { highQuality: 30 }), run('gda', 1, { highQuality: 50 })];
    const claims = claimsOf({ runs, columns: [quality], headline: 'highQuality', seeds: 1, look: '9 calls' });
    expect(sentencesOf(claims, { problem: 'the look' })[1]).toBe(
      'Quality, higher is better, ended between 30 and 50.',
    );
  });
});

describe('the verdict on a game', () => {
  const game = (label: string, status: RunStatus, calls: number, group = gradient): Run => ({
    ...run(label, null, { residual: 0.5 }, status),
    group,
    message: 'm.',
    calls,
  });
  const residual: Column = { name: 'residual', label: 'residual', better: 'lower', digits: 3 };
  const goal: Goal = { verb: 'converged on', column: 'converged', statuses: ['converged'], values: {} };
  const claimed = (runs: readonly Run[], waiting: readonly Named[] = []): Claim[] =>
    claimsOf({ runs, columns: [residual], headline: 'calls', goal, seeds: 1, waiting });
  const gameVerdict = (problem: string, runs: readonly Run[], waiting: readonly Named[] = []): string[] =>
    sentencesOf(claimed(runs, waiting), { problem, goal });
  it('is data first: who, in which group, with how many calls', () =>
    expect(
      claimed([game('a', 'converged', 10), game('b', 'converged', 20.5), game('c', 'converged', 10)]),
    ).toEqual([
      {
        claim: 'fewest-calls',
        among: null,
        calls: 10,
        labels: ['a', 'c'],
        others: [{ label: 'b', calls: 20.5 }],
      },
    ]));
  it('of several seeds takes the mean of those who arrived with each, and names the others once', () => {
    const runs = [
      game('a', 'converged', 10),
      game('a', 'converged', 13),
      game('b', 'converged', 20),
      game('b', 'converged', 20),
      game('c', 'converged', 5),
      game('c', 'budget', 99),
      game('d', 'budget', 99),
      game('d', 'budget', 99),
    ];
    const claims = claimsOf({ runs, columns: [residual], headline: 'calls', goal, seeds: 2 });
    expect(claims[0]).toEqual({
      claim: 'fewest-calls',
      among: null,
      calls: 11.5,
      labels: ['a'],
      others: [{ label: 'b', calls: 20 }],
      seeds: 2,
    });
    const [first, ...rest] = sentencesOf(claims, { problem: 'xy', goal });
    expect(first).toBe(
      'a converged on xy with the fewest oracle calls, in the mean of 2 seeds: 11.5. Then b (20).',
    );
    expect(rest.join(' ').match(/\bd \(residual/g)).toHaveLength(1);
  });
  it('ranks within whatever groups there are', () =>
    expect(
      gameVerdict('xy', [game('a', 'converged', 10, 'samplers'), game('b', 'converged', 20, 'finite sums')]),
    ).toEqual([
      'Among samplers, a converged on xy with the fewest oracle calls: 10.',
      'Among finite sums, b converged on xy with the fewest oracle calls: 20.',
    ]));
  it('names the fewest calls per family, and what became of the others', () => {
    const lines = gameVerdict('xy', [
      game('a', 'converged', 10),
      game('b', 'converged', 20),
      game('c', 'converged', 10),
      game('d', 'diverged', 5),
      game('e', 'converged', 3, withAdam),
      game('f', 'budget', 99, withAdam),
      game('g', 'failed', 0),
    ]);
    expect(lines).toEqual([
      'Among gradient methods, a and c converged on xy with the fewest oracle calls: 10. Then b (20).',
      'Among methods with Adam’s direction, e converged on xy with the fewest oracle calls: 3.',
      'd diverged.',
      'f (residual 0.5) did not get there within the budget.',
      'One run did not finish: g (m).',
    ]);
  });
  it('survives nothing', () => expect(gameVerdict('xy', [])).toEqual(['Nothing was run.']));
  it('names those stopped and never begun, and calls none of them a method that did not converge', () => {
    expect(
      gameVerdict('xy', [game('a', 'stopped', 10), game('b', 'budget', 20)], [{ label: 'c', seed: null }]),
    ).toEqual([
      'No run that finished converged on xy within this budget.',
      'b (residual 0.5) did not get there within the budget.',
      'One run was stopped before the end: a.',
      'One run was never begun: c.',
    ]);
    expect(gameVerdict('xy', [game('a', 'stopped', 10)])[0]).toBe('No run finished.');
  });
  it('a status of its own kind is not convergence', () =>
    expect(gameVerdict('xy', [game('a', 'rounding', 10)])).toEqual([
      'No method converged on xy within this budget.',
      'a (m) did not converge.',
    ]));
  it('nor is the end by a method’s own stopping rule, which is said', () =>
    expect(gameVerdict('xy', [game('a', 'ended', 10), game('b', 'converged', 20)])).toEqual([
      'b converged on xy with the fewest oracle calls: 20.',
      'a ended by its own stopping rule, which is not that of the residual.',
    ]));
});

describe('the verdict where no goal says what is good enough', () => {
  const residual: Column = { name: 'residual', label: 'residual', better: 'lower', digits: 3 };
  const verdict = (runs: readonly Run[], seeds: number): string[] =>
    sentencesOf(claimsOf({ runs, columns: [residual], headline: 'residual', seeds }), { problem: 'noise' });
  it('says where each method ended; from five seeds it ranks, the least first', () => {
    const seeds = [1, 2, 3, 4, 5];
    const runs = [
      ...seeds.map((s) => run('a', s, { residual: s })),
      ...seeds.map((s) => run('b', s, { residual: s / 100 })),
    ];
    expect(verdict(runs, 5)).toEqual([
      'On noise the residual ended at: a 1 to 5, b 0.01 to 0.05.',
      'By residual, among methods with Adam’s direction: b (0.03) > a (3).',
    ]);
    expect(
      verdict(
        runs.filter(({ seed }) => seed === 1),
        1,
      ),
    ).toEqual([
      'On noise the residual ended at: a 1, b 0.01.',
      'One seed is too few to rank methods: each run is shown, and other seeds may end differently.',
    ]);
  });
  it('a run that overflowed has no value, and puts its method last', () => {
    const seeds = [1, 2, 3, 4, 5];
    const lines = verdict(
      seeds.flatMap((s) => [
        run('a', s, { residual: 1 }, s === 3 ? 'non-finite' : 'budget'),
        run('b', s, { residual: 9 }),
      ]),
      5,
    );
    expect(lines.slice(1)).toEqual([
      'By residual, among methods with Adam’s direction: b (9) > a (1).',
      'One run overflowed: a (seed 3).',
    ]);
  });
});
