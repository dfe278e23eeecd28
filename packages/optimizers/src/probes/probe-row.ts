import {
  row,
  type Asking,
  type OptionTable,
  type Problem,
  type Row,
  type Space,
  type Vector,
} from '@stillpoint/operators';

/** What a probe finds, as numbers by name; NaN where one does not exist. */
export type Findings = { readonly [name: string]: number };

/** A probe with its options: what it asks of a problem at z, and what it finds. */
export type PointProbe = (z: Vector) => (problem: Problem, space: Space) => Asking<Findings>;

/** A row of the registry of probes. */
export interface ProbeEntry extends Row<PointProbe> {
  /** What it needs of a problem, and what its numbers mean. */
  readonly assumptions: string;
  readonly reference: string;
}

/**
 * Makes the row of a probe, in the probe's own file; its one line in `probes.ts` adds it to
 * `diagnose --probe`, `list probes`, the docs and the tests.
 */
export const probe = <O extends object>(
  words: Pick<ProbeEntry, 'name' | 'about' | 'assumptions' | 'reference' | 'example'>,
  options: OptionTable<O>,
  make: (options: Required<O>) => PointProbe,
): ProbeEntry => row(words, options, make);
