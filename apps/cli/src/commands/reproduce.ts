import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { engineNames } from '@stillpoint/engine';
import {
  figuresNamed,
  papers,
  reproduce,
  withChosen,
  type Chosen,
  type Figure,
} from '@stillpoint/experiments/papers';
import { InputError, formatData, messageOf, type Data } from '@stillpoint/operators';
import { brokenClaims, verdictCounts, type PaperFigure, type PaperResults } from '@stillpoint/tracking';
import { commandLine, print, quiet, type Arguments, type Command } from '../command.js';
import { readEngine } from '../compare-arguments.js';
import { loadDrawing } from '../drawing.js';
import { environment } from '../environment.js';
import { paperFolder, summaryOf } from '../paper-files.js';
import { say } from '../say.js';
import { readData, readPair, refuseTwice } from '../set-flag.js';
import { interrupt } from '../signals.js';
import { clock, statusLine } from '../status-line.js';
import { version } from '../version.js';

const DEFAULT = 'stillpoint-papers';

/** A paper with its figures, each with what it takes and how many claims it has. */
const listed = ({ paper, figures }: Chosen): string =>
  [
    `${paper.name}: ${paper.title} (${paper.authors} ${paper.year}, ${paper.where})`,
    `    ${paper.about}`,
    ...figures.flatMap(({ name, title, takes, data, claims, options = {} }) => [
      `  ${paper.name}/${name}: ${title} (${takes ?? 'not made here'}${data === undefined ? '' : `, with --data ${data}`})`,
      ...claims.map(
        ({ statement, source, judge }) =>
          `    - ${statement} (${source})${judge === undefined ? ': not tried here' : ''}`,
      ),
      ...Object.entries(options).map(
        ([option, { about, default: value = null }]) => `    --set ${option}=${formatData(value)}: ${about}`,
      ),
    ]),
  ].join('\n');

/** A figure's claims in words. */
function inWords({ title, claims }: PaperFigure): string {
  const lines = claims.flatMap(({ verdict, statement, source, published, measured, scaled, needs }) => [
    `  ${verdict}: ${statement} (${source})`,
    ...(published === null ? [] : [`      the paper: ${published}`]),
    ...(measured === null ? [] : [`      here: ${measured}`]),
    ...(scaled === null ? [] : [`      scaled down: ${scaled}`]),
    ...(verdict === 'not tried here' && needs !== null ? [`      it would take: ${needs}`] : []),
  ]);
  return [title, ...lines].join('\n');
}

/** The options that `--set` chooses. */
function chosenOptions(args: Arguments): { readonly [option: string]: Data } {
  const pairs = args.all('set').map((pair) => readPair(pair, 'firstSeed=11'));
  refuseTwice(pairs.map(([key]) => key));
  return Object.fromEntries(pairs.map(([key, text]) => [key, readData(text)]));
}

/** The papers of the arguments, each once; without arguments all. `--set` chooses their figures’ options. */
function chosen(args: Arguments): readonly Chosen[] {
  const { positionals } = args;
  const named = positionals.length === 0 ? papers.map(({ name }) => name) : positionals;
  const all = named.map(figuresNamed);
  const wanted = [...new Set(all.map(({ paper }) => paper))].map((paper) => ({
    paper,
    figures: paper.figures.filter((figure) =>
      all.some((one) => one.paper === paper && one.figures.includes(figure)),
    ),
  }));
  const options = chosenOptions(args);
  const taken = withChosen(
    wanted.flatMap(({ figures }) => figures),
    options,
  );
  let at = 0;
  return wanted.map(({ paper, figures }) => ({
    paper,
    figures: taken.slice(at, (at += figures.length)),
  }));
}

