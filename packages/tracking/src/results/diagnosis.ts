/** What the page of a diagnosis shows, as plain data. */
export interface DiagnosisPage {
  /** The problem’s name. */
  readonly title: string;
  /** What was looked at: entries, players, the start or a checkpoint. */
  readonly about: string;
  /** The advice in sentences, the method first. */
  readonly advice: readonly string[];
  readonly unless: readonly string[];
  readonly kinds: readonly string[];
  readonly estimates: readonly {
    readonly symbol: string;
    readonly about: string;
    readonly value: string;
    readonly stated: string;
    readonly from: string;
  }[];
  /** Eigenvalues at points. */
  readonly spectra: readonly {
    readonly at: string;
    readonly whole: boolean;
    readonly re: readonly number[];
    readonly im: readonly number[];
  }[];
  /** Where methods are stable, on the same cells of the complex plane. */
  readonly regions: readonly {
    readonly label: string;
    readonly re: readonly [from: number, to: number];
    readonly im: readonly [from: number, to: number];
    readonly columns: number;
    readonly rows: number;
    /** The factor in each cell, rows from the least imaginary part on. */
    readonly factors: readonly number[];
  }[];
  readonly players: readonly string[];
  /** Points of a run from the start. */
  readonly path: readonly {
    readonly at: number;
    readonly rotation: number | null;
    readonly gradients: readonly number[];
  }[];
  readonly smoothness: readonly { readonly gradient: number; readonly smoothness: number }[];
  readonly methods: readonly {
    readonly spec: string;
    readonly chosen: string;
    readonly covered: boolean;
    /** The theorem, or why there is none. */
    readonly theory: string;
    readonly trial: string;
    readonly rate: string;
  }[];
  /** Whether the advice was right, if that was tried. */
  readonly verified: readonly string[];
  readonly limits: readonly string[];
  readonly command: string;
  readonly environment: { readonly [name: string]: string };
}
