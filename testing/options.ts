import type { Facts, Option } from '@stillpoint/operators';

/** What is listed of a row of a registry. */
interface Listed {
  readonly name: string;
  readonly options: { readonly [name: string]: Option };
}

/**
 * The options of every row as text, for a file snapshot: what each accepts, its default, and what it is where
 * the problem states these facts, by a name for them. A default that is changed by mistake breaks no formula,
 * so that no other test may notice.
 */
export function optionsOf(
  rows: readonly Listed[],
  facts: { readonly [name: string]: Facts } = {},
  more: (row: string) => readonly string[] = () => [],
): string {
  const lines = (option: Option): readonly string[] => [
    `${option.symbol === undefined ? '' : `${option.symbol}, `}${option.expected}`,
    ...('default' in option ? [`default ${JSON.stringify(option.default)}`] : []),
    ...(option.fallback === undefined ? [] : [`from the facts: ${option.fallback}`]),
    ...(option.fromFacts === undefined
      ? []
      : Object.entries(facts).flatMap(([name, stated]) => {
          const [whole, half] = [1, 0.5].map((share) =>
            JSON.stringify(option.fromFacts?.(stated, { share, of: (other) => other.default })),
          );
          return whole === undefined ? [] : [`${name}: ${whole}, with half a share ${half}`];
        })),
  ];
  const blocks = rows.map(({ name, options }) =>
    [
      name,
      ...more(name).map((line) => `  ${line}`),
      ...Object.entries(options).flatMap(([key, option]) => [
        `  ${key}`,
        ...lines(option).map((line) => `    ${line}`),
      ]),
    ].join('\n'),
  );
  return `${blocks.join('\n')}\n`;
}
