export { modeCoverage, type KnownMixture, type ModeCoverage, type ModeCoverageOptions, type ModeCoverageSettings } from './mode-coverage.js';
export {
  slicedWasserstein, slicedWassersteinReport, squaredWasserstein1d, unitDirections,
  type SlicedWasserstein, type SlicedWassersteinOptions, type SlicedWassersteinSettings,
} from './sliced-wasserstein.js';
export { metricRow, metrics, type MetricRow } from './registry.js';
