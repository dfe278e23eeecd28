/** A run's message, with what its driver warns of. */
export const withWarnings = ({
  message,
  warnings,
}: {
  readonly message: string;
  readonly warnings: readonly string[];
}): string => [message, ...warnings.map((warning) => `Note: ${warning}.`)].join(' ');
