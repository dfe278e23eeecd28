import { methodsFor } from '@stillpoint/experiments';
import type { Game } from '@stillpoint/operators';
import { solveWith } from '@stillpoint/optimizers/drivers';
import { methodFrom } from '@stillpoint/optimizers/registry';
import { minimisationFrom, problemFrom, sampledGameFrom } from '@stillpoint/problems';
import { cited, code, figure, plain, table } from './markdown.js';
import { anchor, list, optionTable, section, sentence } from './parts.js';
import { registries } from './registries.js';

const STEPS = 100;

/** The command that solves a problem so, and the first line that it prints: the run is made here. */
export function solved(problem: string, method: string): string {
  const { message } = solveWith(problemFrom(problem).problem, (facts) => methodFrom(method, facts), {
    steps: STEPS,
  });
  const quoted = (spec: string): string => (/^[a-z\d-]+$/.test(spec) ? spec : `'${spec}'`);
  const command = `npx stillpoint solve ${quoted(problem)} --method ${quoted(method)} --steps ${STEPS}`;
  return `\`\`\`sh\n${command}\n\`\`\`\n\n\`\`\`text\n${message}\n\`\`\``;
}

const vector = (entries: readonly number[] | undefined): string =>
  entries === undefined
    ? ''
    : entries.length > 4
      ? `${entries.length} entries, stated`
      : `(${entries.map(figure).join(', ')})`;

/** What a problem defines beside F, in words; empty if nothing. */
const beside = (game: Game): string =>
  [
    game.losses && 'losses',
    game.jacobianVector && 'Jacobian products',
    game.residual && 'residuals',
    game.residual?.regulariser && 'a regulariser',
    game.constraint && 'a constraint',
    game.gap && 'a gap',
  ]
    .filter(Boolean)
    .join(', ');

/** Every sampled game, with the constants of its mean. */
export function sampledGameTable(): string {
  return table(
    ['sampled game', 'what it is', 'L', 'ρ', 'solution', 'players'],
    registries.sampledGames.map(({ name, about }) => {
      const { expected } = sampledGameFrom(name);
      const { lipschitz, weakMinty, solution } = expected.facts ?? {};
      return [
        anchor(name),
        plain(about),
        figure(lipschitz),
        figure(weakMinty),
        vector(solution),
        expected.players.map((player) => `${plain(player.name)} (${player.end - player.start})`).join(', '),
      ];
    }),
  );
}

/** A section for each sampled game, with a run. */
export function sampledGameSections(): string {
  return registries.sampledGames
    .map(({ name, about, options, reference }) => {
      const { game, expected } = sampledGameFrom(name);
      return section(
        name,
        sentence(about),
        code(game.name),
        optionTable(options),
        list({
          'Its mean defines, beside F': beside(expected),
          ...(game.terms ? { 'A sum of': `${game.terms.count} terms` } : {}),
          ...(expected.facts?.zeroSum ? { 'Zero-sum': 'yes' } : {}),
          Reference: cited(reference),
        }),
        solved(name, 'bc-seg-plus'),
      );
    })
    .join('\n\n');
}

/** Every minimisation, with its constants. */
export function minimisationTable(): string {
  return table(
    ['minimisation', 'what it is', 'L', 'L₀, L₁', 'μ', 'least value', 'entries', 'terms'],
    registries.minimisations.map(({ name, about }) => {
      const { dim, terms, facts: known = {} } = minimisationFrom(name).exact;
      return [
        anchor(name),
        plain(about),
        figure(known.lipschitz),
        known.generalisedSmooth === undefined
          ? '–'
          : `${figure(known.generalisedSmooth.L0)}, ${figure(known.generalisedSmooth.L1)}`,
        figure(known.stronglyMonotone),
        figure(known.optimum),
        String(dim),
        terms === undefined ? '' : String(terms.count),
      ];
    }),
  );
}

/** Runs of minimisations to which not the last method of a comparison fits best. */
const runs: { readonly [name: string]: { readonly problem?: string; readonly method: string } } = {
  'silu-teacher': {
    problem: 'silu-teacher(examples=20, units=20)',
    method: 'gauss-newton(damping=regularisation, step=armijo)',
  },
  'two-layer-relu': { problem: 'two-layer-relu(width=50)', method: 'heavy-ball(stepSize=0.1)' },
  'convex-relu': { method: 'admm(stepSize=2)' },
  'threshold-lasso': { method: 'nesterov' },
  'two-layer-tanh': { problem: 'two-layer-tanh(width=50)', method: 'heavy-ball(stepSize=0.1)' },
  'double-well': { method: 'langevin(stepSize=0.5, inverseTemperature=80)' },
  gaussian: { method: 'langevin(stepSize=0.1)' },
  'neural-ode': { method: 'lbfgs' },
};

/** A section for each minimisation, with a run. */
export function minimisationSections(): string {
  return registries.minimisations
    .map(({ name, about, options, reference }) => {
      const { exact } = minimisationFrom(name);
      const run = runs[name] ?? { method: methodsFor(exact).at(-1)! };
      return section(
        name,
        sentence(about),
        code(exact.name),
        optionTable(options),
        list({
          'Defines, beside F': beside(exact),
          ...(exact.facts?.convexTerms ? { 'Every term is convex': 'yes' } : {}),
          Reference: cited(reference),
        }),
        solved(run.problem ?? name, run.method),
      );
    })
    .join('\n\n');
}
