import { shortNumber } from '@stillpoint/operators';
import type { GeneratorExport } from './generator.js';
import { inputWords, momentsWords } from './generator.js';

// The names that the README states are those under which the files are written.
const ONNX = 'generator.onnx';
const WEIGHTS = 'generator.safetensors';
const LAYERS = 'layers-model/model.json';

/** Examples that the README's programs make. */
const countOf = ({ batch = 16 }: GeneratorExport['facts']): number => batch;

const code = (language: string, lines: readonly string[]): string =>
  ['```' + language, ...lines, '```'].join('\n');

function inPython(facts: GeneratorExport['facts']): string {
  const { latent, classes } = facts;
  const count = countOf(facts);
  const labels =
    classes === undefined
      ? []
      : [`labels = numpy.eye(${classes}, dtype="float32")[numpy.arange(${count}) % ${classes}]`];
  const feeds = classes === undefined ? '{"noise": noise}' : '{"noise": noise, "labels": labels}';
  return code('python', [
    '# pip install numpy onnxruntime',
    'import numpy, onnxruntime',
    `session = onnxruntime.InferenceSession("${ONNX}")`,
    `noise = numpy.random.default_rng(1).standard_normal((${count}, ${latent}), dtype="float32")`,
    ...labels,
    `(examples,) = session.run(["examples"], ${feeds})`,
    'print(examples.shape, examples.min(), examples.max())',
  ]);
}

function inJavaScript(facts: GeneratorExport['facts']): string {
  const { latent, classes } = facts;
  const count = countOf(facts);
  const labels =
    classes === undefined
      ? []
      : [
          `const ones = Float32Array.from({ length: ${count * classes} }, (_, i) => Number(i % ${classes} === Math.floor(i / ${classes}) % ${classes}));`,
        ];
  const feeds =
    classes === undefined
      ? '{ noise }'
      : `{ noise, labels: new ort.Tensor('float32', ones, [${count}, ${classes}]) }`;
  return code('js', [
    '// npm install onnxruntime-node; in a page onnxruntime-web',
    "import * as ort from 'onnxruntime-node';",
    `const session = await ort.InferenceSession.create('${ONNX}');`,
    'const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());',
    `const noise = new ort.Tensor('float32', Float32Array.from({ length: ${count * latent} }, normal), [${count}, ${latent}]);`,
    ...labels,
    `const { examples } = await session.run(${feeds});`,
    'console.log(examples.dims, examples.data.slice(0, 3));',
  ]);
}

function inTfjs({ layersModel, facts }: GeneratorExport): string {
  const { latent, classes } = facts;
  const count = countOf(facts);
  if ('reason' in layersModel) return `There is no tf.LayersModel: ${layersModel.reason}.`;
  const input =
    classes === undefined
      ? [
          'const shape = model.inputs[0].shape.slice(1);',
          `const examples = model.predict(tf.randomNormal([${count}, ...shape]));`,
        ]
      : [
          `const labels = tf.oneHot(Array.from({ length: ${count} }, (_, i) => i % ${classes}), ${classes}, 1, 0, 'float32');`,
          `const examples = model.predict(tf.concat([tf.randomNormal([${count}, ${latent}]), labels], 1));`,
        ];
  const about =
    classes === undefined
      ? ''
      : ` Its input is the noise with the one-hot labels behind it, ${latent + classes} numbers.`;
  return [
    `\`${LAYERS}\`, with \`weights.bin\` beside it, is your tf.LayersModel with the trained weights; the measured moments are the moving averages of its batch normalisation.${about}`,
    code('js', [
      `const model = await tf.loadLayersModel('${LAYERS}'); // a URL; with tfjs-node 'file://…'`,
      ...input,
    ]),
  ].join('\n\n');
}

/**
 * A README of an exported generator, in Markdown: what the input is, the shape and range of the examples, and
 * how to run it in Python, JavaScript and TensorFlow.js. The file names are those of `exportedFiles`.
 */
export function describeExport(exported: GeneratorExport): string {
  const { facts } = exported;
  const { shape, range, classes, batch = 'batch' } = facts;
  const labels = classes === undefined ? '' : ' Labels choose the classes of the examples.';
  return `${[
    '# A trained generator',
    `From the game \`${facts.game}\`.`,
    `${inputWords(facts)}${labels}`,
    `Output: examples [${batch}, ${shape.join(', ')}], float32${shape.length === 3 ? ', height × width × channels' : ''}. Of ${range.examples} examples the least number was ${shortNumber(range.least)} and the largest ${shortNumber(range.largest)}. The scale is that of the data it was trained on.`,
    momentsWords(facts),
    `## Python: \`${ONNX}\``,
    inPython(facts),
    `## JavaScript: \`${ONNX}\``,
    inJavaScript(facts),
    `## Weights: \`${WEIGHTS}\``,
    'Every trained parameter by its name, float32, in the layout of TensorFlow.js: kernels of convolutions are [height, width, inputs, outputs].',
    ...(facts.normalised === 0
      ? []
      : ['`moments.0.mean`, `moments.0.variance` and so on are the moments, layer by layer.']),
    '## TensorFlow.js',
    inTfjs(exported),
  ].join('\n\n')}\n`;
}

/**
 * An exported generator as the files of a folder, by their paths in it: `generator.onnx`,
 * `generator.safetensors`, `README.md` and, if there is one, the layers model.
 */
export function exportedFiles(exported: GeneratorExport): {
  readonly [path: string]: string | Uint8Array;
} {
  const { onnx, safetensors, layersModel } = exported;
  return {
    'README.md': describeExport(exported),
    [ONNX]: onnx,
    [WEIGHTS]: safetensors,
    ...('reason' in layersModel
      ? {}
      : { [LAYERS]: layersModel.model, 'layers-model/weights.bin': layersModel.weights }),
  };
}
