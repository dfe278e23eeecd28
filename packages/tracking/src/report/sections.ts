import {
  DETERMINISTIC,
  SEEDS_TO_NAME,
  SEEDS_TO_RANK,
  finished,
  groupsIn,
  isDeterministic,
  labelsIn,
  meanAndError,
  nameOf,
  reached,
  resultOf,
  runsMade,
  seedsIn,
} from '../results/judge.js';
import type { BoundClaim, Measure, Run } from '../results/run.js';
import type { Column, Goal, Plot, Section } from '../results/section.js';
import { chip, definitions, escape, figure, legend, seedLegend, table, verdictBox } from './html.js';
import { ledgerHtml } from './ledgers.js';
import { drawPlot } from './plots.js';
import { samplePanels } from './plots/samples.js';

const endings: { readonly [status in Run['status']]: string } = {
  converged: 'converged',
  ended: 'ended by its own rule',
  rounding: 'at rounding',
  budget: 'budget used',
  diverged: 'diverged',
  'non-finite': 'overflowed',
  stopped: 'stopped',
  failed: 'failed',
};

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function methodsUsed(runs: readonly Run[]): string {
  const specs = new Map(runs.map(({ label, method }) => [label, method]));
  return `<h3>Methods, in full</h3>${definitions(Object.fromEntries(specs))}`;
}

/**
 * A table of bounds beside what was measured, and for the other runs the reason why no theorem bounds them.
 */
function boundsHtml(section: Section): string {
  const labels = labelsIn(section);
  const runs = runsMade(section);
  const held = runs.flatMap((run) =>
    run.claims.flatMap((claim): { readonly run: Run; readonly claim: BoundClaim }[] =>
      claim.claim === 'bound' ? [{ run, claim }] : [],
    ),
  );
  const others = runs.flatMap((run) =>
    run.claims.flatMap((claim) =>
      claim.claim === 'no-bound' ? [[nameOf(section, run), claim.reason] as const] : [],
    ),
  );
  const rows = held.map(({ run, claim: { theorem, measure, holds } }) => {
    const { measured, bound } = run.series;
    const last = measured?.y.at(-1);
    const most = bound?.y.at(-1);
    const part = last !== null && last !== undefined && most ? last / most : null;
    return [
      `${chip(labels.indexOf(run.label))}${escape(nameOf(section, run))}`,
      escape(theorem),
      escape(measure),
      figure(measured?.x.at(-1), 9),
      figure(last),
      figure(most),
      holds ? (part === null ? '–' : `${figure(100 * part, 2)} %`) : '<span class="no">broken</span>',
    ];
  });
  return [
    held.length > 0
      ? table(
          ['method', 'theorem', 'what is bounded', 'after steps', 'measured', 'bound', 'measured of bound'],
          rows,
        )
      : '',
    held.length > 0
      ? definitions(
          Object.fromEntries(
            held.map(({ run, claim: { statement, source } }) => [
              nameOf(section, run),
              `${statement}. ${source}.`,
            ]),
          ),
        )
      : '',
    others.length > 0
      ? `<p class="soft">${
          held.length > 0 ? 'No theorem bounds the other runs' : 'No theorem bounds these runs'
        }:</p>${definitions(Object.fromEntries(others))}`
      : '',
  ]
    .filter(Boolean)
    .join('\n');
}

/** What methods counted in each run beside what they asked: how often a clip engaged. */
function countsHtml(section: Section): string {
  const labels = labelsIn(section);
  const rows = runsMade(section).flatMap((run) =>
    Object.entries(run.figures ?? {}).map(([what, x]) => [
      `${chip(labels.indexOf(run.label))}${escape(nameOf(section, run))}`,
      escape(what),
      figure(x, 6),
    ]),
  );
  return rows.length === 0
    ? ''
    : `<h3>What methods counted</h3>${table(['method', 'what', 'at the end'], rows)}`;
}

function plotHtml(section: Section, plot: Plot): string {
  const drawn = plot.draw === 'samples' ? samplePanels(section, plot) : drawPlot(section, plot);
  const below = plot.draw === 'bounds' ? boundsHtml(section) : '';
  if (drawn === '' && below === '') return '';
  const note = plot.note === undefined || drawn === '' ? '' : `<p class="soft">${escape(plot.note)}</p>`;
  return `<h3>${escape(capital(plot.title))}</h3>${note}${drawn}${below}`;
}

const shown = (x: Measure | undefined, { digits, decimals }: Column): string =>
  x === null || x === undefined || decimals === undefined ? figure(x, digits) : x.toFixed(decimals);

/** The values of few seeds side by side; of five and more, mean ± standard error. */
function cell(values: readonly (Measure | undefined)[], column: Column): string {
  if (values.length < SEEDS_TO_RANK) return values.map((x) => shown(x, column)).join(' · ');
  const { n, mean, error } = meanAndError(values.map((x) => x ?? null));
  return n === 0
    ? '–'
    : `${shown(mean, column)} ± ${shown(error, column)}${n < values.length ? ` (${n} of ${values.length})` : ''}`;
}