export const command: Command = {
  name: 'reproduce',
  about:
    'Makes figures and tables of papers again and judges their claims: reproduced, scaled down, not reproduced, or not tried here.',
  usage: '[paper[/figure] …]',
  flags: {
    list: { about: 'print the papers, figures and claims, and run nothing' },
    quick: { about: 'smaller runs: at most a minute for a paper' },
    set: {
      value: 'key=value',
      repeats: true,
      about:
        'other seeds, sizes or data than the figure’s, as --set firstSeed=11 --set seeds=3; --list names what each figure has. With more than seeds chosen, no claim is expected to hold',
    },
    data: {
      value: 'path|spec',
      about:
        'the data of figures that need files of yours, as a folder of CIFAR-10’s binary files; --list names them',
    },
    engine: { value: 'name', about: `auto, ${engineNames.join(', ')}` },
    out: {
      output: true,
      value: 'folder',
      about: `where each paper has a folder of its own, with report.html, claims.json, measures.csv and the figures; default ${DEFAULT}. Figures that it holds are read, and runs that were interrupted go on`,
    },
    overwrite: { output: true, about: 'make the figures that are named again; others are kept' },
    json: { output: true, about: 'print the claims and runs as JSON' },
    quiet,
  },
  examples: [
    'stillpoint reproduce --list',
    'stillpoint reproduce weak-minty --quick',
    'stillpoint reproduce rapp/forsaken',
    'stillpoint reproduce multilevel/steps --set firstSeed=101',
    'stillpoint reproduce clipping --out papers',
    'stillpoint reproduce clipping/cifar-10 --data ./cifar-10-batches-bin',
  ],
  async run(args) {
    const wanted = chosen(args);
    if (args.has('list')) {
      if (args.has('json')) print(JSON.stringify(wanted));
      else print(wanted.map(listed).join('\n\n'));
      return 0;
    }
    const quickly = args.has('quick');
    const engine = await readEngine(args.text('engine'));
    const data = args.text('data');
    if (data !== undefined && !wanted.some(({ figures }) => figures.some((one) => one.data !== undefined)))
      throw new InputError(
        `--data ${data}: no figure of these takes data; expected one that does, as ${papers
          .flatMap(({ name, figures }) =>
            figures.flatMap((one) => (one.data === undefined ? [] : [`${name}/${one.name}`])),
          )
          .join(' or ')}`,
      );
    const out = args.text('out') ?? DEFAULT;
    if (out === '') throw new InputError('--out ""; expected a folder’s path');
    const draws = await loadDrawing();
    const folders = wanted.map(({ paper }) =>
      paperFolder(join(out, `${paper.name}${quickly ? '-quick' : ''}`), draws, {
        paper,
        quick: quickly,
        engine,
        data,
        version: version(),
      }),
    );
    const stop = interrupt('what is complete is kept, and the same command makes the rest');
    const line = statusLine(args.has('quiet'));
    const all: PaperResults[] = [];
    let failure: unknown;
    stop.listen();
    for (const [i, { paper, figures }] of wanted.entries()) {
      const folder = folders[i]!;
      if (args.has('overwrite')) folder.remove(figures);
      // the paper's report has what was made earlier, too
      const shown = paper.figures.flatMap((figure) => {
        const one = figures.find(({ name }) => name === figure.name);
        return one ?? (folder.holds(figure) ? figure : []);
      });
      const made: PaperFigure[] = [];
      const isWanted = ({ name }: PaperFigure): boolean => figures.some((figure) => figure.name === name);
      const begun = performance.now();
      const results = (): PaperResults => ({
        paper: paper.name,
        title: paper.title,
        authors: paper.authors,
        year: paper.year,
        where: paper.where,
        command: commandLine(command, {
          ...args,
          positionals:
            figures.length === paper.figures.length
              ? [paper.name]
              : figures.map(({ name }) => `${paper.name}/${name}`),
        }),
        quick: quickly,
        interrupted: stop.signal.aborted,
        incomplete: shown.slice(made.length).map(({ name }) => name),
        figures: made,
        environment: environment(version()),
      });
      const onProgress = ({ name }: Figure, share: number, now: string): void =>
        line.show(() => `${paper.name}/${name} ${Math.round(100 * share)} %: ${now}`);
      try {
        await reproduce(shown, {
          quick: quickly,
          engine,
          ...(data === undefined ? {} : { data }),
          processes: availableParallelism(),
          signal: stop.signal,
          kept: folder,
          onProgress,
          onFigure(figure) {
            line.clear();
            made.push(figure);
            if (!args.has('json') && isWanted(figure)) print(`${inWords(figure)}\n`);
          },
        });
      } catch (error) {
        failure = error;
      }
      line.clear();
      const done = results();
      all.push({ ...done, figures: made.filter(isWanted) });
      try {
        folder.writeAll(done);
      } catch (error) {
        failure ??= error;
      }
      if (!args.has('json') && made.length > 0)
        print(
          `${paper.name}: ${verdictCounts(made.filter(isWanted).flatMap(({ claims }) => claims))}, ${clock(performance.now() - begun)}. The report: ${join(folder.path, 'report.html')}\n`,
        );
      if (failure !== undefined || stop.signal.aborted) break;
    }
    stop.release();
    if (failure !== undefined) say(`stillpoint: ${messageOf(failure)}\n`);
    if (args.has('json')) print(JSON.stringify(all.map(summaryOf)));
    const broken = all.flatMap(brokenClaims);
    if (broken.length > 0)
      say(
        `stillpoint: not reproduced, though expected: ${broken.map(({ statement }) => statement).join('; ')}\n`,
      );
    return stop.status() ?? (failure !== undefined || broken.length > 0 ? 1 : 0);
  },
};
