import { InputError, shown, sizeOf } from '@stillpoint/operators';
import type { LayersModelFiles } from '../network.js';
import type { LayerWeight } from './layers-model-layers.js';

/** A weight of a model, and the values that it gets. */
export interface Valued {
  readonly weight: LayerWeight;
  readonly values: Float32Array;
}

const shapeOf = ({ shape }: LayerWeight): readonly number[] => shape.map((d) => d ?? 1);

/**
 * A model as the two files that tfjs's `model.save` writes, with other values of its weights.
 * @throws InputError for weights that tfjs could not tell apart, which it reads by name, and for values of
 * another length than a weight's.
 */
export function layersModelFiles(
  name: string,
  topology: unknown,
  weights: readonly Valued[],
): LayersModelFiles {
  if (topology === null || typeof topology !== 'object')
    throw new InputError(`the model ${name} describes itself as ${shown(topology)}; expected an object`);
  const names = weights.map(({ weight }) => weight.originalName);
  const twice = names.find((own, i) => names.indexOf(own) < i);
  if (twice !== undefined)
    throw new InputError(
      `two weights of the model ${name} are called ${twice}, which tf.loadLayersModel does not read; expected a name for each layer, of models inside too`,
    );
  for (const { weight, values } of weights)
    if (values.length !== sizeOf(shapeOf(weight)))
      throw new InputError(
        `weight ${weight.originalName} of the model ${name} has shape [${shapeOf(weight).join(',')}]; found ${values.length} numbers`,
      );
  const data = new Uint8Array(weights.reduce((sum, { values }) => sum + values.byteLength, 0));
  let offset = 0;
  for (const { values } of weights) {
    data.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  const manifest = weights.map(({ weight }) => ({
    name: weight.originalName,
    shape: shapeOf(weight),
    dtype: 'float32',
  }));
  return {
    model: JSON.stringify({
      format: 'layers-model',
      generatedBy: 'stillpoint',
      convertedBy: null,
      modelTopology: topology,
      weightsManifest: [{ paths: ['weights.bin'], weights: manifest }],
    }),
    weights: data,
  };
}
