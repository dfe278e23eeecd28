/**
 * Probes by their specs: what can be asked of a problem at a point beside a method's steps, with a ledger of
 * its own.
 * @module probe-registry
 */
import {
  asSpec,
  formatSpec,
  parseRows,
  registry,
  type Ledger,
  type Problem,
  type Registered,
  type Spec,
  type Vector,
} from '@stillpoint/operators';
import { pricing } from './drivers/budget.js';
import * as everyProbe from './probes.js';
import type { Findings, PointProbe, ProbeEntry } from './probes/probe-row.js';
import { probeAsync } from './probes/probed.js';

export { probe } from './probes/probe-row.js';
export type { Findings, PointProbe, ProbeEntry } from './probes/probe-row.js';

/** A row in the registry of probes. */
export type ProbeRow = Registered<ProbeEntry, PointProbe>;

const ofProbes = registry<PointProbe, [], ProbeEntry>('probe', Object.values(everyProbe));

/** Every probe. */
export const probes: readonly ProbeRow[] = ofProbes.rows;
/**
 * The probe that a spec names: `hessian-trace(draws=8)`. @throws InputError for an unknown name or option.
 */
export const probeFrom = (spec: string | Spec): PointProbe => ofProbes.from(spec);

/** The full spec of a probe, with every option. @throws InputError for an unknown name or option. */
export function probeSpec(spec: string | Spec): string {
  const parsed = asSpec(spec, 'probe');
  const { name, options } = ofProbes.find(parsed.name);
  ofProbes.from(parsed);
  return formatSpec({ name, inner: [], options: parseRows(`probe ${name}`, options, parsed.options) });
}

/** What a probe found at a point, what it asked, and that in calls at the problem's prices. */
export interface Found {
  readonly findings: Findings;
  readonly ledger: Ledger;
  readonly calls: number;
}

/**
 * Asks a probe of a problem at z, an engine's problem included.
 * @param seed of the random numbers that the problem's space lends. Default: 0.
 * @throws InputError if the problem lacks what the probe needs.
 */
export async function findingsAt(problem: Problem, z: Vector, spec: string | Spec, seed = 0): Promise<Found> {
  const { value, ledger } = await probeAsync(problem, z, probeFrom(spec)(z), seed);
  return { findings: value, ledger, calls: pricing(problem)(ledger) };
}
