import type { Graph, Node, Value } from '../graph.js';

/** Removes nodes that no output depends on. Inputs stay, used or not, since callers give them all. */
export function removeDead(graph: Graph): Graph {
  const needed = new Set<Value>(graph.outputs.map(({ value }) => value));
  const kept: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    kept.push(node);
    for (const input of node.inputs) needed.add(input);
  }
  return kept.length === graph.nodes.length ? graph : { ...graph, nodes: kept.toReversed() };
}
