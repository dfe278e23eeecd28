// Time per step, cold and warm: every library in a fresh process for each problem, in turn, round after
// round.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { median } from '../median.mjs';
import { problems } from './problems.mjs';

const path = (file) => fileURLToPath(new URL(file, import.meta.url));

/**
 * Our lane is first; all others are compared with it. `constrained: false` marks a library without
 * projections.
 */
const libraries = [
  { name: 'stillpoint' },
  { name: 'numpy', about: 'a loop that allocates nothing' },
  { name: 'torch', about: 'PyTorch, eager' },
  { name: 'jax', about: 'lax.scan in one jit, float64' },
  {
    name: 'numpy-steps',
    about:
      'numpy, a function for each step of a method, as monviso has them: stands in where that is missing',
  },
  { name: 'monviso', about: 'with a projection of its user’s, in numpy: without one it asks CVXPY' },
  { name: 'jaxopt', about: 'projected gradient; it has no extragradient' },
  { name: 'optax', about: 'in one lax.scan', constrained: false },
];
export const libraryNames = libraries.map(({ name }) => name);

/**
 * Runs a lane to its end. Returns the seconds from its start to its first message and all messages, or why
 * there are none.
 */
async function runLane(command, args) {
  const begun = performance.now();
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors = (errors + text).slice(-4000);
  });
  const ended = new Promise((resolve) => {
    child.on('error', (error) =>
      resolve(error.code === 'ENOENT' ? `${command} is not there` : error.message),
    );
    child.on('close', (status) =>
      resolve(status === 0 ? undefined : (errors.trim().split('\n').at(-1) ?? `status ${status}`)),
    );
  });
  const messages = [];
  let cold;
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue;
    cold ??= (performance.now() - begun) / 1000;
    messages.push(JSON.parse(line));
  }
  const missing = (await ended) ?? messages[0]?.missing;
  return missing === undefined
    ? { cold, version: messages[0].version, methods: messages.slice(1) }
    : { missing };
}

/** Notes on the peers that end at another point than ours: the reason why. */
const elsewhere = {
  'numpy-steps adaptive-graal': 'the same to 1e-13 after 200 steps; then its step sizes amplify rounding',
  'monviso past-extragradient': 'begins with F(z₀), ours with 0',
  'monviso forward-reflected-backward': 'adds the last F where the paper subtracts it: diverges',
  'monviso adaptive-graal': 'takes norms where the paper takes their squares',
};
/** The largest accepted difference between two final points: the rounding of 1,000 steps. */
const APART = 1e-9;
const apart = (a, b) => Math.max(...a.map((x, i) => Math.abs(x - b[i]))) / Math.max(1, ...a.map(Math.abs));

/** The bar of a peer's row: its warm step has to take at least this many times as long as ours. */
function barOf(library, { dim, constrained }) {
  if (library === 'numpy') return dim <= 10 ? 10 : 2;
  if (library === 'monviso' || library === 'numpy-steps') return 1;
  return library === 'jax' && constrained ? 1 : null;
}

/** A text for the table. */
function verdictOf({ library, bar, ratio, point, ours }) {
  const note = apart(point, ours) <= APART ? [] : [elsewhere[library] ?? 'ENDS ELSEWHERE'];
  if (bar !== null) note.unshift(ratio >= bar && ratio > 1 ? 'met' : 'missed');
  if (ratio < 1)
    note.push(library.startsWith('jax') || library.startsWith('optax') ? 'warm JAX wins' : 'it wins');
  return note.join('; ');
}

/**
 * @returns {Promise<{ rows, missing, versions, about }>} rows by problem, ours first; times in seconds, cold
 * for 1,000 steps, warm for one.
 */
export async function measureTimes({ rounds, python, wanted, only, progress }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-methods-'));
  const [rows, missing, versions] = [[], {}, {}];
  try {
    const chosen = problems().filter(({ name }) => name.includes(only));
    /** samples[problem][library method] = [{ cold, warm, point }, …], one of each round. */
    const samples = chosen.map(() => new Map());
    for (let round = 1; round <= rounds; round++)
      for (const [index, problem] of chosen.entries()) {
        const file = join(folder, `${index}.json`);
        writeFileSync(
          file,
          JSON.stringify({ ...problem, stepSize: 0.1 / problem.lipschitz, adamStepSize: 1e-3 }),
        );
        for (const { name, constrained } of libraries) {
          if (
            !wanted.includes(name) ||
            missing[name] !== undefined ||
            (constrained === false && problem.constrained)
          )
            continue;
          const lane =
            name === 'stillpoint'
              ? await runLane(process.execPath, [path('lane.mjs'), file])
              : await runLane(python, [path('peers.py'), name, file]);
          progress(
            `round ${round}, ${problem.name}, ${name}: ${lane.missing ?? `${lane.cold.toFixed(2)} s cold, ${lane.methods[0].warm.toFixed(0)} ns per step warm`}`,
          );
          if (lane.missing !== undefined) missing[name] = lane.missing;
          else versions[name] = lane.version;
          lane.methods?.forEach(({ method, warm, point }, at) => {
            const key = `${name}\n${method}`;
            if (!samples[index].has(key)) samples[index].set(key, []);
            samples[index]
              .get(key)
              .push({ warm: warm / 1e9, point, ...(at === 0 ? { cold: lane.cold } : {}) });
          });
        }
      }
    for (const [index, problem] of chosen.entries()) rows.push(...rowsOf(problem, samples[index]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    rows,
    missing,
    versions,
    about: Object.fromEntries(libraries.map(({ name, about }) => [name, about])),
  };
}

function rowsOf(problem, samples) {
  return Array.from(samples, ([key, taken]) => {
    const [library, method] = key.split('\n');
    const own = samples.get(`stillpoint\n${method.split(',')[0]}`);
    const row = {
      problem: problem.name,
      library,
      method,
      warm: median(taken.map(({ warm }) => warm)),
      spread: [Math.min(...taken.map(({ warm }) => warm)), Math.max(...taken.map(({ warm }) => warm))],
      cold: taken[0].cold === undefined ? null : median(taken.map(({ cold }) => cold)),
    };
    if (library === 'stillpoint' || own === undefined) return { ...row, ratio: null, bar: null, verdict: '' };
    const ratio = median(taken.map(({ warm }, round) => warm / own[round].warm));
    const bar = barOf(library, problem);
    return {
      ...row,
      ratio,
      bar,
      verdict: verdictOf({
        library: `${library} ${method}`,
        bar,
        ratio,
        point: taken[0].point,
        ours: own[0].point,
      }),
    };
  });
}
