import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError, unknownName } from '@stillpoint/operators';
import { laneNames, lanes } from './lanes.mjs';
import { workloadNames, workloads } from './workloads.mjs';

export const help = `npm run bench:gan -- [options]

Training steps per second of GANs, Stillpoint against its peers. Build first: npm run build.

  --workload W1,W2    ${workloadNames.map((name) => `${name}: ${workloads[name].about}`).join('\n                      ')}
                      default: all
  --threads 1,2       default: both, where there are two processors
  --lanes a,b         ${Object.entries(lanes)
    .map(([name, { about }]) => `${name.padEnd(14)}${about}`)
    .join('\n                      ')}
                      default: all but what is too slow, which is named
  --rounds 7          rounds, of which the median is shown; default: ${workloadNames.map((name) => `${name} ${workloads[name].rounds}`).join(', ')}
  --seconds 2         seconds of a round; default: ${workloadNames.map((name) => `${name} ${workloads[name].seconds || 'one step'}`).join(', ')}
  --python python3    what runs the PyTorch and JAX lanes
  --peers folder      in whose node_modules tfjs-node, tfjs wasm and tfjs cpu are looked for first
  --minutes 25        no further round is begun after that
  --skip-agreement    do not compare our gradients with PyTorch's
  --json              the last line is everything as JSON, instead of tables
  --help

One figure for scripts, of our best engine or of --engine native|wasm|tensorflow|cpu:
  npm run bench:gan -- --workload W1 --threads 1 --seconds 6 --json    {"stepsPerSecond": 250.1}
(one workload, one number of threads, --json, no --lanes)`;

function known(what, given, names) {
  if (names.includes(given)) return given;
  const error = unknownName(what, given, names);
  throw error.message.includes('expected one of')
    ? error
    : new InputError(`${error.message} known: ${names.join(', ')}`);
}

function number(what, given, { whole = false, atMost = Infinity }) {
  const value = Number(given);
  if (!(value > 0) || value > atMost || (whole && !Number.isInteger(value)))
    throw new InputError(
      `--${what} is "${given}"; expected a ${whole ? 'whole ' : ''}number > 0${atMost < Infinity ? `, at most ${atMost}` : ''}`,
    );
  return value;
}

const table = {
  workload: { type: 'string' },
  threads: { type: 'string' },
  lanes: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  engine: { type: 'string' },
  minutes: { type: 'string' },
  python: { type: 'string' },
  peers: { type: 'string' },
  'skip-agreement': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
};

/**
 * The parsed options. `figure` is set if one figure of one engine is requested. @throws InputError for
 * unknown options and values.
 */
export function optionsFrom(args) {
  for (const argument of args)
    if (argument.startsWith('--')) known('option', argument.slice(2).split('=')[0], Object.keys(table));
  const {
    values,
    positionals: [extra],
  } = parseArgs({ args, options: table, allowPositionals: true });
  if (extra !== undefined) throw new InputError(`"${extra}" is no option; see --help`);
  const list = (given, all) => (given === undefined ? all : given.split(','));
  const cores = availableParallelism();
  const names = list(values.workload, workloadNames).map((name) => known('workload', name, workloadNames));
  const threads = list(values.threads, cores > 1 ? ['1', '2'] : ['1']).map((n) =>
    number('threads', n, { whole: true, atMost: cores }),
  );
  const figure =
    values.engine !== undefined ||
    (values.json === true && values.lanes === undefined && names.length === 1 && threads.length === 1);
  if (figure && (values.lanes !== undefined || names.length !== 1 || threads.length !== 1))
    throw new InputError(
      '--engine gives one figure; expected with it one --workload, one --threads and no --lanes',
    );
  const engine = known(
    'engine',
    values.engine ?? 'native',
    laneNames.filter((name) => lanes[name].ours),
  );
  return {
    names,
    threads,
    figure,
    engine,
    lanes:
      values.lanes === undefined
        ? undefined
        : values.lanes.split(',').map((name) => known('lane', name, laneNames)),
    rounds:
      values.rounds === undefined && !figure
        ? undefined
        : number('rounds', values.rounds ?? '1', { whole: true }),
    minutes: number('minutes', values.minutes ?? '25', {}),
    seconds: values.seconds === undefined ? undefined : number('seconds', values.seconds, {}),
    python: values.python ?? 'python3',
    peers: values.peers === undefined ? [] : [resolve(values.peers)],
    agreement: values['skip-agreement'] !== true,
    json: values.json === true,
    help: values.help === true,
  };
}
