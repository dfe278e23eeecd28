import { formatSpec, parseSpec, unknownName, type Data } from '@stillpoint/operators';
import { optionsIn, withEverywhere } from './spaces.js';

/**
 * Each method with every combination of values of the options that it has, its own parts included; the first
 * option varies slowest. A method that has none of them is left as it is.
 * @throws InputError for an option that no method has, with the nearest.
 */
export function gridOf(
  methods: readonly string[],
  values: { readonly [option: string]: readonly Data[] },
): readonly string[] {
  const specs = methods.map(parseSpec);
  const known = new Set(specs.flatMap((spec) => optionsIn(spec)));
  for (const option of Object.keys(values))
    if (!known.has(option)) throw unknownName('option of these methods', option, [...known]);
  const grid = specs.flatMap((spec) => {
    const own = new Set(optionsIn(spec));
    const varied = Object.entries(values).filter(([option]) => own.has(option));
    return varied.reduce(
      (made, [option, each]) =>
        made.flatMap((one) => each.map((value) => withEverywhere(one, option, value))),
      [spec],
    );
  });
  return [...new Set(grid.map(formatSpec))];
}
