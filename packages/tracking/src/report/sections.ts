import {
  SEEDS_TO_RANK,
  finished,
  meanAndError,
  resultOf,
  solved,
  type GameSection,
  type GanRun,
  type GanSection,
  type Measure,
  type MetricColumn,
} from '../results.js';
import { chip, definitions, escape, figure, legend, seedLegend, table, verdictBox } from './html.js';
import { fieldPlot, residualPlot, theoryPlot } from './game-plots.js';
import { dotPlot, metricPlot, playerPlot, seedsOf } from './gan-plots.js';
import { samplePanels } from './samples.js';

const ended = {
  converged: 'converged',
  rounding: 'at rounding',
  budget: 'budget used',
  diverged: 'diverged',
  'non-finite': 'overflowed',
  stopped: 'stopped',
  failed: 'failed',
} as const;

function methodsUsed(runs: readonly { readonly label: string; readonly method: string }[]): string {
  const specs = new Map(runs.map(({ label, method }) => [label, method]));
  return `<h3>Methods, in full</h3>${definitions(Object.fromEntries(specs))}`;
}

/** Theory beside measurement: a picture, a table of what holds, and why nothing is promised of the others. */
function theoryHtml(section: GameSection): string {
  const held = section.runs.flatMap(({ label, theory }, i) =>
    theory !== undefined && 'theorem' in theory ? [{ label, theory, i }] : [],
  );
  const others = section.runs.flatMap(({ label, theory }) =>
    theory !== undefined && 'reason' in theory ? [[label, theory.reason] as const] : [],
  );
  if (held.length === 0 && others.length === 0) return '';
  const rows = held.map(({ label, theory: { theorem, measure, curve, broken }, i }) => {
    const last = curve.at(-1);
    const part = last?.bound ? last.measured / last.bound : null;
    return [
      `${chip(i)}${escape(label)}`,
      escape(theorem),
      escape(measure),
      figure(last?.steps, 9),
      figure(last?.measured),
      figure(last?.bound),
      broken ? '<span class="no">broken</span>' : part === null ? '–' : `${figure(100 * part, 2)} %`,
    ];
  });
  return [
    '<h3>What theory promises</h3>',
    held.length > 0
      ? '<p class="soft">Dashed: the theorem’s bound with this game’s constants and start. Solid: what was measured. A run below its bound is as good as promised or better.</p>'
      : '',
    theoryPlot(section),
    held.length > 0
      ? table(
          ['method', 'theorem', 'what is bounded', 'after steps', 'measured', 'bound', 'measured of bound'],
          rows,
        )
      : '',
    held.length > 0
      ? definitions(
          Object.fromEntries(
            held.map(({ label, theory: { statement, source } }) => [label, `${statement}. ${source}.`]),
          ),
        )
      : '',
    others.length > 0
      ? `<p class="soft">${held.length > 0 ? 'Of the others nothing is promised here' : 'No theorem bounds these runs'}:</p>${definitions(Object.fromEntries(others))}`
      : '',
  ]
    .filter(Boolean)
    .join('\n');
}

export function gameHtml(section: GameSection): string {
  const { title, about, verdict, runs, settings } = section;
  const rows = runs.map((run, i) => [
    `${chip(i)}${escape(run.label)}`,
    `<span class="${run.status === 'converged' ? 'yes' : run.status === 'budget' ? '' : 'no'}">${ended[run.status]}</span>`,
    figure(run.residual),
    figure(run.distance),
    figure(run.oracleCalls, 9),
    figure(run.steps, 9),
    figure(run.seconds, 2),
  ]);
  const field = fieldPlot(section);
  return [
    `<h2>${escape(title)}</h2><p class="soft">${escape(about)}</p>`,
    verdictBox(verdict),
    legend(runs.map(({ label }) => label)),
    field &&
      `<h3>Where they went</h3><p class="soft">Arrows: −F, the way plain gradient steps would go (length: square root of its size). ○ start, ★ solution, ● where each method recommends to stop.</p>${field}`,
    `<h3>Residual against oracle calls</h3>${residualPlot(section)}`,
    '<h3>Numbers</h3>',
    table(['method', 'ended', 'residual', 'distance to solution', 'oracle calls', 'steps', 'seconds'], rows),
    theoryHtml(section),
    methodsUsed(runs),
    `<h3>Settings</h3>${definitions(settings)}`,
  ]
    .filter(Boolean)
    .join('\n');
}

const share = (x: Measure | undefined, { unit, digits }: MetricColumn): string =>
  x === null || x === undefined
    ? '–'
    : unit === '%'
      ? x.toFixed(1)
      : unit === 'modes'
        ? String(Math.round(x * 10) / 10)
        : figure(x, digits);

/** Values of few seeds side by side; of many, mean ± standard error. */
function cell(values: readonly (Measure | undefined)[], column: MetricColumn): string {
  if (values.length < SEEDS_TO_RANK) return values.map((x) => share(x, column)).join(' · ');
  const { n, mean, error } = meanAndError(values.map((x) => x ?? null));
  return n === 0
    ? '–'
    : `${share(mean, column)} ± ${share(error, column)}${n < values.length ? ` (${n} of ${values.length})` : ''}`;
}

