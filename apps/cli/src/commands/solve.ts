import { readFileSync } from 'node:fs';
import {
  InputError,
  decodeCheckpoint,
  encodeCheckpoint,
  formatSpec,
  naturalResidual,
  type Checkpoint,
  type State,
  type Problem,
  type Vector,
} from '@stillpoint/operators';
import { checkSpecNeeds, methodFrom, methods, specOf, transforms } from '@stillpoint/optimizers/registry';
import {
  hasFullOperator,
  solveWithAsync,
  startFrom,
  type SolutionWith,
  pricesAsked,
  pricesOf,
} from '@stillpoint/optimizers/drivers';
import { checkWritable, fileAt, writeWhole } from '@stillpoint/tracking/files';
import { beside } from '../asked-words.js';
import { print, quiet, type Command } from '../command.js';
import { readProblem, readStart } from '../game-argument.js';
import { interrupt } from '../signals.js';
import { readSpec } from '../spec-files.js';
import { runProgress } from '../status-line.js';
import { traceFile } from '../trace.js';

/** A number for JSON, which has no NaN and no infinity: null stands for them. */
const jsonNumber = (x: number): number | null => (Number.isFinite(x) ? x : null);

/** Milliseconds: a signal does not wait for the end of a step that is longer than this. */
const SLOW_MS = 500;

export const command: Command = {
  name: 'solve',
  about:
    'Runs one method on one game until it converges, diverges or has used its budget; the exit status is 0 for each of these. A sampled game is judged by the game of its mean. Ctrl-C prints the result so far.',
  usage: '<game|file.mjs> --method <spec>',
  flags: {
    method: { value: 'spec', about: 'for example rapp, or lookahead(gda(stepSize=0.1), steps=5)' },
    start: { value: 'a,b,…', about: 'where to start; default: the game’s own start' },
    steps: { value: 'n', about: 'make exactly n steps; with --tolerance at most n (default 100000)' },
    tolerance: { value: 'e', about: 'residual at which to stop (default 1e-8 unless --steps is given)' },
    trace: {
      value: 'file.csv',
      about:
        'write each step to a CSV file when it is made; until the end its name is file.csv.partial-<process id>',
    },
    seed: {
      value: 'n',
      about: 'of the method’s own random numbers (default 0); a problem’s seed is an option of the problem',
    },
    save: {
      value: 'file',
      about: 'write a checkpoint at the end, also after Ctrl-C; --from continues from it',
    },
    from: { value: 'file', about: 'continue from a checkpoint; its steps count towards --steps' },
    'accept-identity': {
      about:
        'with --from: continue even if the game, method or options differ from the checkpoint’s; the difference is recorded',
    },
    json: { about: 'print the result as JSON' },
    quiet,
  },
  examples: [
    "stillpoint solve bilinear --method 'extragradient(stepSize=0.5)'",
    "stillpoint solve 'polar(a=0.75)' --method 'rapp(innerSteps=20, weight=0.3)' --steps 1000 --json",
  ],
  async run(args) {
    const [target, ...more] = args.positionals;
    if (target === undefined)
      throw new InputError(
        "solve needs a game: stillpoint solve forsaken --method 'lookahead(gda, steps=20)'",
      );
    if (more.length > 0) throw new InputError(`solve takes one game; found ${[target, ...more].join(' ')}`);
    const spec = args.text('method');
    if (spec === undefined)
      throw new InputError(
        'solve needs --method <spec>: for example --method rapp; see stillpoint list methods',
      );
    const steps = args.whole('steps', 0);
    const tolerance = args.amount('tolerance');
    const seed = args.whole('seed', 0, 2 ** 32 - 1);
    const trace = args.text('trace');
    if (trace !== undefined) checkWritable('--trace', trace);
    const save = args.text('save');
    if (save !== undefined) checkWritable('--save', save);
    const checkpoint = args.text('from');
    if (checkpoint === undefined && args.has('accept-identity'))
      throw new InputError('--accept-identity is for --from <file>');
    if (checkpoint !== undefined && args.text('start') !== undefined)
      throw new InputError('--start is for a new run; --from continues from its checkpoint');
    if (checkpoint !== undefined && seed !== undefined)
      throw new InputError('--seed is for a new run; --from continues with that of its checkpoint');
    const from = checkpoint === undefined ? undefined : readCheckpoint(checkpoint);
    const { problem, game, dispose } = await readProblem(target);
    if (!hasFullOperator(problem))
      throw new InputError(
        `${target} has draws only, so a run on it cannot be judged; use stillpoint compare, which measures it on draws that no run trains on`,
      );
    const parsed = readSpec(spec, [...methods, ...transforms]);
    const startText = args.text('start');
    if (startText === undefined && problem.start === undefined && from === undefined)
      throw new InputError(`${target} states no start; give --start with ${problem.dim} numbers`);

    checkSpecNeeds(parsed, problem);

    const names = problem.players.flatMap(({ name, start, end }) =>
      end - start === 1 ? [name] : Array.from({ length: end - start }, (_, i) => `${name}[${i}]`),
    );
    const rows = trace === undefined ? undefined : traceFile(trace, ['step', 'calls', 'residual', ...names]);
    const scratch: Vector = new Float64Array(problem.dim);
    const start = startText === undefined ? startFrom(problem, from) : readStart(startText, problem);
    const shown = runProgress(problem.name, steps ?? 100_000, args.has('quiet'));
    const stop = interrupt('what was done will be printed');
    let before = performance.now();
    const result = await solveWithAsync(problem, (facts) => methodFrom(parsed, facts), {
      start,
      ...(from && { from, acceptIdentity: args.has('accept-identity') }),
      ...(steps === undefined ? {} : { steps }),
      ...(seed === undefined ? {} : { seed }),
      ...(tolerance === undefined ? {} : { tolerance }),
      signal: stop.signal,
      observe({ state, ledger, calls }) {
        // where an engine computes the problem, F would have to be waited for
        const residual = (): number => (game ? naturalResidual(game, state.z, scratch) : NaN);
        rows?.add([ledger.steps, calls, residual(), ...state.z]);
        shown.step(ledger.steps, residual);
        // A signal is noticed only between steps. If steps are slow, it ends the program at once instead,
        // which is Node's default.
        const now = performance.now();
        if (now - before > SLOW_MS && save === undefined) setImmediate(stop.release);
        else if (ledger.steps > 0) stop.listen();
        before = now;
      },
    })
      .finally(() => {
        shown.clear();
        stop.release();
      })
      .catch((error: unknown) => {
        rows?.finish(); // the rows so far may show what went wrong
        throw error;
      });
    await dispose?.();
    const keep = (): void => {
      try {
        if (save !== undefined) writeWhole({ [save]: encodeCheckpoint(result.checkpoint) });
      } finally {
        rows?.finish();
      }
    };
    const interrupted = stop.status();
    if (interrupted !== undefined) {
      // without certificates: they may take longer than a second
      const words = (): string => inWords(problem, formatSpec(specOf(result.method)), result);
      print(args.has('json') ? JSON.stringify(asJson(problem, result)) : words());
      keep();
      return interrupted;
    }
    if (game === undefined) {
      const words = (): string => inWords(problem, formatSpec(specOf(result.method)), result);
      print(
        args.has('json')
          ? JSON.stringify(asJson(problem, result), (_, x: unknown) =>
              typeof x === 'number' ? jsonNumber(x) : x,
            )
          : words(),
      );
      keep();
      return 0;
    }
    const proof = await import('../certificates.js');
    const unbounded =
      problem.draw === undefined
        ? from && 'bounds depend on the start, which a checkpoint does not hold'
        : 'the gradients are sampled, and the theorems are about methods that ask for F itself';
    const certificates = proof.certify(game, result.method, start, result, unbounded);
    if (args.has('json')) {
      const whole = { ...asJson(problem, result), certificates };
      print(JSON.stringify(whole, (_, x: unknown) => (typeof x === 'number' ? jsonNumber(x) : x)));
    } else {
      const proved = proof.inWords(certificates).map(([what, words]) => `  ${what.padEnd(12)}  ${words}`);
      print([inWords(problem, formatSpec(specOf(result.method)), result), ...proved].join('\n'));
    }
    keep();
    return 0;
  },
};

