import {
  formatData,
  integer,
  parseRows,
  seed,
  type Full,
  type Given,
  type OptionRows,
} from '@stillpoint/operators';
import type { PaperSetting, Section } from '@stillpoint/tracking';
import { ours, type Claimed, type Figure, type FigureOptions } from './paper.js';

/** What {@link figure} makes a figure of: what it shows, and how that follows from its options. */
export interface FigureRow<T extends OptionRows> extends Pick<
  Figure,
  'name' | 'title' | 'shows' | 'takes' | 'data'
> {
  /** Each has a default: its value in the whole form. */
  readonly options: T;
  /** The values of the quick form, where they are other ones. */
  readonly quick?: Partial<Full<T>>;
  settings(values: Full<T>): readonly PaperSetting[];
  /** The claims; the names are the same for all values. */
  claims(values: Full<T>): readonly Claimed[];
  run(values: Full<T>, options: FigureOptions): Promise<readonly Section[]>;
}

/**
 * A figure of which options can be chosen. Claims are judged with the values that the runs were made with. If
 * more is chosen than seeds, no claim is expected to hold: what is stated is stated of the figure's sizes.
 */
export function figure<T extends OptionRows>(row: FigureRow<T>, chosen: Given = {}): Figure {
  const { name, title, shows, takes, data, options } = row;
  const at = (values: object): Full<T> => parseRows(`figure ${name}`, options, { ...values, ...chosen });
  const [whole, brief] = [at({}), at(row.quick ?? {})];
  const settingsAt = (values: Full<T>): readonly PaperSetting[] => [
    ...row.settings(values),
    ...Object.entries(chosen).map(([option, value]) => ours(`${option}, as chosen`, formatData(value))),
  ];
  const isStated = Object.keys(chosen).every((option) => option in seedRows);
  return {
    name,
    title,
    shows,
    ...(takes === undefined ? {} : { takes }),
    ...(data === undefined ? {} : { data }),
    settings: settingsAt(whole),
    quickSettings: settingsAt(brief),
    claims: row.claims(whole).map(({ judge, expected, ...claim }) => ({
      ...claim,
      expected: expected && isStated,
      ...(judge === undefined
        ? {}
        : {
            judge: (sections: readonly Section[], quick: boolean) =>
              quick
                ? row
                    .claims(brief)
                    .find((one) => one.name === claim.name)
                    ?.judge?.(sections, quick)
                : judge(sections, quick),
          }),
    })),
    run: (given) => row.run(given.quick ? brief : whole, given),
    options,
    chosen,
    with: (more) => figure(row, { ...chosen, ...more }),
  };
}

const seedRows = {
  seeds: integer({ about: 'how many seeds', from: 1, to: 10_000, default: 1 }),
  firstSeed: seed({ about: 'the first seed; the others follow it', default: 1 }),
};
/** The options of a figure whose runs are made with this many seeds by default. */
export const seedOptions = (seeds: number): typeof seedRows => ({
  ...seedRows,
  seeds: { ...seedRows.seeds, default: seeds },
});
/** The seeds that are chosen. */
export const seedsOf = ({ seeds, firstSeed }: Full<typeof seedRows>): readonly number[] =>
  Array.from({ length: seeds }, (_, i) => firstSeed + i);
/** The seeds in words: `1 to 10`. */
export const seedsInWords = ({ seeds, firstSeed }: Full<typeof seedRows>): string =>
  seeds === 1 ? `${firstSeed}` : `${firstSeed} to ${firstSeed + seeds - 1}`;
/** What is chosen beside the seeds. */
export const sizesOf = (values: Given): Given =>
  Object.fromEntries(Object.entries(values).filter(([option]) => !(option in seedRows)));
