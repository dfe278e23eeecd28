import { registry, type Registered, type Registry, type Spec } from '@stillpoint/operators';
import { densityCoverage, densityCoverageTable } from './density-coverage.js';
import { frechetDistance } from './frechet-distance.js';
import { kernelDistance, kernelDistanceTable } from './kernel-distance.js';
import { classifierScore, classifierScoreTable } from './classifier-score.js';
import { leastClassShare, leastClassShareTable } from './class-share.js';
import { classifierTable, extractorTable } from './extractor.js';
import type { Metric, MetricEntry } from './metric.js';
import { precisionRecall, precisionRecallTable } from './precision-recall.js';
import { modeCoverageTable, qualityTable } from './mode-coverage.js';
import { ofFeatures, ofLogits, ofMixture, ofTraining } from './rows.js';
import { slicedFigure, slicedWassersteinTable } from './sliced-wasserstein.js';
import { stackedModes, stackedModesTable } from './stacked-modes.js';

/** A row of the registry of metrics. */
export type MetricRow = Registered<MetricEntry, Metric>;

const pacgan = 'Lin, Khetan, Fanti, Oh 2018, arXiv 1712.04086';
const kynkäänniemi = 'Kynkäänniemi, Karras, Laine, Lehtinen, Aila 2019, arXiv 1904.06991';
const naeem = 'Naeem, Oh, Uh, Choi, Yoo 2020, arXiv 2002.09797';

