import { evaluateRun, type Evaluation } from '@stillpoint/experiments';
import { parseSpec } from '@stillpoint/operators';
import { print, quiet, type Command } from '../command.js';
import { openPoint, pointFlags } from '../runs/point.js';
import { say } from '../say.js';
import { statusLine } from '../status-line.js';

const shown = (x: number | null | undefined): string =>
  x === null || x === undefined ? '–' : String(Number(x.toPrecision(4)));

function table({ evaluated }: Evaluation): string {
  const points = [...new Set(evaluated.flatMap(({ values }) => Object.keys(values)))];
  const rows = [
    ['metric', ...points, 'real', ''],
    ...evaluated.map(({ spec, column, values }) => [
      spec,
      ...points.map((point) => shown(values[point])),
      shown(column.best),
      `${column.unit === undefined ? '' : `${column.unit}, `}${column.better} is better`,
    ]),
  ];
  const widths = rows[0]!.map((_, j) => Math.max(...rows.map((row) => row[j]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, j) => cell.padEnd(widths[j]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export const command: Command = {
  name: 'evaluate',
  about:
    'Measures a run at each of its points (z, and the method’s others, as last, average or slow) by every metric that fits its data, beside the value that real examples get.',
  usage: '<run>',
  flags: {
    metrics: { value: "'spec;spec'", about: 'which metrics; default: every one that fits' },
    samples: { value: 'n', about: 'generated examples; default: as in the run' },
    ...pointFlags,
    json: { output: true, about: 'print the result as JSON' },
    quiet,
  },
  examples: [
    'stillpoint evaluate run',
    "stillpoint evaluate run --at best --metrics 'frechet-distance(extractor=fashion-classifier)' --samples 2000",
  ],
  async run(args) {
    const text = args.text('metrics');
    const specs = text?.split(';').map((spec) => spec.trim());
    for (const spec of specs ?? []) parseSpec(spec);
    const samples = args.whole('samples', 2, 1_000_000);
    const { run, config, trained, checkpoint, points } = await openPoint('evaluate', args);
    try {
      if (!args.has('quiet'))
        say(`Step ${checkpoint.ledger.steps} of ${run.path}: ${Object.keys(points).join(', ')}\n`);
      const line = statusLine(args.has('quiet'));
      const found = await evaluateRun(trained, points, {
        report: (spec, number, of) => line.show(() => `${number} of ${of}: ${spec}`),
        samples: samples ?? config.samples ?? 1000,
        ...(specs === undefined ? {} : { specs }),
      });
      line.clear();
      if (args.has('json')) {
        print(JSON.stringify({ run: run.path, step: checkpoint.ledger.steps, ...found }));
        return 0;
      }
      print(table(found));
      print(`${found.samples} generated examples for each point.`);
      if (found.left.length > 0 && !args.has('quiet'))
        say(`Left out:\n${found.left.map(({ spec, reason }) => `  ${spec}: ${reason}`).join('\n')}\n`);
      return 0;
    } finally {
      await trained.dispose();
    }
  },
};
