import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constraintOf, l1Ball, linearGap, squaredGauge } from '@stillpoint/operators';
import { expect, it } from 'vitest';
import { folder, stillpoint } from './run.js';

it('prints the gap of the point that it prints, at least F − F*, of a file with a penalty of atoms', () => {
  const cwd = folder();
  // ½‖x − (3, 1, 0)‖² + ½‖x‖₁²: x* = (1.5, 0, 0), F* = ½(1.5² + 1) + ½·1.5²
  writeFileSync(
    join(cwd, 'own.mjs'),
    `const b = [3, 1, 0];
export default {
  players: { x: 3 },
  start: [0, 0, 0],
  constraint: 'squared-gauge(l1-ball(radius=1))',
  operator(x, out) { b.forEach((c, i) => (out[i] = x[i] - c)); },
  losses(x, out) { out[0] = b.reduce((sum, c, i) => sum + (x[i] - c) ** 2 / 2, 0); },
  facts: { lipschitz: 1 },
};`,
  );
  const penalty = squaredGauge(l1Ball({ radius: 1 }));
  const constraint = constraintOf([{ name: 'x', start: 0, end: 3 }], [penalty]);
  for (const method of ['conditional-gradient', 'reweighted-conditional-gradient(concavity=0.5)'])
    for (const steps of ['1', '2', '7', '30']) {
      const { status, stdout } = stillpoint(
        ['solve', 'own.mjs', '--method', method, '--steps', steps, '--json'],
        cwd,
      );
      expect(status).toBe(0);
      const { z, gap }: { readonly z: readonly number[]; readonly gap: number } = JSON.parse(stdout);
      const x = Float64Array.from(z);
      const gradient = x.map((c, i) => c - [3, 1, 0][i]!);
      expect(gap).toBe(linearGap(constraint)(x, gradient));
      const F = gradient.reduce((sum, c) => sum + c * c, 0) / 2 + penalty.value(x);
      expect(gap).toBeGreaterThanOrEqual(F - (1.5 ** 2 + 1) / 2 - 1.5 ** 2 / 2 - 2 ** -48);
    }
});
