// node bench/gan/run.mjs [options]: training steps per second of GANs, Stillpoint against its peers. See
// --help.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@stillpoint/operators';
import { median } from '../median.mjs';
import { agreement, LARGEST } from './agreement.mjs';
import { laneNames, lanes } from './lanes.mjs';
import { help, optionsFrom } from './options.mjs';
import { begin } from './process.mjs';
import { quartiles } from './quartiles.mjs';
import { writeStart } from './start.mjs';
import { agreementOf, agrees, legend, tableOf } from './table.mjs';
import { workloads } from './workloads.mjs';

/** Seconds that a lane may take to its first step. */
const LIMIT = 180;

const progress = (text) => process.stderr.write(`${text}\n`);

/**
 * The lanes to start for a workload, and the others with the reason why they are left out. Lanes that --lanes
 * names are always started; single-threaded lanes only with one thread.
 */
function planOf(workload, threads, wanted) {
  const reasons = wanted !== undefined ? {} : { ...workloads[workload].leftOut };
  if (threads > 1) for (const name of laneNames) reasons[name] ??= lanes[name].moreThreads;
  const names = wanted ?? laneNames;
  return {
    names: names.filter((name) => reasons[name] === undefined),
    missing: names
      .filter((name) => reasons[name] !== undefined)
      .map((lane) => ({ lane, reason: reasons[lane] })),
  };
}

/**
 * Runs the rounds of one workload with one number of threads: lane after lane, then the next round. The idle
 * ones sleep.
 */
async function measure(workload, threads, { minutes, python, peers, lanes: wanted, ...given }) {
  const { about, warm, ...usual } = workloads[workload];
  const rounds = given.rounds ?? usual.rounds;
  const secondsPerRound = given.seconds ?? usual.seconds;
  const folder = mkdtempSync(join(tmpdir(), 'bench-gan-'));
  const { names, missing } = planOf(workload, threads, wanted);
  const running = [];
  let made = 0;
  /** Runs a round of that many seconds, lane after lane; a lane that ends is reported as missing. */
  const round = async (length, note) => {
    const all = running.splice(0);
    for (const entry of all) {
      const figures = await entry.process.round(length);
      if (figures.missing !== undefined) missing.push({ lane: entry.lane, reason: figures.missing });
      else running.push(entry);
      if (figures.missing === undefined) note(entry, figures);
    }
  };
  try {
    if (names.some((name) => lanes[name].python)) writeStart(folder, workload);
    for (const lane of names) {
      const started = await begin(
        lanes[lane].start({ workload, threads: String(threads), folder, python, peers }),
        LIMIT,
      );
      progress(
        `${workload}, threads ${threads}, ${lane}: ${started.missing ?? `first step after ${started.startup.toFixed(1)} s`}`,
      );
      if (started.missing !== undefined) missing.push({ lane, reason: started.missing });
      else running.push({ lane, process: started, rounds: [] });
    }
    if (warm > 0) await round(warm, () => {});
    while (made < rounds && (made === 0 || performance.now() < minutes * 60_000)) {
      made++;
      await round(secondsPerRound, ({ lane, rounds: done }, figures) => {
        done.push(figures);
        progress(
          `${workload}, threads ${threads}, round ${made}, ${lane}: ${(figures.steps / figures.seconds).toPrecision(3)} steps/s`,
        );
      });
    }
  } finally {
    for (const { process: lane } of running) await lane.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const others = running.flatMap(({ rounds: done }) => done.map((figures) => figures.others));
  return {
    workload,
    about,
    threads,
    rounds: made,
    roundsWanted: rounds,
    secondsPerRound,
    others: { median: others.length > 0 ? median(others) : 0, max: Math.max(0, ...others) },
    ran: rowsOf(running),
    missing,
  };
}

/** The ratio of each round to the peer's in the same round: the median, and first and third quartile. */
function ratioOf(each, peer) {
  if (peer === undefined) return { ratio: null, ratioQuartiles: null };
  const [first, ratio, third] = quartiles(each.map((speed, i) => speed / peer[i]));
  return { ratio, ratioQuartiles: [first, third] };
}

function rowsOf(running) {
  const speeds = ({ rounds }) => rounds.map(({ steps, seconds }) => steps / seconds);
  const eager = running
    .filter(({ lane }) => lanes[lane].eager)
    .sort((a, b) => median(speeds(b)) - median(speeds(a)))[0];
  return running.map((entry) => {
    const {
      lane,
      process: { version, startup },
      rounds,
    } = entry;
    const each = speeds(entry);
    const ofStep = (what) =>
      rounds[0][what] === undefined ? {} : { [what]: median(rounds.map((figures) => figures[what])) };
    return {
      lane,
      version,
      stepsPerSecond: { median: median(each), min: Math.min(...each), max: Math.max(...each), rounds: each },
      ...ratioOf(each, eager && speeds(eager)),
      startupSeconds: startup,
      peakMegabytes: Math.max(...rounds.map(({ rss }) => rss)),
      finite: rounds.every(({ finite }) => finite),
      others: median(rounds.map(({ others }) => others)),
      ...ofStep('method'),
      ...ofStep('draw'),
    };
  });
}

async function compare(options) {
  const results = [];
  const compared =
    options.lanes === undefined
      ? ['native', 'torch']
      : [options.lanes.find((name) => lanes[name].ours), options.lanes.find((name) => lanes[name].eager)];
  const agreements = [];
  if (options.agreement && compared.every((name) => name !== undefined)) {
    for (const workload of options.names)
      agreements.push(await agreement(workload, { engine: compared[0], python: options.python }));
    if (!options.json) console.log(agreementOf(agreements, LARGEST));
  }
  for (const workload of options.names)
    for (const threads of options.threads) {
      const result = await measure(workload, threads, options);
      results.push(result);
      if (!options.json) console.log(tableOf(result));
    }
  const facts = {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    system: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model ?? 'unknown',
    processors: availableParallelism(),
    minutes: performance.now() / 60_000,
  };
  if (options.json) console.log(JSON.stringify({ ...facts, agreement: agreements, results }));
  else {
    const versions = [...new Set(results.flatMap(({ ran }) => ran.map(({ version }) => version)))];
    console.log(
      `${legend}\nnode ${facts.node}, ${versions.join(', ')}; ${facts.system}, ${facts.processor}, ${facts.processors} processors, ${facts.date}; ${facts.minutes.toFixed(1)} minutes`,
    );
  }
  return (
    agreements.every((result) => agrees(result, LARGEST)) &&
    results.every(({ ran }) => ran.every(({ finite }) => finite))
  );
}

/** One engine, one line. */
async function figure({ names: [workload], threads: [threads], engine, ...options }) {
  const {
    ran: [row],
    missing: [why],
  } = await measure(workload, threads, { ...options, lanes: [engine] });
  if (row === undefined) throw new Error(`engine ${engine}: ${why.reason}`);
  if (!row.finite) throw new Error(`engine ${engine}: the losses are not finite`);
  console.log(JSON.stringify({ stepsPerSecond: row.stepsPerSecond.median }));
  return true;
}

try {
  const options = optionsFrom(process.argv.slice(2));
  if (options.help) console.log(help);
  else process.exitCode = (await (options.figure ? figure(options) : compare(options))) ? 0 : 1;
} catch (error) {
  const usage = error instanceof InputError || String(error?.code).startsWith('ERR_PARSE_ARGS');
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = usage ? 2 : 1;
}