/** Reads a checkpoint. @throws InputError if there is none, or if it is damaged. */
function readCheckpoint(path: string): Checkpoint<State> {
  if (!fileAt(`--from ${path}`, path)?.isFile())
    throw new InputError(`--from ${path}: there is no such file; expected one that --save wrote`);
  return decodeCheckpoint(readFileSync(path), path);
}

function asJson(
  problem: Problem,
  {
    method: { name, options },
    status,
    message,
    steps,
    calls,
    z,
    residual,
    threshold,
    gap,
    distance,
    estimate,
    ledger,
    judging,
    warnings,
    figures,
  }: SolutionWith,
): object {
  return {
    game: problem.name,
    method: name,
    options,
    status,
    message,
    steps,
    calls,
    z: Array.from(z, jsonNumber),
    residual: jsonNumber(residual),
    threshold: jsonNumber(threshold),
    ...(gap === undefined ? {} : { gap: jsonNumber(gap) }),
    ...(distance === undefined ? {} : { distance: jsonNumber(distance) }),
    ...(estimate === undefined ? {} : { estimate }),
    ledger,
    prices: pricesAsked(pricesOf(problem), ledger),
    terms: problem.terms?.count ?? 1,
    judging,
    warnings,
    ...(figures && { figures }),
  };
}

/** What the method counted, a line each. */
function counted(figures: { readonly [name: string]: number }): readonly string[] {
  const width = Math.max(0, ...Object.keys(figures).map(({ length }) => length));
  return Object.entries(figures).map(([what, x]) => `  ${what.padEnd(width)}  ${x}`);
}

function inWords(
  { name, terms, players }: Problem,
  method: string,
  { message, steps, calls, ledger, z, residual, gap, distance, warnings, figures = {} }: SolutionWith,
): string {
  const shown =
    Array.from(z.subarray(0, 8), String).join(', ') + (z.length > 8 ? `, … (${z.length} entries)` : '');
  return [
    [message, ...warnings.map((warning) => `Note: ${warning}.`)].join('\n'),
    '',
    `  game          ${name}`,
    `  method        ${method}`,
    `  steps         ${steps}`,
    `  oracle calls  ${calls}${beside(ledger, terms?.count ?? 1)}`,
    `  z             [${shown}]`,
    `  residual      ${residual}`,
    // of games it stands among the certificates
    ...(gap === undefined || players.length > 1 ? [] : [`  gap           ${gap}`]),
    ...(distance === undefined ? [] : [`  distance      ${distance}`]),
    ...counted(figures),
  ].join('\n');
}
