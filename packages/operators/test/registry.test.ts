import { describe, expect, it } from 'vitest';
import {
  formatSpec,
  integer,
  number,
  registry,
  row,
  shortNumber,
  type Registry,
  type Row,
} from '../src/index.js';

type Shape = { readonly name: string; readonly sides: number; readonly scale: number };

const one: Row<Shape> = row({ name: 'circle', about: 'round' }, {}, () => ({
  name: 'circle',
  sides: 0,
  scale: 1,
}));
const all: readonly Row<Shape>[] = [
  one,
  row(
    { name: 'polygon', about: 'corners', example: 'polygon(sides=3)' },
    { sides: integer({ about: 'corners', from: 3 }), scale: number({ about: 'size', default: 2 }) },
    ({ sides, scale }: { readonly sides: number; readonly scale: number }) => ({ name: '', sides, scale }),
  ),
  row(
    { name: 'twice', about: 'twice as large', takes: 'one', example: 'twice(circle)' },
    {},
    (_: object, [shape]: readonly Shape[]) => ({ ...shape!, scale: 2 * shape!.scale }),
  ),
  row(
    { name: 'glued', about: 'many in one', takes: 'some', example: 'glued(circle, circle)' },
    {},
    (_: object, shapes: readonly Shape[]) => ({
      name: '',
      sides: shapes.reduce((sum, { sides }) => sum + sides, 0),
      scale: 1,
    }),
  ),
];
const shapes: Registry<Row<Shape>, Shape> = registry('shape', all, (shape, spec, inner) => ({
  ...shape,
  name: formatSpec({ ...spec, inner: inner.map(({ name }) => ({ name, inner: [], options: {} })) }),
}));

/** As a caller without types sees a function. */
function untyped(f: unknown): (...given: unknown[]) => unknown {
  if (typeof f !== 'function') throw new Error('no function');
  return (...given) => Reflect.apply(f, undefined, given);
}

describe('a registry', () => {
  it('builds what a spec names, with every default, and names it in full', () => {
    expect(shapes.from('polygon(sides=5)')).toEqual({
      name: 'polygon(sides=5, scale=2)',
      sides: 5,
      scale: 2,
    });
    expect(shapes.from('twice(twice(polygon(sides=4, scale=1)))')).toEqual({
      name: 'twice(twice(polygon(sides=4, scale=1)))',
      sides: 4,
      scale: 4,
    });
    expect(shapes.from({ name: 'circle', inner: [], options: {} }).sides).toBe(0);
    expect(shapes.from('glued(polygon(sides=3), polygon(sides=4))').sides).toBe(7);
    expect(shapes.find('polygon').build({ sides: 3 }).sides).toBe(3);
    expect(shapes.rows.map(({ name }) => name)).toEqual(['circle', 'polygon', 'twice', 'glued']);
  });
  it.each([
    ['cirle', 'unknown shape "cirle"; did you mean circle?'],
    ['polygon', 'shape polygon needs sides (corners): expected a whole number >= 3'],
    ['polygon(sides=2)', 'shape polygon: sides is 2; expected a whole number >= 3'],
    ['polygon(side=3)', 'unknown option of shape polygon "side"; did you mean sides?'],
    ['circle(polygon(sides=3))', 'shape circle takes options only; found polygon'],
    ['twice', 'shape twice takes one shape; found 0: twice(circle)'],
    ['twice(circle, circle)', 'shape twice takes one shape; found 2: twice(circle)'],
    ['glued', 'shape glued takes shapes; found 0: glued(circle, circle)'],
    ['twice(cirle)', 'unknown shape "cirle"; did you mean circle?'],
  ])('refuses %s', (spec, message) => {
    expect(() => shapes.from(spec)).toThrow(message);
  });
  it('refuses callers without types, and two rows of one name', () => {
    expect(() => untyped(shapes.from)(3)).toThrow("the shape is 3; expected a spec, as 'circle'");
    expect(() => shapes.find('circle').build({}, [shapes.from('circle')])).toThrow(
      'shape circle takes options only; found 1 shape inside',
    );
    expect(() => registry('shape', [one, one])).toThrow('two rows of kind shape are named circle');
  });
  it('passes on the further arguments of a kind', () => {
    const sized: Row<number, [size: number]> = row(
      { name: 'times', about: 'a multiple' },
      { by: number({ about: 'factor', default: 2 }) },
      ({ by }: { readonly by: number }, _: readonly number[], size: number) => by * size,
    );
    expect(registry('number', [sized]).from('times(by=3)', 7)).toBe(21);
  });
});

it('shortens numbers of messages to three digits', () =>
  expect([1 / 3, 1234.5, 1e-9, NaN].map((x) => shortNumber(x))).toEqual(['0.333', '1230', '1e-9', 'NaN']));
