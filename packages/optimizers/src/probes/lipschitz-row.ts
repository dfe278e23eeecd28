// Apart from the probe, which the drivers use.
import { lipschitzNear } from './lipschitz.js';
import { probe, type ProbeEntry } from './probe-row.js';
import { hasFullOperator } from '../drivers/full-problem.js';

/** {@link lipschitzNear} by its spec. */
export const lipschitzRow: ProbeEntry = /* @__PURE__ */ probe(
  {
    name: 'lipschitz',
    about: 'the Lipschitz constant of F near the point',
    assumptions: 'at most the largest quotient that was seen: L itself may be larger; gradients alone',
    reference: 'Stillpoint’s',
  },
  {},
  () => (z) =>
    function* (problem) {
      const { lipschitz } = yield* lipschitzNear(problem, z, hasFullOperator(problem) ? 'all' : 'same');
      return { lipschitz };
    },
);
