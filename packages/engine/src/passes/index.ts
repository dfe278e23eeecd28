import type { Graph } from '../graph.js';
import { fuseBias } from './bias.js';
import { sinkBroadcasts } from './broadcasts.js';
import { foldConstants } from './constants.js';
import { removeDead } from './dead.js';
import { removeDuplicates } from './duplicates.js';
import { removeIdentities } from './identities.js';
import { simplifyMasks } from './masks.js';
import type { Pass } from './rewrite.js';
import { sumByProducts } from './sums.js';

/** Applied in this order until nothing changes. */
export const simplifications: readonly Pass[] = [removeDuplicates, foldConstants, removeIdentities, sinkBroadcasts, removeDead];

/** Applied once, afterwards. */
export const fusions: readonly Pass[] = [simplifyMasks, removeDuplicates, removeDead, fuseBias, sumByProducts, removeIdentities, removeDead];

const apply = (passes: readonly Pass[], graph: Graph): Graph => passes.reduce((g, pass) => pass(g), graph);

/** The same function with less work. */
export function optimise(graph: Graph): Graph {
  let current = graph;
  for (let round = 0; round < 10; round++) {
    const next = apply(simplifications, current);
    const settled = next.nodes.length === current.nodes.length;
    current = next;
    if (settled && round > 0) break;
  }
  return apply(fusions, current);
}
