/** Methods on a small game, as data: a picture of what goes wrong and of what mends it. */
export interface GamePreset {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** A spec of @stillpoint/problems. */
  readonly game: string;
  /** Oracle calls of each method. */
  readonly calls: number;
  /** Specs of methods, each with its step size. */
  readonly methods: readonly string[];
  /** How the step sizes were chosen, in words. */
  readonly stepSizes: string;
}
