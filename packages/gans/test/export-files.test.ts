import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as layers from '@tensorflow/tfjs-layers';
import { fromLayersModel } from '@stillpoint/networks';
import { describe, expect, it } from 'vitest';
import { folder } from '../../../testing/folder.js';
import { hasOnnx, python } from '../../../testing/onnx-python.js';
import {
  besideLabels,
  describeExport,
  exportedFiles,
  exportGenerator,
  type GanOptions,
} from '../src/index.js';
import { beside, discriminator, generators, make, pointOf } from './exports.js';

const inPython = hasOnnx('Python runs the README of an export');

describe('the folder of an export', () => {
  /** The program in the README after a heading. */
  const program = (files: { readonly [path: string]: string | Uint8Array }, heading: string): string =>
    new RegExp(`## ${heading}[^]*?\`\`\`\\w+\n([^]*?)\`\`\``).exec(String(files['README.md']))![1]!;
  const written = async (
    networks: Pick<GanOptions, 'generator' | 'discriminator'>,
  ): Promise<{ readonly place: string; readonly files: ReturnType<typeof exportedFiles> }> => {
    const game = await make(networks);
    const files = exportedFiles(await exportGenerator(game, pointOf(game)));
    await game.dispose();
    const place = folder();
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(place, path)), { recursive: true });
      writeFileSync(join(place, path), content);
    }
    return { place, files };
  };
  const linked = (place: string, packages: string): void =>
    symlinkSync(
      fileURLToPath(new URL(`../../${packages}/node_modules`, import.meta.url)),
      join(place, 'node_modules'),
    );
  const ran = (place: string, command: string, ...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: place, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  };

  it.each(['dcgan', 'conditional mlp'])('has a README whose JavaScript runs: %s', async (what) => {
    const { place, files } = await written(generators[what]!);
    expect(Object.keys(files)).toEqual(['README.md', 'generator.onnx', 'generator.safetensors']);
    linked(place, 'engine');
    const text = program(files, 'JavaScript');
    expect(text.trim().split('\n').length).toBeLessThanOrEqual(8);
    writeFileSync(join(place, 'run.mjs'), text);
    expect(ran(place, process.execPath, 'run.mjs')).toMatch(/^\[ 16, 8, 8, 1 \] Float32Array\(3\) \[/);
    expect(files['README.md']).toMatch(/^There is no tf\.LayersModel: the generator, /m);
  });
  it.skipIf(!inPython).each(['dcgan', 'conditional mlp'])(
    'has a README whose Python runs: %s',
    async (what) => {
      const { place, files } = await written(generators[what]!);
      const text = program(files, 'Python');
      expect(text.trim().split('\n').length).toBeLessThanOrEqual(8);
      writeFileSync(join(place, 'run.py'), text);
      expect(ran(place, python, 'run.py')).toMatch(/^\(16, 8, 8, 1\) -?[\d.]+ -?[\d.]+\n$/);
    },
  );
  it.each([false, true])('has a README whose TensorFlow.js runs; with labels: %s', async (conditional) => {
    const plain = layers.sequential({
      layers: [layers.layers.dense({ units: 64, inputShape: [conditional ? 7 : 4] })],
    });
    const generator = fromLayersModel(plain);
    const { place, files } = await written(
      conditional
        ? { generator: besideLabels(generator, 3), discriminator: beside }
        : { generator, discriminator },
    );
    expect(Object.keys(files).slice(3)).toEqual(['layers-model/model.json', 'layers-model/weights.bin']);
    linked(place, 'gans');
    const around = [
      "import '@tensorflow/tfjs-backend-cpu';",
      "import * as core from '@tensorflow/tfjs-core';",
      "import * as layers from '@tensorflow/tfjs-layers';",
      "import { readFileSync } from 'node:fs';",
      'const fetchFunc = async (url) => new Response(readFileSync(url));',
      'const loadLayersModel = (path) => layers.loadLayersModel(core.io.http(path, { fetchFunc }));',
      'const tf = { ...core, loadLayersModel };',
      'core.env().platform.fetch = fetchFunc;',
      program(files, 'TensorFlow.js'),
      'console.log(examples.shape.join());',
    ];
    writeFileSync(join(place, 'run.mjs'), around.join('\n'));
    expect(ran(place, process.execPath, 'run.mjs')).toMatch(/^16,64$/m);
  });
  it('says what the input is, the range of the examples and how moments were measured', async () => {
    const game = await make(generators['dcgan']!);
    const z = pointOf(game);
    const exported = await exportGenerator(game, z);
    const examples = await game.sample(z, 256, 0);
    expect(exported.facts.range).toEqual({
      least: Math.min(...examples),
      largest: Math.max(...examples),
      examples: 256,
    });
    const text = describeExport(exported);
    expect(text).toContain('Input: noise [batch, 4], independent numbers of N(0, 1).');
    expect(text).toContain('Output: examples [batch, 8, 8, 1], float32, height × width × channels.');
    expect(text).toContain('were measured after training, on 16 batches of noise with seed 0');
    await game.dispose();
  });
});
