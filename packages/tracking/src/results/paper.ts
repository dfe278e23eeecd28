import type { Section } from './section.js';

/**
 * What became of a paper's claim. `reproduced`: it held with the paper's settings, or with Stillpoint’s
 * where none are published; `scaled down`: it held in a smaller form, which `scaled` describes; `not
 * reproduced`: it did not hold, in that form; `not tried here`: `needs` says what trying it would take.
 */
export type PaperVerdict = 'reproduced' | 'scaled down' | 'not reproduced' | 'not tried here';

/** A setting of a figure. */
export interface PaperSetting {
  readonly name: string;
  readonly value: string;
  /** Where the value is published. Null if it is not: it is then Stillpoint’s. */
  readonly published: string | null;
}

/** A claim of a paper with what came out here. */
export interface PaperClaim {
  /** Unique in its figure. */
  readonly name: string;
  /** What is claimed, in a sentence. */
  readonly statement: string;
  /** Where it is stated: `Figure 2`; or by whom, if it is Stillpoint’s. */
  readonly source: string;
  /** The paper's number. Null if it has none, or it could not be read. */
  readonly published: string | null;
  /** What was measured here, in words. Null if it was not tried. */
  readonly measured: string | null;
  readonly verdict: PaperVerdict;
  /** What is smaller than in the paper. */
  readonly scaled: string | null;
  /** What trying it would take. */
  readonly needs: string | null;
  /** Whether this project states that the claim holds at these settings. */
  readonly expected: boolean;
}

/** A figure or table of a paper, made again. */
export interface PaperFigure {
  readonly name: string;
  readonly title: string;
  /** What it shows, in a sentence or two. */
  readonly shows: string;
  readonly settings: readonly PaperSetting[];
  readonly claims: readonly PaperClaim[];
  readonly sections: readonly Section[];
}

/** Figures of a paper with their claims. */
export interface PaperResults {
  readonly paper: string;
  readonly title: string;
  readonly authors: string;
  readonly year: number;
  /** Where it is found: `arXiv 2310.13459`. */
  readonly where: string;
  /** The command that makes these results again. */
  readonly command: string;
  /** Whether this is the quick form, with smaller runs. */
  readonly quick: boolean;
  readonly interrupted: boolean;
  /** The figures that were to be made and are not complete. */
  readonly incomplete: readonly string[];
  readonly figures: readonly PaperFigure[];
  /** Versions and machine, by name. */
  readonly environment: { readonly [name: string]: string };
}

const order: readonly PaperVerdict[] = ['reproduced', 'scaled down', 'not reproduced', 'not tried here'];

/** How many claims have which verdict: `4 reproduced, 1 scaled down`. */
export function verdictCounts(claims: readonly PaperClaim[]): string {
  const counted = order.flatMap((verdict) => {
    const count = claims.filter((claim) => claim.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  return counted.length === 0 ? 'no claims' : counted.join(', ');
}

/** The claims that this project states to hold, and that did not. */
export const brokenClaims = ({ figures }: Pick<PaperResults, 'figures'>): readonly PaperClaim[] =>
  figures.flatMap(({ claims }) =>
    claims.filter(({ expected, verdict }) => expected && verdict === 'not reproduced'),
  );
