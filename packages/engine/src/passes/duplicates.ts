import type { Graph, Value } from '../graph.js';
import { rewrite } from './rewrite.js';

/** Makes nodes with the same operation on the same operands one node, and equal constants one constant. */
export function removeDuplicates(graph: Graph): Graph {
  const seen = new Map<string, readonly Value[]>();
  const arrays = new Map<object, number>();
  const key = ({ id, constant, dtype, shape }: Value): string => {
    if (constant === undefined) return `%${id}`;
    if (typeof constant === 'number')
      return `${dtype}[${shape.join(',')}]=${Object.is(constant, -0) ? '-0' : constant}`;
    if (constant.length <= 16)
      return `${dtype}[${shape.join(',')}]=${Array.from(constant, (x) => (Object.is(x, -0) ? '-0' : x)).join(',')}`;
    if (!arrays.has(constant)) arrays.set(constant, arrays.size);
    return `[${shape.join(',')}]@${arrays.get(constant)}`;
  };
  return rewrite(graph, ({ operation, inputs, outputs }) => {
    const signature = `${JSON.stringify(operation)}(${inputs.map(key).join(';')})`;
    const first = seen.get(signature);
    if (first === undefined) seen.set(signature, outputs);
    return first;
  });
}
