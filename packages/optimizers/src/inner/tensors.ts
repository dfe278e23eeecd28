import { orthogonaliser, scale, type Space, type Vector } from '@stillpoint/operators';
import { blocksOf, sizeOfBlock } from '../blocks.js';

/** A tensor of z, on [start, end). */
export interface Tensor {
  readonly start: number;
  readonly end: number;
  /** Of a matrix: d ← r·O(d) on its entries, O(UΣVᵀ) ≈ UVᵀ. */
  readonly orthogonalise?: (d: Vector) => void;
}

/**
 * The tensors of a problem, its matrices with what makes them orthogonal: a tensor of more axes than two as a
 * matrix [in, out] of its last axis. r is 0.2√max(in, out), or √max(1, out/in).
 */
export const tensorsOf = (
  space: Space,
  { iterations, matchAdam }: { readonly iterations: number; readonly matchAdam: boolean },
): readonly Tensor[] =>
  blocksOf(space).map((block): Tensor => {
    const [start, size] = [block.offset, sizeOfBlock(block)];
    const end = start + size;
    const out = block.shape.at(-1) ?? 1;
    if (block.shape.length < 2 || size === 0) return { start, end };
    const rows = size / out;
    const r = matchAdam ? 0.2 * Math.sqrt(Math.max(rows, out)) : Math.sqrt(Math.max(1, out / rows));
    const toFactor = orthogonaliser(rows, out, { iterations });
    return {
      start,
      end,
      orthogonalise(d) {
        toFactor(d, start);
        scale(d, r, start, end);
      },
    };
  });