function familyTable(
  { metrics, goal, seeds }: GanSection,
  groups: readonly { readonly label: string; readonly index: number; readonly runs: readonly GanRun[] }[],
): string {
  const rows = groups.map(({ label, index, runs }) => {
    const [reached, done] = [
      goal ? runs.filter((run) => solved(goal, run)).length : 0,
      runs.filter(finished).length,
    ];
    const ratio = `${reached} of ${done}${done < seeds ? ' finished' : ''}`;
    const failures = runs
      .filter(({ status }) => status === 'failed' || status === 'non-finite' || status === 'stopped')
      .map(({ status, seed }) => `${ended[status]} (seed ${seed})`);
    return [
      `${chip(index)}${escape(label)}`,
      ...(goal
        ? [
            done === 0
              ? '–'
              : `<span class="${reached === done ? 'yes' : reached === 0 ? 'no' : ''}">${ratio}</span>`,
          ]
        : []),
      ...metrics.map((column) =>
        cell(
          runs.map((run) => resultOf(run)[column.name]),
          column,
        ),
      ),
      figure(Math.max(...runs.map(({ oracleCalls }) => oracleCalls)), 9),
      runs.length < SEEDS_TO_RANK
        ? runs.map(({ seconds }) => figure(seconds, 3)).join(' · ')
        : figure(meanAndError(runs.map(({ seconds }) => seconds)).mean, 3),
      failures.join(', '),
    ];
  });
  const heads = metrics.map(
    ({ label, unit, better, best, bestLabel }) =>
      `${escape(label)}${unit && unit !== 'modes' ? ` (${escape(unit)})` : ''}<br><span class="soft">${better} is better${best !== undefined ? `<br>${escape(bestLabel ?? 'best')}` : ''}</span>`,
  );
  return table(
    [
      'method',
      ...(goal ? ['solved'] : []),
      ...heads,
      'oracle calls',
      `seconds${seeds < SEEDS_TO_RANK ? '' : ', mean'}`,
      '',
    ],
    rows,
  );
}

export function ganHtml(section: GanSection): string {
  const { title, about, verdict, runs, settings, goalWords, seeds, within } = section;
  const labels = [...new Set(runs.map(({ label }) => label))];
  const groups = labels.map((label, index) => ({
    label,
    index,
    runs: runs.filter((run) => run.label === label),
  }));
  const families = [
    ['adam', 'Methods that step with Adam’s direction'],
    ['gradient', 'Methods that step with the gradient'],
  ] as const;
  const tables = families.flatMap(([family, words]) => {
    const members = groups.filter(({ runs: [first] }) => first?.family === family);
    return members.length === 0 ? [] : [`<h3>${words}</h3>${familyTable(section, members)}`];
  });
  const grid = samplePanels(section);
  const plot = metricPlot(section, labels);
  const [losses, gradients, turning] = (['losses', 'gradientNorms', 'rotations'] as const).map((what) =>
    playerPlot(section, labels, what),
  );
  return [
    `<h2>${escape(title)}</h2><p class="soft">${escape(about)}</p>`,
    verdictBox(verdict),
    legend(labels),
    seeds > 1 ? seedLegend(seedsOf(section)) : '',
    grid &&
      `<h3>What they generate</h3>${within ? '<p class="soft">Dark dots are of high quality, <span class="no">red</span> ones are not. The faint rings only mark where the modes are; what counts is far narrower.</p>' : ''}${grid}`,
    plot && `<h3>How it went</h3>${plot}`,
    seeds > 1 ? `<h3>Where each run ended</h3>${dotPlot(section, labels)}` : '',
    losses && `<h3>Each player’s loss</h3>${losses}`,
    gradients &&
      `<h3>Each player’s gradient</h3><p class="soft">Norm of the gradient of a player’s own loss; it goes to zero where training comes to rest.</p>${gradients}`,
    turning &&
      `<h3>How each player turns</h3><p class="soft">Cosine of the angle between one displacement and the next: near 1 it walks on or turns slowly, near 0 it turns fast or wanders with the noise, near −1 it jumps to and fro.</p>${turning}`,
    ...tables,
    goalWords ? `<p class="soft">${escape(goalWords)}</p>` : '',
    tables.length > 1
      ? '<p class="soft">The two families have tables of their own: their step sizes and their noise mean different things, so they are not ranked against each other.</p>'
      : '',
    seeds < SEEDS_TO_RANK
      ? `<p class="soft">${seeds === 1 ? 'One seed: single values' : `${seeds} seeds: each value is shown`}, without a mean, an error or a ranking; ${SEEDS_TO_RANK} seeds or more give a mean with its standard error.</p>`
      : '<p class="soft">Mean ± standard error over seeds.</p>',
    methodsUsed(runs),
    `<h3>Settings</h3>${definitions(settings)}`,
  ]
    .filter(Boolean)
    .join('\n');
}
