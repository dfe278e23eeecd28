import { lanes } from './lanes.mjs';

/** Three significant digits without an exponent. */
const figure = (x) => (x >= 100 ? x.toFixed(0) : x.toPrecision(3));
const percent = (share) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
/**
 * Number of processors used by other work above which it affects the figures; the limit is lower for more
 * than one thread on two processors.
 */
const BUSY = 0.2;
const plural = (n, what) => `${n} ${what}${n === 1 ? '' : 's'}`;

/** One workload with one number of threads, for reading. */
export function tableOf({
  workload,
  about,
  threads,
  rounds,
  roundsWanted,
  secondsPerRound,
  others,
  ran,
  missing,
}) {
  const lines = [
    ['lane', 'steps/s', '(min-max)', 'ratio', '(quartiles)', 'start-up', 'memory', ''],
    ...ran.map((row) => [
      row.lane,
      figure(row.stepsPerSecond.median),
      `(${figure(row.stepsPerSecond.min)}-${figure(row.stepsPerSecond.max)})`,
      row.ratio === null ? '' : row.ratio.toFixed(2),
      row.ratio === null ? '' : `(${row.ratioQuartiles.map((quartile) => quartile.toFixed(2)).join('-')})`,
      `${row.startupSeconds.toFixed(1)} s`,
      `${row.peakMegabytes.toFixed(0)} MB`,
      [
        row.method === undefined
          ? ''
          : `method layer ${percent(row.method)} of a step, samples ${percent(row.draw)}`,
        row.finite ? '' : 'LOSSES NOT FINITE',
      ]
        .filter(Boolean)
        .join('; '),
    ]),
  ];
  const names = missing.map(({ lane }) => [lane]);
  const widths = lines[0].map((_, column) =>
    Math.max(...[...lines, ...names].map((line) => line[column]?.length ?? 0)),
  );
  const table = lines.map((line) =>
    `  ${line.map((cell, column) => (column > 0 && column < 7 ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join('  ')}`.trimEnd(),
  );
  const each = secondsPerRound > 0 ? `of ${secondsPerRound} s` : 'of one step';
  return [
    `${workload}, ${plural(threads, 'thread')}: ${about}`,
    `  ${plural(rounds, 'round')}${rounds < roundsWanted ? ` of ${roundsWanted} because time ran out,` : ''} ${each}; other work took ${others.median.toFixed(2)} processors meanwhile (at most ${others.max.toFixed(2)})${others.median > BUSY ? ': TOO BUSY for trustworthy figures' : ''}`,
    ...table,
    ...missing.map(({ lane, reason }) => `  ${lane.padEnd(widths[0])}  not run: ${reason}`),
    '',
  ].join('\n');
}

export function agreementOf(results, largest) {
  const words = ({ loss, gradient }) =>
    `loss ${loss.toExponential(1)}, gradient ${gradient.toExponential(1)}`;
  const line = (result) =>
    'missing' in result
      ? `not compared: ${result.missing}`
      : `D ${words(result.D)}; G ${words(result.G)}${agrees(result, largest) ? '' : '  THEY DIFFER'}`;
  return [
    `Our gradients against PyTorch's at the same point and batch, relative L2 errors (an error in the networks would be of order 1)`,
    ...results.map((result) => `  ${result.workload.padEnd(8)}  ${line(result)}`),
    '',
  ].join('\n');
}

/** Whether a comparison, if it was made, found the same gradients and losses. */
export const agrees = (result, largest) =>
  'missing' in result ||
  ['D', 'G'].every((player) => result[player].gradient < largest && result[player].loss < largest);

export const legend = `steps/s: a step is one Adam update of D and one of G; median of the rounds. ratio: to the faster of ${Object.keys(
  lanes,
)
  .filter((name) => lanes[name].eager)
  .join(' and ')}, median over the rounds, and its first and third quartile.
start-up: from the process' start to the end of its first step. memory: the largest resident set.`;
