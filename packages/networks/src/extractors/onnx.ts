import { runOnnx, type EngineName, type OnnxModel } from '@stillpoint/engine';
import type { Extractor } from '@stillpoint/metrics';
import {
  InputError,
  contentHash,
  flag,
  number,
  integer,
  choice,
  shown,
  type Data,
  type Full,
  type Option,
} from '@stillpoint/operators';
import { inBatches } from './batches.js';
import { prepareImages, type Wanted } from './prepare.js';

const numbers = (about: string): Option<readonly number[]> & { readonly default: readonly number[] } => ({
  about,
  expected: 'a number for each channel, as [0.485,0.456,0.406]; []: none',
  default: [],
  accepts: (value: Data) =>
    Array.isArray(value) && value.every((x) => typeof x === 'number' && Number.isFinite(x)),
});
const text = (about: string, none: string): Option<string> & { readonly default: string } => ({
  about,
  expected: `the name of an output, in quotes; "": ${none}`,
  default: '',
  accepts: (value: Data) => typeof value === 'string',
});

/** The options of an ONNX file as an extractor; the only place that states their defaults. */
export const onnxTable = {
  resize: choice({
    about:
      'how images are brought to the size that the file takes: as TensorFlow 1 does for the original FID, or as PIL does, antialiased, for clean-fid',
    among: ['none', 'tf1-bilinear', 'bicubic'],
    default: 'none',
  }),
  side: integer({
    about: 'side of the images that the file takes; null: as it states',
    from: 1,
    default: null,
    orNull: 'as the file states',
  }),
  quantised: flag({ about: 'whether pixels are first rounded to 0 … 255', default: true }),
  black: number({ about: 'the value of black in the input', default: -1 }),
  white: number({ about: 'the value of white in the input', default: 1 }),
  mean: numbers('subtracted from each channel after that'),
  deviation: numbers('what each channel is then divided by'),
  layout: choice({
    about: 'whether channels come before rows and columns; auto: where the file states 1 or 3 of them',
    among: ['auto', 'nchw', 'nhwc'],
    default: 'auto',
  }),
  output: text('the output that holds the features', 'the first'),
  logits: text('the output that holds logits, if it is a classifier', 'none'),
} as const;

/** Options of {@link onnxExtractor}. */
export interface OnnxExtractorOptions extends Partial<Full<typeof onnxTable>> {
  /** The content of the ONNX file. */
  readonly bytes: Uint8Array;
  /** Shape of one example, [height, width, channels]. */
  readonly shape: readonly number[];
  /** In messages and settings. Default `onnx`. */
  readonly name?: string;
  readonly engine?: EngineName | 'auto';
  readonly threads?: number;
}

/** Images in a batch, if the file leaves that open. */
const BATCH = 16;

const isImageCount = (d: unknown): d is 1 | 3 => d === 1 || d === 3;

/** What the file's one input takes. @throws InputError that says which option is needed. */
function wantedOf(
  name: string,
  { inputs }: OnnxModel,
  { layout, side }: Pick<Full<typeof onnxTable>, 'layout' | 'side'>,
): Wanted & { readonly input: string; readonly batch: number } {
  const [[input, port] = [undefined, undefined], more] = Object.entries(inputs);
  if (input === undefined || port === undefined || more !== undefined || port.shape.length !== 4)
    throw new InputError(
      `extractor ${name}: the file has the inputs ${shown(Object.entries(inputs).map(([key, { shape }]) => `${key} [${shape.join(', ')}]`))}; expected one of four axes, images`,
    );
  if (port.type !== 'float32')
    throw new InputError(`extractor ${name}: input ${input} is of ${port.type}; expected float32`);
  const [n, a, b, c] = port.shape;
  const found =
    layout === 'auto' ? (isImageCount(a) ? 'nchw' : isImageCount(c) ? 'nhwc' : undefined) : layout;
  const stated = `input ${input} has shape [${port.shape.join(', ')}]`;
  if (found === undefined)
    throw new InputError(
      `extractor ${name}: ${stated}, without 1 or 3 channels; expected layout=nchw or nhwc`,
    );
  const [height, width, channels] = found === 'nchw' ? [b, c, a] : [a, b, c];
  const sized = (d: number | string | undefined): number => {
    if (typeof d === 'number' && (side === null || side === d)) return d;
    if (typeof d === 'number')
      throw new InputError(`extractor ${name}: side is ${side}; ${stated}, which takes only ${d}`);
    if (side === null)
      throw new InputError(
        `extractor ${name}: ${stated}; expected a side, as side=224, since the file leaves it open`,
      );
    return side;
  };
  return {
    input,
    batch: typeof n === 'number' ? n : BATCH,
    height: sized(height),
    width: sized(width),
    channels: typeof channels === 'number' ? channels : 3,
    layout: found,
  };
}

