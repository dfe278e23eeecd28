import { InputError, shown } from '@stillpoint/operators';

/** What is computed for a batch of examples of a fixed size. */
export type BatchRun = (batch: Float32Array) => Promise<{ readonly [output: string]: Float32Array }>;

/** Throws InputError unless these are flat examples of that size; returns their number. */
export function countExamples(name: string, examples: unknown, size: number): number {
  if (!(examples instanceof Float32Array))
    throw new InputError(
      `extractor ${name}: the examples are ${shown(examples)}; expected a Float32Array, ${size} numbers for each`,
    );
  if (examples.length === 0 || examples.length % size !== 0)
    throw new InputError(
      `extractor ${name}: ${examples.length} numbers; expected a multiple of ${size} > 0, ${size} for each example`,
    );
  return examples.length / size;
}

/**
 * Runs examples in batches of a fixed size, the last one filled up with zeros, and returns one output of all,
 * flat. Calls wait for each other, since a compiled function runs once at a time.
 */
export function inBatches(
  name: string,
  { size, batch, run }: { readonly size: number; readonly batch: number; readonly run: BatchRun },
): (examples: Float32Array, output: string) => Promise<Float32Array> {
  let last: Promise<unknown> = Promise.resolve();
  const all = async (examples: Float32Array, output: string): Promise<Float32Array> => {
    const n = countExamples(name, examples, size);
    let out: Float32Array | undefined;
    for (let from = 0; from < n; from += batch) {
      const some = Math.min(batch, n - from);
      const x = new Float32Array(batch * size);
      x.set(examples.subarray(from * size, (from + some) * size));
      const values = (await run(x))[output];
      if (values === undefined) throw new InputError(`extractor ${name} has no output ${output}`);
      const each = values.length / batch;
      out ??= new Float32Array(n * each);
      out.set(values.subarray(0, some * each), from * each);
    }
    return out ?? new Float32Array(0);
  };
  return (examples, output) => {
    const next = last.then(() => all(examples, output));
    last = next.catch(() => undefined); // `next` itself is returned, and reports the error
    return next;
  };
}
