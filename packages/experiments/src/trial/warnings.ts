/** A run's message with its driver's warnings. */
export const withWarnings = ({
  message,
  warnings,
}: {
  readonly message: string;
  readonly warnings: readonly string[];
}): string => [message, ...warnings.map((warning) => `Note: ${warning}.`)].join(' ');
