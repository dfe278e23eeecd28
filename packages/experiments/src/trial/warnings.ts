import type { Measure } from '@stillpoint/tracking';
import { finiteValues } from '../finite-values.js';

/** A run's message with its driver's warnings. */
export const withWarnings = ({
  message,
  warnings,
}: {
  readonly message: string;
  readonly warnings: readonly string[];
}): string => [message, ...warnings.map((warning) => `Note: ${warning}.`)].join(' ');

/** What the method counted; null for NaN and ±∞, which JSON does not have. */
export function figuresOf({ figures }: { readonly figures?: { readonly [name: string]: number } }): {
  readonly figures?: { readonly [name: string]: Measure };
} {
  if (figures === undefined) return {};
  return { figures: finiteValues(figures) };
}
