import { formatSpec, parseSpec, unknownName, type Data, type Spec } from '@stillpoint/operators';
import type { Measure, Plot, Run, Section } from '@stillpoint/tracking';
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

/** The value of an option in a spec, the outermost of its parts that states it. */
function valueIn({ options, inner }: Spec, option: string): Data | undefined {
  return options[option] ?? inner.map((part) => valueIn(part, option)).find((value) => value !== undefined);
}

/** A logarithmic scale for positive numbers whose largest is `times` the least or more. */
const scaleOf = (values: readonly number[], times: number): 'linear' | 'log' =>
  Math.min(...values) > 0 && Math.max(...values) >= times * Math.min(...values) ? 'log' : 'linear';

/** What the runs of a section are judged by: the calls of those that converged, or a column. */
function judgedBy({ runs, columns, headline }: Section): {
  readonly label: string;
  readonly of: (run: Run) => Measure | undefined;
} {
  if (headline === 'calls' && runs.some(({ status }) => status === 'converged'))
    return {
      label: 'oracle calls until it converged',
      of: ({ status, calls }) => (status === 'converged' ? calls : null),
    };
  const { label, unit, name } = columns.find((column) => column.name === headline) ?? columns[0]!;
  return {
    label: unit === undefined ? label : `${label}, ${unit}`,
    of: ({ values }) => values[name],
  };
}

/**
 * A comparison of a grid with a picture for each option of several numbers: what the runs are judged by, over
 * the option. A run that has no such value is left out.
 */
export function withGrid(section: Section, values: { readonly [option: string]: readonly Data[] }): Section {
  const { label, of } = judgedBy(section);
  const numeric = Object.entries(values).filter(
    ([, each]) => each.length > 1 && each.every((value) => typeof value === 'number'),
  );
  let { runs } = section;
  const plots = numeric.flatMap(([option, each]): readonly Plot[] => {
    const series = `${section.headline} over ${option}`;
    const points = runs.map((run) => {
      const [x, y] = [valueIn(parseSpec(run.method), option), of(run)];
      return typeof x === 'number' && typeof y === 'number' ? { x, y } : undefined;
    });
    const found = points.filter((point) => point !== undefined);
    if (found.length === 0) return [];
    runs = runs.map((run, i) => {
      const point = points[i];
      return point ? { ...run, series: { ...run.series, [series]: { x: [point.x], y: [point.y] } } } : run;
    });
    return [
      {
        name: `over-${option}`,
        title: `${label} over ${option}`,
        draw: 'scatter',
        ...(found.length < runs.length
          ? { note: `${runs.length - found.length} of ${runs.length} runs have no such value.` }
          : {}),
        series,
        x: {
          label: option,
          scale: scaleOf(each.map(Number), 5),
        },
        y: {
          label,
          scale: scaleOf(
            found.map(({ y }) => y),
            100,
          ),
        },
      },
    ];
  });
  return { ...section, runs, plots: [...plots, ...section.plots] };
}
