import {
  choice,
  InputError,
  registry,
  row,
  sizeOf,
  type Full,
  type Registered,
  type Registry,
  type Row,
  type Spec,
} from '@stillpoint/operators';
import { activationNames } from '../layers/activation.js';
import type { Shape } from '../layers/layer.js';
import type { Network } from '../network.js';
import { dcganDiscriminator, dcganDiscriminatorTable, dcganGenerator, dcganTable } from './dcgan.js';
import { languageModel, languageModelTable } from './language.js';
import { mlp } from './mlp.js';
import { hidden, pinn, pinnTable } from './pinn.js';
import { r3ganDiscriminator, r3ganGenerator, r3ganTable } from './r3gan.js';
import {
  resnetDiscriminator,
  resnetDiscriminatorTable,
  resnetGenerator,
  resnetGeneratorTable,
} from './resnet.js';
import { resnetClassifier, resnetClassifierTable } from './resnet-classifier.js';

/** What a network is built for: the shapes of an example that it takes and of one that it returns. */
export interface Ends {
  readonly inputs: Shape;
  readonly outputs: Shape;
}
type For = [ends: Ends];

/** A network's row in the registry. */
export interface NetworkEntry extends Row<Network, For> {
  readonly reference: string;
  /** The shapes that it takes and returns, in words. */
  readonly shapes: string;
  /** Whether it is made for labelled images: its outputs are logits of their classes. Default: it is not. */
  readonly isClassifier?: boolean;
}

/** A row of the registry of networks. */
export type NetworkRow = Registered<NetworkEntry, Network, For>;

const vector = (owner: string, what: string, shape: Shape): number => {
  const [size, more] = shape;
  if (size === undefined || more !== undefined)
    throw new InputError(`network ${owner}: its ${what} have shape [${shape.join(',')}]; expected one size`);
  return size;
};
const image = (owner: string, what: string, shape: Shape): Shape => {
  if (shape.length !== 3)
    throw new InputError(
      `network ${owner}: its ${what} have shape [${shape.join(',')}]; expected [height, width, channels]`,
    );
  return shape;
};
const checkLogits = (owner: string, outputs: Shape, classes = 0): void => {
  if (sizeOf(outputs) !== 1 + classes)
    throw new InputError(
      `network ${owner}: its outputs have shape [${outputs.join(',')}]; expected [${1 + classes}], a logit${classes > 0 ? ' and one per class' : ''}`,
    );
};

const mlpTable = {
  hidden: hidden([64, 64]),
  activation: choice({
    about: 'activation of all layers but the last',
    among: activationNames,
    default: 'relu',
  }),
  output: choice({ about: 'activation of the last layer', among: ['linear', 'tanh'], default: 'linear' }),
};
const dcgan = 'Radford, Metz, Chintala 2016, arXiv 1511.06434';
const r3gan = 'Huang, Gokaslan, Kuleshov, Tompkin 2024, arXiv 2501.05441';
const sngan = 'Miyato, Kataoka, Koyama, Yoshida 2018, arXiv 1802.05957';

