/** How an inner solve ended. */
export interface InnerEnd {
  readonly iterations: number;
  /**
   * Whether it came within its tolerance, or as near as rounding allows. False if it ran out of iterations,
   * or met a number that is not finite.
   */
  readonly reached: boolean;
}
