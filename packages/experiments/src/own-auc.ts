import type { AucProblem, EngineProblem } from '@stillpoint/networks';
import type { Vector } from '@stillpoint/operators';
import type { Column, Measure, Plot } from '@stillpoint/tracking';

/** How a problem of one's own is measured by the AUC of its scores. */
export interface OwnAuc {
  readonly column: Column;
  readonly plot: Plot;
  readonly measure: (z: Vector) => Promise<{ readonly auc: Measure }>;
}

const measuresAuc = (
  problem: EngineProblem,
): problem is EngineProblem & Required<Pick<AucProblem, 'heldOutAuc'>> =>
  'heldOutAuc' in problem && typeof problem.heldOutAuc === 'function';

/**
 * How a problem is measured by the AUC on held-out data, if it is one of `aucProblem` with such data.
 * Undefined for any other problem.
 */
export function ownAuc(problem: EngineProblem): OwnAuc | undefined {
  if (!measuresAuc(problem)) return undefined;
  const label = 'held-out AUC';
  return {
    column: { name: 'auc', label, better: 'higher', digits: 4 },
    plot: {
      name: label,
      title: 'held-out AUC against oracle calls',
      draw: 'lines',
      panels: [{ series: 'auc' }],
      y: { label, scale: 'linear', domain: [0, 1] },
    },
    async measure(z) {
      const auc = await problem.heldOutAuc(Float32Array.from(z));
      return { auc: Number.isFinite(auc) ? auc : null };
    },
  };
}