/**
 * An extractor of images from an ONNX file of your own, such as an Inception network or DINOv2, with all that
 * happens to an image before it: the identity states it. The original FID: resize `tf1-bilinear`, side 299,
 * black −1, white 127/128. clean-fid: `bicubic` instead. Networks trained on ImageNet with PyTorch: black 0,
 * white 1, mean [0.485, 0.456, 0.406], deviation [0.229, 0.224, 0.225]. Rejects for a file that does not fit,
 * and says which option is needed.
 */
export async function onnxExtractor(options: OnnxExtractorOptions): Promise<Extractor> {
  const { bytes, shape, name = 'onnx', engine = 'auto', threads = 1 } = options;
  const { resize = 'none', side = null, quantised = true, black = -1, white = 1 } = options;
  const { mean = [], deviation = [], layout = 'auto', output = '', logits = '' } = options;
  if (engine !== 'auto' && engine !== 'native' && engine !== 'wasm')
    throw new InputError(`extractor ${name}: engine is ${shown(engine)}; expected auto, native or wasm`);
  const model = await runOnnx(bytes, { engine, threads });
  const outputs = Object.keys(model.outputs);
  const unknown = [output, logits].find((one) => one !== '' && !outputs.includes(one));
  try {
    if (unknown !== undefined)
      throw new InputError(
        `extractor ${name}: the file has no output ${shown(unknown)}; it has ${outputs.join(', ')}`,
      );
    const { input, batch, ...wanted } = wantedOf(name, model, { layout, side });
    const preparation = { quantised, resize, black, white, mean, deviation };
    for (const [what, list] of Object.entries({ mean, deviation }))
      if (list.length > 0 && list.length !== wanted.channels)
        throw new InputError(
          `extractor ${name}: ${what} has ${list.length} numbers; expected ${wanted.channels}, one for each channel`,
        );
    const size = shape.reduce((product, d) => product * d, 1);
    const run = inBatches(name, {
      size,
      batch,
      async run(x) {
        const results = await model.run({
          [input]: {
            data: prepareImages(name, x, shape, preparation, wanted),
            shape: port(wanted, batch),
          },
        });
        return Object.fromEntries(
          Object.entries(results).map(([key, { data }]) => [
            key,
            data instanceof Float32Array ? data : Float32Array.from(data, Number),
          ]),
        );
      },
    });
    const first = output === '' ? outputs[0]! : output;
    const rows = (all: Float32Array, examples: Float32Array): number => all.length / (examples.length / size);
    return {
      name,
      identity: {
        kind: 'onnx',
        content: contentHash(bytes),
        ...preparation,
        ...wanted,
        output: first,
        logits,
      },
      takes: { shape, range: [-1, 1] },
      async features(examples) {
        const features = await run(examples, first);
        return { features, dim: rows(features, examples) };
      },
      ...(logits !== '' && {
        async logits(examples: Float32Array) {
          const all = await run(examples, logits);
          return { logits: all, classes: rows(all, examples) };
        },
      }),
      dispose: model.dispose,
    };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

const port = ({ height, width, channels, layout }: Wanted, batch: number): readonly number[] =>
  layout === 'nchw' ? [batch, channels, height, width] : [batch, height, width, channels];
