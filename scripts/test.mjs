// npm test: installs, builds and runs everything that CI runs. npm run test:long runs the tests alone, those
// that have a longer form in that form. What cannot run here is printed as skipped and counted separately.
// The last line is the sum of vitest's own report over all projects and one count for each other check or
// package.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { install, root, run } from './workspace.mjs';

const total = { passed: 0, failed: 0, skipped: 0 };
const begun = performance.now();

function lane(name, body) {
  const started = performance.now();
  let counts;
  try {
    counts = body();
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
  lane(name, () => {
    const { status, output } = run(file, args, { quiet: true, ...options });
    if (status !== 0) console.log(output);
    return status === 0 ? { passed: 1 } : { failed: 1 };
  });
}

/** Checks that a packed package has no dependency that only this workspace can resolve. */
function installable(tarball) {
  const { status, output } = run('tar', ['-xzOf', tarball, 'package/package.json'], { quiet: true });
  const inside = /"[^"]+": "(?:workspace|catalog):[^"]*"/.exec(output)?.[0];
  return inside === undefined ? { status, output } : { status: 1, output: `packed with ${inside}` };
}
/**
 * Checks that prepack stops npm, which would pack "workspace:^" unchanged, and names the command that works.
 */
function refusedByNpm(cwd) {
  const { status, output } = run('npm', ['pack', '--dry-run'], { quiet: true, cwd });
  return status !== 0 && output.includes('npx pnpm pack')
    ? { status: 0, output: '' }
    : { status: 1, output: `npm pack was not refused:\n${output}` };
}

const long = process.argv.includes('--long');
install();
// One run of turbo: a second one with --force would build everything again. Type checks follow the builds, and
// the API pages are made. The site is left out: a test of docs builds it.
command(long ? 'build' : 'build and typecheck', 'turbo', [
  'run',
  ...(long ? ['build', '--filter=!docs'] : ['typecheck']),
  '--output-logs=errors-only',
  '--force',
]);
if (!long) command('lint', process.execPath, ['scripts/lint.mjs']);

if (!long)
  lane('packages as they would be published', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stillpoint-pack-'));
    const counts = { passed: 0, failed: 0 };
    try {
      for (const cwd of [
        ...readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name)),
        join(root, 'apps', 'cli'),
      ]) {
        const packed = run('pnpm', ['pack', '--pack-destination', folder, '--json'], { quiet: true, cwd });
        const file = readdirSync(folder).find((name) => name.endsWith('.tgz'));
        const tarball = join(folder, file ?? '');
        const steps =
          packed.status !== 0 || file === undefined
            ? [packed]
            : [
                run('publint', ['run', tarball, '--strict'], { quiet: true, cwd }),
                ...(cwd.endsWith('cli')
                  ? []
                  : [run('attw', [tarball, '--profile', 'esm-only', '--no-emoji'], { quiet: true, cwd })]),
                installable(tarball),
                refusedByNpm(cwd),
              ];
        const broken = steps.filter(({ status }) => status !== 0);
        for (const { output } of broken) console.log(`${cwd.slice(root.length)}:\n${output}`);
        counts[broken.length === 0 && steps.length > 0 ? 'passed' : 'failed']++;
        for (const name of readdirSync(folder)) rmSync(join(folder, name));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
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

lane('tests', () => {
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
