import { integer, parseRows, type Full, type GivenOf } from '@stillpoint/operators';
import { dense } from '../layers/dense.js';
import { embedding } from '../layers/embedding.js';
import { lstm } from '../layers/recurrent.js';
import type { Network } from '../network.js';
import { sequential } from '../sequential.js';

/** Options of the language model, as a row of a registry states them. */
export const languageModelTable = {
  embedding: integer({ about: 'length of a token’s vector', from: 1, default: 64 }),
  units: integer({ about: 'length of the state', from: 1, default: 128 }),
  depth: integer({ about: 'number of LSTMs, one on the states of another', from: 1, default: 1 }),
};
/** Options of {@link languageModel}. */
export interface LanguageModelOptions extends GivenOf<typeof languageModelTable> {
  /** Number of different tokens. */
  readonly tokens: number;
  /** Number of tokens of an example. */
  readonly time: number;
}

/**
 * A language model: tokens [time] → a vector for each → LSTM → dense → a logit for each token at each time
 * [time, tokens], of what comes next. Zaremba, Sutskever, Vinyals 2014, arXiv 1409.2329, without dropout.
 * @throws InputError for sizes that are not whole numbers > 0.
 */
export function languageModel({ tokens, time, ...given }: LanguageModelOptions): Network {
  const {
    embedding: length,
    units,
    depth,
  }: Full<typeof languageModelTable> = parseRows('languageModel', languageModelTable, given);
  return sequential({
    describe: `LSTM ${time} of ${tokens}-${length}-${Array.from({ length: depth }, () => units).join('-')}-${tokens}`,
    inputs: [time],
    layers: [
      embedding({ tokens, units: length }),
      ...Array.from({ length: depth }, () => lstm({ units })),
      dense({ units: tokens }),
    ],
  });
}
