import type { Graph } from '../graph.js';
import { fuseBias } from './bias.js';
import { blockConvolutions, fuseActivations, sinkBlocks } from './blocks.js';
import { sinkBroadcasts } from './broadcasts.js';
import { foldConstants } from './constants.js';
import { removeDead } from './dead.js';
import { removeDuplicates } from './duplicates.js';
import { gatherFactors } from './factors.js';
import { removeIdentities } from './identities.js';
import { expandFilterGradients } from './filters.js';
import { reshapeInstead, sinkTransposes } from './layout.js';
import { simplifyMasks } from './masks.js';
import { partPads } from './pads.js';
import { reorderWeights } from './products.js';
import type { Pass } from './rewrite.js';
import { sumByProducts } from './sums.js';
import { findUpsampling } from './upsampling.js';

/** The passes that are applied in this order until nothing changes. */
const simplifications: readonly Pass[] = [
  removeDuplicates,
  foldConstants,
  removeIdentities,
  sinkBroadcasts,
  gatherFactors,
  sinkTransposes,
  sinkBlocks,
  reorderWeights,
  removeDead,
];

/** The passes that are applied once, afterwards. */
const fusions: readonly Pass[] = [
  simplifyMasks,
  findUpsampling,
  removeDuplicates,
  removeDead,
  fuseBias,
  fuseActivations,
  reshapeInstead,
  sumByProducts,
  partPads,
  removeIdentities,
  removeDead,
];

const apply = (passes: readonly Pass[], graph: Graph): Graph => passes.reduce((g, pass) => pass(g), graph);

/**
 * Returns a graph that computes the same function with less work. `blocks` > 1 puts convolutions into blocks
 * of that many channels.
 */
export function optimise(graph: Graph, blocks = 1): Graph {
  let current = simplify(graph);
  if (blocks > 1) current = simplify(blockConvolutions(blocks)(fuseBias(current)));
  return apply(fusions, simplify(expandFilterGradients(blocks)(current)));
}

function simplify(graph: Graph): Graph {
  let current = graph;
  for (let round = 0; round < 10; round++) {
    const next = apply(simplifications, current);
    if (next === current) break;
    current = next;
  }
  return current;
}
