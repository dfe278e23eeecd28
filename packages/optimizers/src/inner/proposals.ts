import {
  number,
  registry,
  row,
  scale,
  type Random,
  type Registry,
  type Row,
  type Space,
  type Vector,
} from '@stillpoint/operators';
import { playerAt } from '../move.js';
import { moments } from '../options.js';
import { adamDirections, adamState, type AdamMoments, type AdamState } from '../transforms/adam.js';

/** Δ for one player: it writes the player's slice. */
export type Propose = (Δ: Vector, moments: readonly AdamState[], random: Random) => void;

/** A distribution from which a player draws the move that it proposes. */
export interface Proposal {
  /** Whether Δ holds the gradient of the player's loss when it is called. */
  readonly gradient: boolean;
  /** What it remembers: Adam's moments, or nothing. */
  readonly init: (space: Space) => readonly AdamState[];
  readonly begin: (space: Space, player: number) => Propose;
}

const step = (by: number) => number({ about: 'step size', symbol: 'γ', above: 0, default: by });
const downhill = { gradient: true, init: () => [] } as const;

const entries: readonly Row<Proposal>[] = [
  row(
    { name: 'gaussian', about: 'normal steps, blind to f' },
    { deviation: number({ about: 'standard deviation of each entry', symbol: 'σ', above: 0, default: 0.5 }) },
    ({ deviation: σ }: { readonly deviation: number }): Proposal => ({
      gradient: false,
      init: () => [],
      begin(space, player) {
        const { start, end } = playerAt(space, player);
        return (Δ, _, random) => {
          random.normals(Δ.subarray(start, end));
          scale(Δ, σ, start, end);
        };
      },
    }),
  ),
  row(
    { name: 'gradient', about: 'a gradient step; on a sampled problem of a fresh batch' },
    { stepSize: step(0.1) },
    ({ stepSize: γ }: { readonly stepSize: number }): Proposal => ({
      ...downhill,
      begin(space, player) {
        const { start, end } = playerAt(space, player);
        return (Δ) => scale(Δ, -γ, start, end);
      },
    }),
  ),
  row(
    { name: 'adam', about: 'a step of Adam; its moments also advance where the proposal is rejected' },
    { stepSize: step(0.001), ...moments },
    ({ stepSize: γ, ...decays }: { readonly stepSize: number } & AdamMoments): Proposal => ({
      gradient: true,
      init: (space) => [adamState(space)],
      begin(space, player) {
        const { start, end } = playerAt(space, player);
        const direct = adamDirections(space, decays);
        return (Δ, [own]) => scale(direct(own!, Δ, player), -γ, start, end);
      },
    }),
  ),
];

/** The registry of proposals. */
export const proposals: Registry<Row<Proposal>, Proposal> = registry('proposal', entries);
