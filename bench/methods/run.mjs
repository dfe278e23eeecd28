// node bench/methods/run.mjs [options]: oracle calls to 1e-6 over the games of the registry, and time per
// step against peers. See --help.
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError, unknownName } from '@stillpoint/operators';
import { csv } from '@stillpoint/tracking/csv';
import { makeFolders, writeWhole } from '@stillpoint/tracking/files';
import { columns } from '../columns.mjs';
import { BUDGET, GRID, TOLERANCE, countCalls } from './calls.mjs';
import { problems } from './problems.mjs';
import { drawing, profiles } from './profile.mjs';
import { libraryNames, measureTimes } from './time.mjs';

const help = `npm run bench:methods -- [options]

Oracle calls of every method to a residual of ${TOLERANCE} on every game of the registry, as a performance profile; and time per
step, cold and warm, against numpy, PyTorch, JAX, monviso, jaxopt and optax on the same problems. Build first: npm run build.

  --part calls,time      default: both
  --problems text        only problems whose name has this: ${problems()
    .map(({ name }) => name)
    .join('; ')}
  --libraries a,b        ${libraryNames.join(', ')}; default: all
  --rounds 3             rounds of the timing, of which medians are shown
  --python python3       what runs the peers
  --out folder           writes profile.svg, calls.csv and results.json there
  --json                 the last line is everything as JSON
  --strict               exit status 1 if a bar is missed
  --help`;

const progress = (text) => process.stderr.write(`${text}\n`);

function list(what, given, all) {
  if (given === undefined) return all;
  return given.split(',').map((name) => {
    if (all.includes(name)) return name;
    throw unknownName(what, name, all);
  });
}

function optionsFrom(args) {
  const { values } = parseArgs({
    args,
    options: {
      part: { type: 'string' },
      problems: { type: 'string' },
      libraries: { type: 'string' },
      rounds: { type: 'string' },
      python: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean' },
      strict: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const rounds = Number(values.rounds ?? 3);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new InputError(`--rounds is "${values.rounds}"; expected a whole number > 0`);
  const only = values.problems ?? '';
  if (!problems().some(({ name }) => name.includes(only)))
    throw new InputError(
      `--problems "${only}" is in no name; there are ${problems()
        .map(({ name }) => name)
        .join('; ')}`,
    );
  return {
    ...values,
    parts: list('part', values.part, ['calls', 'time']),
    only,
    wanted: [...new Set(['stillpoint', ...list('library', values.libraries, libraryNames)])],
    rounds,
    python: values.python ?? 'python3',
  };
}

/** Calls of one kind ('default' or 'best') by method and game, null where the game was not solved. */
const countsBy = (table, kind) =>
  Object.fromEntries(
    Object.entries(table).map(([method, games]) => [
      method,
      Object.fromEntries(
        Object.entries(games).map(([game, counts]) => [game, counts?.[kind]?.calls ?? null]),
      ),
    ]),
  );

function callsReport({ games, methods, table: counted }) {
  const panels = [
    ['default', 'step size by default'],
    ['best', `best step size of ${GRID.length}`],
  ].map(([kind, title]) => ({ kind, title, curves: profiles(countsBy(counted, kind), games) }));
  const solvedOf = (kind, name) => games.filter((game) => counted[name][game]?.[kind]?.calls != null).length;
  const triedOf = (name) => games.filter((game) => counted[name][game] !== undefined).length;
  const [byDefault, best] = panels.map(({ curves }) =>
    Object.fromEntries(curves.map(({ name, area }) => [name, area])),
  );
  const lines = [...methods]
    .sort((a, b) => best[b] - best[a])
    .map((name) => [
      name,
      `${solvedOf('default', name)} of ${triedOf(name)}`,
      byDefault[name].toFixed(2),
      `${solvedOf('best', name)} of ${triedOf(name)}`,
      best[name].toFixed(2),
    ]);
  console.log(
    `Oracle calls to a residual of ${TOLERANCE} within ${BUDGET} calls, ${games.length} games; area: under the profile to 64 times the fewest calls, 1 is best on all`,
  );
  console.log(
    `${columns([['method', 'solved, default step', 'area', `solved, best of ${GRID.length} steps`, 'area'], ...lines])}\n`,
  );
  return panels;
}

const seconds = (s) =>
  s === null
    ? ''
    : s < 1e-6
      ? `${(s * 1e9).toFixed(0)} ns`
      : s < 1e-3
        ? `${(s * 1e6).toFixed(2)} µs`
        : s < 1
          ? `${(s * 1e3).toFixed(1)} ms`
          : `${s.toFixed(2)} s`;

function timeReport({ rows, missing, versions, about }, rounds) {
  console.log(
    `Time per step, 1,000 steps from one start, one thread; cold: from the start of the process to the end of the first 1,000 steps; median of ${rounds} round${rounds === 1 ? '' : 's'}; ratio: of warm steps, to ours`,
  );
  console.log(
    columns([
      ['problem', 'library', 'method', 'cold', 'warm step', 'ratio', 'bar', ''],
      ...rows.map(({ problem, library, method, cold, warm, ratio, bar, verdict }) => [
        problem,
        library,
        method,
        seconds(cold),
        seconds(warm),
        ratio === null ? '' : `${ratio.toPrecision(3)} x`,
        bar === null ? '' : `${bar === 1 ? '> 1' : `>= ${bar}`} x`,
        verdict,
      ]),
    ]),
  );
  console.log(
    `  ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}${about[name] === undefined ? '' : ` (${about[name]})`}`)
      .join('; ')}`,
  );
  for (const [name, reason] of Object.entries(missing)) console.log(`  missing: ${name}: ${reason}`);
  console.log('');
}

function csvOf({ games, table: counted }) {
  return csv(
    ['method', 'game', 'default', 'calls', 'best', 'calls of best'],
    Object.entries(counted).flatMap(([method, byGame]) =>
      games.flatMap((game) => {
        const counts = byGame[game];
        return counts === undefined
          ? []
          : [
              [
                method,
                game,
                counts.default?.spec ?? null,
                counts.default?.calls ?? null,
                counts.best?.spec ?? null,
                counts.best?.calls ?? null,
              ],
            ];
      }),
    ),
  );
}

async function main() {
  const {
    parts,
    only,
    wanted,
    rounds,
    python,
    out,
    json,
    strict,
    help: asked,
  } = optionsFrom(process.argv.slice(2));
  if (asked) return console.log(help);
  const results = {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
  };
  if (parts.includes('time')) {
    results.time = await measureTimes({ rounds, python, wanted, only, progress });
    timeReport(results.time, rounds);
  }
  if (parts.includes('calls')) {
    results.calls = countCalls(progress);
    results.profiles = callsReport(results.calls);
  }
  console.log(`  node ${results.node}, ${results.processor}, ${results.cores} cores, ${results.date}`);
  if (out !== undefined) {
    makeFolders(out);
    writeWhole({
      [join(out, 'results.json')]: `${JSON.stringify(results)}\n`,
      ...(results.calls && {
        [join(out, 'profile.svg')]: drawing(results.profiles),
        [join(out, 'calls.csv')]: csvOf(results.calls),
      }),
    });
  }
  if (json) console.log(JSON.stringify(results));
  if (strict && results.time?.rows.some(({ bar, verdict }) => bar !== null && verdict.startsWith('missed')))
    process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof InputError) && error?.code?.startsWith?.('ERR_PARSE_ARGS') !== true) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
