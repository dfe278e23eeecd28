/** Methods on a small game, as data: some that fail on it, some that converge. */
export interface GamePreset {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** A spec of @stillpoint/problems. */
  readonly game: string;
  /** Budget of oracle calls of each method. */
  readonly calls: number;
  /** Specs of methods, each with its step size. */
  readonly methods: readonly string[];
  /** How the step sizes were chosen, in words. */
  readonly stepSizes: string;
}
