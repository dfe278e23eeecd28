import { InputError, type Space, type Vector } from '@stillpoint/operators';

/** @throws InputError where exp(−βf) is no density of a problem's: a sampler refuses it. */
export function expectDensity(name: string, { constraint }: Space): void {
  if (constraint !== undefined)
    throw new InputError(`${name} samples from exp(−βf) on the whole space; this problem has a constraint`);
}

/** g ← (I + J)g, J = σ[[0, 1], [−1, 0]] in each plane of two entries; the last of an odd number stays. */
export function addRotated(g: Vector, σ: number): void {
  for (let i = 0; i + 1 < g.length; i += 2) {
    const [a, b] = [g[i]!, g[i + 1]!];
    g[i] = a + σ * b;
    g[i + 1] = b - σ * a;
  }
}
