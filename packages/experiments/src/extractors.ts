import {
  byChannel,
  rawEntry,
  type Extractor,
  type ExtractorContext,
  type ExtractorEntry,
} from '@stillpoint/metrics';
import { extractorRows } from '@stillpoint/networks';
import { InputError, registry, sizeOf, type Registry } from '@stillpoint/operators';

/** Every extractor by its spec: that of @stillpoint/metrics, and those of @stillpoint/networks. */
export const extractorRegistry: Registry<ExtractorEntry, Promise<Extractor>, [ExtractorContext]> = registry(
  'extractor',
  [rawEntry, ...extractorRows],
);

/**
 * The extractor that a spec names, for examples of that shape: one of grey images is applied to each channel.
 * @throws InputError for an unknown one, and for one that takes examples of another shape.
 */
export async function extractorFor(spec: string, shape: readonly number[]): Promise<Extractor> {
  const extractor = { ...(await extractorRegistry.from(spec, { shape })), name: spec };
  const { takes } = extractor;
  if (takes === undefined || takes.shape.join() === shape.join()) return extractor;
  const channels = shape.at(-1) ?? 1;
  if (takes.shape.at(-1) === 1 && channels > 1 && sizeOf(shape) === channels * sizeOf(takes.shape))
    return byChannel(extractor, channels);
  throw new InputError(
    `extractor ${spec} takes examples of shape [${takes.shape.join(', ')}]; found [${shape.join(', ')}]`,
  );
}