const entries: readonly NetworkEntry[] = [
  row(
    { name: 'mlp', about: 'fully connected', reference: 'classical', shapes: '[…] → […]' },
    mlpTable,
    ({ hidden: widths, ...rest }: Full<typeof mlpTable>, _: readonly Network[], { inputs, outputs }: Ends) =>
      mlp({ sizes: [sizeOf(inputs), ...widths, sizeOf(outputs)], ...rest }),
  ),
  row(
    {
      name: 'dcgan-generator',
      about: 'transposed convolutions of stride 2, batch norm, ReLU, tanh out',
      reference: dcgan,
      shapes: '[latent] → [height, width, channels]',
    },
    dcganTable,
    (options: Full<typeof dcganTable>, _: readonly Network[], { inputs, outputs }: Ends) =>
      dcganGenerator({
        ...options,
        latent: vector('dcgan-generator', 'inputs', inputs),
        image: image('dcgan-generator', 'outputs', outputs),
      }),
  ),
  row(
    {
      name: 'dcgan-discriminator',
      about: 'convolutions of stride 2, leaky ReLU (0.2), one logit, or one more per class',
      reference: dcgan,
      shapes: '[height, width, channels] → [1 + classes]',
    },
    dcganDiscriminatorTable,
    (options: Full<typeof dcganDiscriminatorTable>, _: readonly Network[], { inputs, outputs }: Ends) => {
      checkLogits('dcgan-discriminator', outputs, options.classifies ?? 0);
      return dcganDiscriminator({ ...options, image: image('dcgan-discriminator', 'inputs', inputs) });
    },
  ),
  row(
    {
      name: 'resnet-generator',
      about: 'residual blocks that double the sides, batch norm, ReLU, tanh out',
      reference: sngan,
      shapes: '[latent] → [height, width, channels]',
    },
    resnetGeneratorTable,
    (options: Full<typeof resnetGeneratorTable>, _: readonly Network[], { inputs, outputs }: Ends) =>
      resnetGenerator({
        ...options,
        latent: vector('resnet-generator', 'inputs', inputs),
        image: image('resnet-generator', 'outputs', outputs),
      }),
  ),
  row(
    {
      name: 'resnet-discriminator',
      about: 'residual blocks, of which the first halve the sides, spectral norm, one logit',
      reference: sngan,
      shapes: '[height, width, channels] → [1]',
    },
    resnetDiscriminatorTable,
    (options: Full<typeof resnetDiscriminatorTable>, _: readonly Network[], { inputs, outputs }: Ends) => {
      checkLogits('resnet-discriminator', outputs);
      return resnetDiscriminator({ ...options, image: image('resnet-discriminator', 'inputs', inputs) });
    },
  ),
  row(
    {
      name: 'r3gan-generator',
      about: 'a learned map, residual blocks, upsampling; no normalisation, linear out',
      reference: r3gan,
      shapes: '[latent] → [height, width, channels]',
    },
    r3ganTable,
    (options: Full<typeof r3ganTable>, _: readonly Network[], { inputs, outputs }: Ends) =>
      r3ganGenerator({
        ...options,
        latent: vector('r3gan-generator', 'inputs', inputs),
        image: image('r3gan-generator', 'outputs', outputs),
      }),
  ),
  row(
    {
      name: 'r3gan-discriminator',
      about: 'residual blocks, means of 2×2; no normalisation, one logit',
      reference: r3gan,
      shapes: '[height, width, channels] → [1]',
    },
    r3ganTable,
    (options: Full<typeof r3ganTable>, _: readonly Network[], { inputs, outputs }: Ends) => {
      checkLogits('r3gan-discriminator', outputs);
      return r3ganDiscriminator({ ...options, image: image('r3gan-discriminator', 'inputs', inputs) });
    },
  ),
  row(
    {
      name: 'lstm',
      about: 'a language model: a vector for each token, LSTMs, a logit for each token at each time',
      reference: 'Zaremba, Sutskever, Vinyals 2014, arXiv 1409.2329',
      shapes: '[time] of tokens → [time, tokens]',
    },
    languageModelTable,
    (options: Full<typeof languageModelTable>, _: readonly Network[], { inputs, outputs }: Ends) => {
      const time = vector('lstm', 'inputs', inputs);
      const [same, tokens, more] = outputs;
      if (same !== time || tokens === undefined || more !== undefined)
        throw new InputError(
          `network lstm: its outputs have shape [${outputs.join(',')}]; expected [${time}, tokens]`,
        );
      return languageModel({ ...options, time, tokens });
    },
  ),
  row(
    {
      name: 'resnet-classifier',
      about: 'residual blocks with batch norm in three stages, a logit per class: ResNet-20 and deeper ones',
      reference: 'He, Zhang, Ren, Sun 2015, arXiv 1512.03385',
      shapes: '[height, width, channels] → [classes]',
      isClassifier: true,
    },
    resnetClassifierTable,
    (options: Full<typeof resnetClassifierTable>, _: readonly Network[], { inputs, outputs }: Ends) =>
      resnetClassifier({
        ...options,
        image: image('resnet-classifier', 'inputs', inputs),
        classes: vector('resnet-classifier', 'outputs', outputs),
      }),
  ),
  row(
    {
      name: 'pinn',
      about: 'fully connected with a smooth activation, for differential equations',
      reference: 'Raissi, Perdikaris, Karniadakis 2019',
      shapes: '[inputs] → [outputs]',
    },
    pinnTable,
    (options: Full<typeof pinnTable>, _: readonly Network[], { inputs, outputs }: Ends) =>
      pinn({
        ...options,
        inputs: vector('pinn', 'inputs', inputs),
        outputs: vector('pinn', 'outputs', outputs),
      }),
  ),
];

/** The registry of networks: finds a row by name and builds a network from a spec. */
export const networkRegistry: Registry<NetworkEntry, Network, For> = registry('network', entries);

/** Every network, by name. */
export const networks: readonly NetworkRow[] = networkRegistry.rows;

/**
 * Builds the network that a spec names, such as `mlp(hidden=[128,128])`, for the shapes of an example that
 * it takes and of one that it returns. @throws InputError for an unknown name or option, and for shapes
 * that it cannot have.
 */
export const networkFrom: (spec: string | Spec, ends: Ends) => Network = networkRegistry.from;
