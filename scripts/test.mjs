// npm test: installs, builds and runs everything that CI runs. npm run test:long runs the tests alone, those
// that have a longer form in that form. What cannot run here is printed as skipped and counted separately.
// The last line is the sum of vitest's own report over all projects and one count for each other check or
// package.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { install, root, run, runBeside } from './workspace.mjs';

const total = { passed: 0, failed: 0, skipped: 0 };
const begun = performance.now();

async function lane(name, body) {
  const started = performance.now();
  let counts;
  try {
    counts = await body();
  } catch (error) {
    console.error(error);
    counts = { failed: 1 };
  }
  const { passed = 0, failed = 0, skipped = 0 } = counts;
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  console.log(
    `${failed ? '✗' : '✓'} ${name}: ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''} (${((performance.now() - started) / 1000).toFixed(0)} s)`,
  );
}
/** A check that is one command. Its output is shown only if it fails. */
function command(name, file, args, options = {}) {
  return lane(name, () => {
    const { status, output } = run(file, args, { quiet: true, ...options });
    if (status !== 0) console.log(output);
    return status === 0 ? { passed: 1 } : { failed: 1 };
  });
}

/** Checks that a packed package has no dependency that only this workspace can resolve. */
async function installable(tarball) {
  const { status, output } = await runBeside('tar', ['-xzOf', tarball, 'package/package.json']);
  const inside = /"[^"]+": "(?:workspace|catalog):[^"]*"/.exec(output)?.[0];
  return inside === undefined ? { status, output } : { status: 1, output: `packed with ${inside}` };
}
/**
 * Checks that prepack stops npm, which would pack "workspace:^" unchanged, and names the command that works.
 */
async function refusedByNpm(cwd) {
  const { status, output } = await runBeside('npm', ['pack', '--dry-run'], { cwd });
  return status !== 0 && output.includes('npx pnpm pack')
    ? { status: 0, output: '' }
    : { status: 1, output: `npm pack was not refused:\n${output}` };
}

const long = process.argv.includes('--long');
install();
// One run of turbo: a second one with --force would build everything again. Type checks follow the builds,
// and the API pages are made. The site is left out: a test of docs builds it.
await command(long ? 'build' : 'build and typecheck', 'turbo', [
  'run',
  ...(long ? ['build', '--filter=!docs'] : ['typecheck']),
  '--output-logs=errors-only',
  '--force',
]);
if (!long) await command('lint', process.execPath, ['scripts/lint.mjs']);

/** What is wrong with a package as it would be published: the outputs of the checks that fail. */
async function faultsOf(cwd) {
  const folder = mkdtempSync(join(tmpdir(), 'stillpoint-pack-'));
  try {
    const packed = await runBeside('pnpm', ['pack', '--pack-destination', folder, '--json'], { cwd });
    const file = readdirSync(folder).find((name) => name.endsWith('.tgz'));
    if (packed.status !== 0 || file === undefined) return [packed.output || 'pnpm pack wrote no file'];
    const tarball = join(folder, file);
    const steps = [
      await runBeside('publint', ['run', tarball, '--strict'], { cwd }),
      ...(cwd.endsWith('cli')
        ? []
        : [await runBeside('attw', [tarball, '--profile', 'esm-only', '--no-emoji'], { cwd })]),
      await installable(tarball),
      await refusedByNpm(cwd),
    ];
    return steps.filter(({ status }) => status !== 0).map(({ output }) => output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (!long)
  await lane('packages as they would be published', async () => {
    const counts = { passed: 0, failed: 0 };
    const waiting = [
      ...readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name)),
      join(root, 'apps', 'cli'),
    ];
    const checkNext = async () => {
      for (let cwd = waiting.shift(); cwd !== undefined; cwd = waiting.shift()) {
        const faults = await faultsOf(cwd);
        for (const output of faults) console.log(`${cwd.slice(root.length)}:\n${output}`);
        counts[faults.length === 0 ? 'passed' : 'failed']++;
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, checkNext));
    return counts;
  });

/** Prints which files took longest: where the time of all tests can be saved. */
function printSlowest(files) {
  const seconds = files.map(({ name, startTime, endTime }) => ({
    name: relative(root, name),
    s: (endTime - startTime) / 1000,
  }));
  const slowest = seconds.toSorted((a, b) => b.s - a.s).slice(0, 15);
  console.log(`slowest: ${slowest.map(({ name, s }) => `${name} ${s.toFixed(0)} s`).join(', ')}`);
}

await lane('tests', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stillpoint-test-'));
  const report = join(folder, 'report.json');
  try {
    const { status, output } = run(
      'vitest',
      ['run', '--reporter=json', `--outputFile=${report}`, '--reporter=default'],
      { quiet: true, env: long ? { STILLPOINT_LONG: '1' } : {} },
    );
    let results;
    try {
      results = JSON.parse(readFileSync(report, 'utf8'));
    } catch {
      console.log(output);
      return { failed: 1 };
    }
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const { status: suite, message, name, assertionResults } of results.testResults) {
      if (assertionResults.length === 0 && suite === 'failed') {
        counts.failed++;
        console.log(`${name}: ${message}`);
      }
      for (const { status: outcome, fullName, failureMessages } of assertionResults) {
        if (outcome === 'passed') counts.passed++;
        else if (outcome === 'failed') {
          counts.failed++;
          console.log(`✗ ${name}: ${fullName}\n${failureMessages.join('\n')}`);
        } else {
          counts.skipped++;
          console.log(`– skipped: ${fullName}`);
        }
      }
    }
    if (status !== 0 && counts.failed === 0) {
      console.log(output);
      counts.failed++;
    }
    if (counts.passed === 0) counts.failed++;
    printSlowest(results.testResults);
    return counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

console.log(`${((performance.now() - begun) / 60_000).toFixed(1)} minutes`);
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`,
);
process.exitCode = total.failed === 0 ? 0 : 1;
