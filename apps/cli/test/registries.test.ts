import { describe, expect, it } from 'vitest';
import { datasetRegistry } from '@stillpoint/datasets';
import { lossRegistry, modelRegistry, penaltyRegistry } from '@stillpoint/gans';
import { metricRegistry } from '@stillpoint/metrics';
import { initialiserRegistry, layerRegistry, networkRegistry } from '@stillpoint/networks';
import {
  functionRegistry,
  InputError,
  nearest,
  parseSpec,
  registry,
  row,
  type Spec,
} from '@stillpoint/operators';
import { gamePresets, presets } from '@stillpoint/experiments';
import { problemRegistries, problems } from '@stillpoint/problems';
import { inText } from '../src/commands/list.js';

/** A registry as this test uses it, whatever it builds. */
interface Any {
  readonly kind: string;
  readonly rows: readonly { readonly name: string; readonly about: string; readonly takes?: string }[];
  readonly build: (spec: string | Spec) => unknown;
}

const all: readonly Any[] = [
  ...problemRegistries.map((one) => ({ ...one, build: one.from })),
  { ...functionRegistry, build: functionRegistry.from },
  { ...datasetRegistry, build: datasetRegistry.from },
  { ...lossRegistry, build: lossRegistry.from },
  { ...penaltyRegistry, build: penaltyRegistry.from },
  { ...metricRegistry, build: metricRegistry.from },
  { ...modelRegistry, build: (spec) => modelRegistry.from(spec, [2]) },
  { ...initialiserRegistry, build: initialiserRegistry.from },
  { ...layerRegistry, build: layerRegistry.from },
  { ...networkRegistry, build: (spec) => networkRegistry.from(spec, { inputs: [2], outputs: [1] }) },
];

it('a preset, a preset of games and a problem have different names: `compare` takes each by its name', () => {
  const names = [
    ...presets,
    ...gamePresets.filter(({ name, game }) => name !== parseSpec(game).name),
    ...problems,
  ];
  const twice = names.filter(({ name }, i) => names.findIndex((one) => one.name === name) !== i);
  expect(twice.map(({ name }) => name)).toEqual([]);
});

describe.each(all.map((one) => [one.kind, one] as const))(
  'the registry of kind %s',
  (kind, { rows, build }) => {
    const plain = rows.filter(({ takes = 'none' }) => takes === 'none');
    const names = rows.map(({ name }) => name);
    it('refuses an unknown name, with the nearest', () => {
      expect(() => build('no-such-thing-at-all')).toThrow(InputError);
      expect(() => build('no-such-thing-at-all')).toThrow(
        `unknown ${kind} "no-such-thing-at-all"; expected one of: ${names.join(', ')}`,
      );
      for (const name of names) {
        const wrong = `${name}x`;
        if (names.includes(wrong)) continue;
        expect(() => build(wrong)).toThrow(
          `unknown ${kind} "${wrong}"; did you mean ${nearest(wrong, names)}?`,
        );
      }
    });
    it('refuses an unknown option and specs inside, of every row', () => {
      for (const { name } of plain) {
        expect(() => build(`${name}(noSuchOption=1)`)).toThrow(
          `unknown option of ${kind} ${name} "noSuchOption"`,
        );
        expect(() => build(`${name}(${names[0]})`)).toThrow(
          `${kind} ${name} takes options only; found ${names[0]}`,
        );
      }
    });
    it.each([[undefined], [3], [{}], [{ name: 'x' }], [null]])('refuses %j, which is no spec', (given) => {
      expect(() => Reflect.apply(build, undefined, [given])).toThrow(`the ${kind} is `);
    });
    it('takes one more row as one entry, which `list` shows', () => {
      const mine = row({ name: 'mine', about: 'one of my own' }, {}, () => 'built');
      const more = registry(kind, [mine]);
      expect(more.from('mine')).toBe('built');
      expect(inText([...rows, ...more.rows])).toContain('mine\n    one of my own');
    });
  },
);
