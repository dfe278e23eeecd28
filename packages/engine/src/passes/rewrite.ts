import { type Builder, createBuilder } from '../builder.js';
import { type Graph, type Node, printType, sameShape, type Value } from '../graph.js';

/** A function from graph to graph that computes the same outputs. */
export type Pass = (graph: Graph) => Graph;

/**
 * Takes one node, whose inputs are already rewritten, and returns the values to use instead of its outputs,
 * or undefined to keep it. `build` makes new nodes; `build.producer` finds earlier ones.
 */
export type Rule = (node: Node, build: Builder) => readonly Value[] | undefined;

/** Applies a rule to every node once, in order. Returns the same graph if the rule keeps all nodes. */
export function rewrite(graph: Graph, rule: Rule): Graph {
  const build = createBuilder(graph);
  const now = new Map<Value, Value>();
  const current = (value: Value): Value => now.get(value) ?? value;
  let kept = true;
  for (const { operation, inputs, outputs } of graph.nodes) {
    const node: Node = { operation, inputs: inputs.map(current), outputs };
    const replacements = rule(node, build);
    if (replacements === undefined) {
      build.append(node);
      continue;
    }
    kept = false;
    for (const [i, output] of outputs.entries()) {
      const replacement = replacements[i];
      if (
        replacement === undefined ||
        replacement.dtype !== output.dtype ||
        !sameShape(replacement.shape, output.shape)
      ) {
        throw new Error(
          `a pass replaced ${operation.op} ${printType(output)} by ${replacement === undefined ? 'nothing' : printType(replacement)}`,
        );
      }
      now.set(output, replacement);
    }
  }
  if (kept) return graph;
  return {
    inputs: graph.inputs,
    outputs: graph.outputs.map(({ name, value }) => ({ name, value: current(value) })),
    nodes: build.nodes,
  };
}

/** How many operands and outputs refer to each value. */
export function countUses(graph: Graph): ReadonlyMap<Value, number> {
  const uses = new Map<Value, number>();
  const use = (value: Value): void => void uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const { inputs } of graph.nodes) inputs.forEach(use);
  for (const { value } of graph.outputs) use(value);
  return uses;
}

/**
 * Makes a search through the operands of operands: `find` computes a value's result from those of the values
 * that it `needs`. Each value is searched once, however many ways lead to it and however long they are: a
 * recursion would visit a chain of x ← x · x twice as often with each link, and would overflow the stack.
 */
export function createSearch<T>(
  needs: (value: Value) => readonly Value[],
  find: (value: Value, found: (needed: Value) => T | undefined) => T,
): (value: Value) => T {
  const results = new Map<Value, { readonly result: T }>();
  const found = (value: Value): T | undefined => results.get(value)?.result;
  return (wanted) => {
    const open = [wanted];
    for (let value = wanted; open.length > 0; value = open.at(-1)!) {
      const missing = results.has(value) ? [] : needs(value).filter((needed) => !results.has(needed));
      open.push(...missing);
      if (missing.length > 0) continue;
      if (!results.has(value)) results.set(value, { result: find(value, found) });
      open.pop();
    }
    return results.get(wanted)!.result;
  };
}