/** How many of the finished runs reached the goal. */
function reachedCell(goal: Goal, runs: readonly Run[], seeds: number): string {
  const [good, done] = [runs.filter((run) => reached(goal, run)).length, runs.filter(finished).length];
  if (done === 0) return '–';
  const words = seeds === 1 ? (good === 1 ? 'yes' : 'no') : `${good} of ${done}`;
  return `<span class="${good === done ? 'yes' : good === 0 ? 'no' : ''}">${words}${
    done < seeds ? ' finished' : ''
  }</span>`;
}

/** How runs ended: one run's ending; of several runs only the endings other than a used budget. */
function endingsCell(runs: readonly Run[], seeds: number): string {
  const shown = runs.filter(({ status }) => seeds === 1 || status !== 'budget');
  if (runs.length > SEEDS_TO_NAME)
    return [...new Set(shown.map(({ status }) => status))]
      .map((status) => {
        const count = shown.filter((run) => run.status === status).length;
        return `${endings[status]} (${count} of ${runs.length})`;
      })
      .join(', ');
  return shown
    .map(({ status, seed }) => `${endings[status]}${seeds > 1 && seed !== null ? ` (seed ${seed})` : ''}`)
    .join(', ');
}

function numbersTable(section: Section, group: string): string {
  const { columns, goal, seeds } = section;
  const rows = labelsIn(section).flatMap((label, index) => {
    const runs = section.runs.filter((run) => run.label === label && run.group === group);
    if (runs.length === 0) return [];
    return [
      [
        `${chip(index)}${escape(label)}${
          isDeterministic(section, label) ? `<br><span class="soft">${DETERMINISTIC}</span>` : ''
        }`,
        ...(goal ? [reachedCell(goal, runs, seeds)] : []),
        ...columns.map((column) =>
          cell(
            runs.map((run) => resultOf(run)[column.name]),
            column,
          ),
        ),
        figure(Math.max(...runs.map(({ calls }) => calls)), 6),
        runs.length < SEEDS_TO_RANK
          ? runs.map(({ seconds }) => figure(seconds, 3)).join(' · ')
          : figure(meanAndError(runs.map(({ seconds }) => seconds)).mean, 3),
        endingsCell(runs, seeds),
      ],
    ];
  });
  const heads = columns.map(
    ({ label, unit, better, best, bestLabel }) =>
      `${escape(label)}${unit === undefined ? '' : ` (${escape(unit)})`}<br><span class="soft">${better} is better${
        best !== undefined ? `<br>${escape(bestLabel ?? 'best')}` : ''
      }</span>`,
  );
  return table(
    [
      'method',
      ...(goal ? [escape(goal.column)] : []),
      ...heads,
      'oracle calls',
      `seconds${seeds < SEEDS_TO_RANK ? '' : ', mean'}`,
      'ended',
    ],
    rows,
  );
}

/** How the values of the seeds are shown. */
function seedWords(seeds: number): string {
  if (seeds >= SEEDS_TO_RANK) return '<p class="soft">Mean ± standard error over seeds.</p>';
  return `<p class="soft">${
    seeds === 1 ? 'One seed: single values' : `${seeds} seeds: each value is shown`
  }, without a mean, an error or a ranking; ${SEEDS_TO_RANK} seeds or more give a mean with its standard error.</p>`;
}

/** A section of the report. */
export function sectionHtml(section: Section): string {
  const { title, about, verdict, runs, settings, goal, seeds } = section;
  const groups = groupsIn(runs);
  const marks = seedsIn(section);
  return [
    `<h2>${escape(title)}</h2><p class="soft">${escape(about)}</p>`,
    verdictBox(verdict),
    legend(labelsIn(section)),
    marks.length > 1 && marks.length <= SEEDS_TO_NAME ? seedLegend(marks) : '',
    ...section.plots.filter(({ draw }) => draw !== 'bounds').map((plot) => plotHtml(section, plot)),
    '<h3>Numbers</h3>',
    ...groups.map(
      (group) =>
        `${groups.length > 1 ? `<h4>${escape(capital(group))}</h4>` : ''}${numbersTable(section, group)}`,
    ),
    goal?.words === undefined ? '' : `<p class="soft">${escape(goal.words)}</p>`,
    groups.length > 1
      ? '<p class="soft">Each group has a table of its own. A step size means something else in each, so that methods of different groups are not ranked against each other.</p>'
      : '',
    runs.some(({ seed }) => seed !== null) ? seedWords(seeds) : '',
    ledgerHtml(section),
    countsHtml(section),
    ...section.plots.filter(({ draw }) => draw === 'bounds').map((plot) => plotHtml(section, plot)),
    methodsUsed(runs),
    `<h3>Settings</h3>${definitions(settings)}`,
  ]
    .filter(Boolean)
    .join('\n');
}
