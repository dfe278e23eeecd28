import type { Measure } from '@stillpoint/tracking';

/** A run's message, with what its driver warns of. */
export const withWarnings = ({
  message,
  warnings,
}: {
  readonly message: string;
  readonly warnings: readonly string[];
}): string => [message, ...warnings.map((warning) => `Note: ${warning}.`)].join(' ');

/** What its method says the run should be read with; JSON has no NaN. */
export function figuresOf({ figures }: { readonly figures?: { readonly [name: string]: number } }): {
  readonly figures?: { readonly [name: string]: Measure };
} {
  if (figures === undefined) return {};
  const entries = Object.entries(figures).map(([name, x]) => [name, Number.isFinite(x) ? x : null]);
  return { figures: Object.fromEntries(entries) };
}
