import { registry, type Registered, type Registry, type Spec } from '@stillpoint/operators';
import { activation } from './activation.js';
import { selfAttention } from './attention.js';
import { batchNorm, conditionalBatchNorm } from './batch-norm.js';
import { composers } from './chain.js';
import { conv, convTranspose } from './conv.js';
import { dense } from './dense.js';
import { dropout } from './dropout.js';
import { embedding } from './embedding.js';
import { appendLabels, projection } from './labels.js';
import type { Layer, LayerEntry, ListedLayer } from './layer.js';
import { layerNorm } from './layer-norm.js';
import { gru, lstm } from './recurrent.js';
import { flatten, globalPool, pool, reshape, upsample } from './shapes.js';

/** A row of the registry of layers. */
export type LayerRow = Registered<LayerEntry, Layer>;

const listed: readonly ListedLayer[] = [
  dense,
  conv,
  convTranspose,
  batchNorm,
  conditionalBatchNorm,
  layerNorm,
  embedding,
  lstm,
  gru,
  selfAttention,
  dropout,
  activation,
  flatten,
  reshape,
  upsample,
  pool,
  globalPool,
  appendLabels,
  projection,
];

/** The registry of layers: finds a row by name and makes a layer from a spec. */
export const layerRegistry: Registry<LayerEntry, Layer> = registry('layer', [
  ...listed.map((made) => made.row),
  ...composers,
]);

/** Every layer, by name. */
export const layers: readonly LayerRow[] = layerRegistry.rows;

/**
 * The layer that a spec names, such as `conv(filters=16)`. @throws InputError for an unknown name or
 * option.
 */
export const layerFrom: (spec: string | Spec) => Layer = layerRegistry.from;