const entries: readonly MetricEntry[] = [
  ofMixture(
    {
      name: 'modes',
      label: 'modes covered',
      about:
        'number of modes of the mixture with at least one high-quality sample, or a share of the samples that is asked for',
      unit: 'modes',
      better: 'higher',
      ceiling: 'measured',
      reference: pacgan,
    },
    modeCoverageTable,
    ({ modes, settings }) => ({ value: modes, perfect: settings.modes }),
  ),
  ofMixture(
    {
      name: 'high-quality',
      label: 'high quality',
      about:
        'share of samples within sigmas deviations of a centre; the ceiling is P(χ < sigmas), 0.98889 in the plane for sigmas = 3',
      unit: 'share',
      better: 'higher',
      ceiling: 'measured',
      reference: pacgan,
    },
    qualityTable,
    ({ highQuality, ceiling }) => ({ value: highQuality, perfect: ceiling }),
  ),
  ofMixture(
    {
      name: 'reverse-kl',
      label: 'reverse KL',
      about:
        'KL divergence of the histogram of high-quality samples over modes from the mixture’s, uniform without weights; undefined without such a sample',
      unit: 'nats',
      better: 'lower',
      floor: 'measured',
      reference: pacgan,
    },
    qualityTable,
    ({ reverseKl, reverseKlFloor }) => ({ value: reverseKl, perfect: reverseKlFloor }),
  ),
  ofFeatures(
    {
      name: 'sliced-wasserstein',
      label: 'sliced Wasserstein',
      about: 'W₂ along random directions, root of the mean square; the floor is that of real against real',
      unit: 'data units',
      better: 'lower',
      floor: 'measured',
      reference: 'Bonneel, Rabin, Peyré, Pfister 2015',
    },
    { ...slicedWassersteinTable, ...extractorTable },
    slicedFigure,
    ({ distance }) => distance,
  ),
  ofFeatures(
    {
      name: 'precision',
      label: 'precision',
      about:
        'share of fake examples inside a k-nearest-neighbour ball of a real one; the ceiling is that of real against real',
      unit: 'share',
      better: 'higher',
      ceiling: 'measured',
      reference: kynkäänniemi,
    },
    { ...precisionRecallTable, ...extractorTable },
    precisionRecall,
    ({ precision }) => precision,
  ),
  ofFeatures(
    {
      name: 'recall',
      label: 'recall',
      about:
        'share of real examples inside a k-nearest-neighbour ball of a fake one; the ceiling is that of real against real',
      unit: 'share',
      better: 'higher',
      ceiling: 'measured',
      reference: kynkäänniemi,
    },
    { ...precisionRecallTable, ...extractorTable },
    precisionRecall,
    ({ recall }) => recall,
  ),
  ofFeatures(
    {
      name: 'density',
      label: 'density',
      about:
        'number of real k-nearest-neighbour balls that hold a fake example, averaged over the fake examples and divided by k; expected to be 1 for equal distributions, more if fakes gather where real examples are dense',
      unit: 'ratio',
      better: 'higher',
      ceiling: 1,
      reference: naeem,
    },
    { ...densityCoverageTable, ...extractorTable },
    densityCoverage,
    ({ density }) => density,
    ({ expected }) => expected.density,
  ),
  ofFeatures(
    {
      name: 'coverage',
      label: 'coverage',
      about:
        'share of real k-nearest-neighbour balls with a fake example inside; the ceiling is its expected value for equal distributions, near 1 − 2⁻ᵏ',
      unit: 'share',
      better: 'higher',
      ceiling: 'measured',
      reference: naeem,
    },
    { ...densityCoverageTable, ...extractorTable },
    densityCoverage,
    ({ coverage }) => coverage,
    ({ expected }) => expected.coverage,
  ),
  ofFeatures(
    {
      name: 'frechet-distance',
      label: 'Fréchet distance',
      about:
        'squared W₂ of the Gaussians fitted to the features; FID is this with Inception features; the floor is that of real against real',
      unit: 'feature units squared',
      better: 'lower',
      floor: 'measured',
      reference: 'Heusel, Ramsauer, Unterthiner, Nessler, Hochreiter 2017, arXiv 1706.08500',
    },
    extractorTable,
    frechetDistance,
    ({ distance }) => distance,
  ),
  ofFeatures(
    {
      name: 'kernel-distance',
      label: 'kernel distance',
      about:
        'MMD² of the features under (x·y/d + 1)³; KID is this with Inception features; expected to be 0 for equal distributions, so it may be negative',
      unit: 'MMD squared',
      better: 'lower',
      floor: 0,
      reference: 'Bińkowski, Sutherland, Arbel, Gretton 2018, arXiv 1801.01401',
    },
    { ...kernelDistanceTable, ...extractorTable },
    kernelDistance,
    ({ distance }) => distance,
    () => 0,
  ),
  ofLogits(
    {
      name: 'classifier-score',
      label: 'classifier score',
      about:
        'exp of the mean KL divergence of a classifier’s p(y|x) from p(y): 1 for constant images, the number of classes at most; the inception score is this with the Inception network; the ceiling is that of real images',
      unit: 'classes',
      better: 'higher',
      ceiling: 'measured',
      example: 'classifier-score(extractor=fashion-classifier)',
      reference: 'Salimans, Goodfellow, Zaremba, Cheung, Radford, Chen 2016, arXiv 1606.03498',
    },
    { ...classifierScoreTable, ...classifierTable },
    classifierScore,
    ({ score }) => score,
  ),
  ofLogits(
    {
      name: 'least-class-share',
      label: 'least class',
      about:
        'the share of the class that a classifier finds least often, among some classes of which every example counts as one',
      unit: 'share',
      better: 'higher',
      ceiling: 'measured',
      example: 'least-class-share(extractor=fashion-classifier)',
      reference: 'after Keswani, Mangoubi, Sachdeva, Vishnoi 2022, arXiv 2006.12376',
    },
    { ...leastClassShareTable, ...classifierTable },
    leastClassShare,
    ({ least }) => least,
  ),
  ofLogits(
    {
      name: 'stacked-modes',
      label: 'stacked modes',
      about:
        'number of combinations of classes that a classifier finds in the channels of stacked images; its errors make false ones; the ceiling is what as many uniform samples are expected to show',
      unit: 'modes',
      better: 'higher',
      ceiling: 'measured',
      example: 'stacked-modes(extractor=fashion-classifier)',
      reference: pacgan,
    },
    { ...stackedModesTable, ...classifierTable },
    stackedModes,
    ({ modes }) => modes,
    ({ expectedModes }) => expectedModes,
  ),
  ofLogits(
    {
      name: 'stacked-reverse-kl',
      label: 'stacked reverse KL',
      about:
        'KL divergence of the histogram of stacked images over combinations of classes from the uniform one; the floor is what as many uniform samples are expected to show',
      unit: 'nats',
      better: 'lower',
      floor: 'measured',
      example: 'stacked-reverse-kl(extractor=fashion-classifier)',
      reference: pacgan,
    },
    { ...stackedModesTable, ...classifierTable },
    stackedModes,
    ({ reverseKl }) => reverseKl,
    ({ expectedKl }) => expectedKl,
  ),
  ofTraining({
    name: 'memorisation',
    label: 'memorisation',
    about:
      'share of pairs of a generated and a held-out example in which the generated one is nearer to its nearest training example: 1/2 for a perfect sampler, 1 for copies; less than 1/2 means farther from the data than real examples are',
    unit: 'share',
    better: 'lower',
    floor: 0.5,
    reference: 'Meehan, Chaudhuri, Dasgupta 2020, arXiv 2004.05675',
  }),
];

/** The registry of metrics: finds a row by name and builds a metric from a spec. */
export const metricRegistry: Registry<MetricEntry, Metric> = registry('metric', entries);

/** Every metric, by name. */
export const metrics: readonly MetricRow[] = metricRegistry.rows;

/**
 * Builds the metric that a spec names, such as `sliced-wasserstein(projections=64, seed=1)`. @throws
 * InputError for an unknown name or option.
 */
export const metricFrom: (spec: string | Spec) => Metric = metricRegistry.from;
