import { engineNames, findEngines } from '../src/index.js';

const inNode = engineNames.filter((name) => name !== 'webgpu'); // browser.test.ts runs it in a page

/**
 * The engines that run in Node, as rows of tests. Only tensorflow may be absent (`npm run tfjs-node` builds
 * it); its tests are then skipped. If it is installed but broken they fail, as those of the other engines do.
 */
export const lanes = (await findEngines(inNode)).map(({ engine, found, reason = '' }) => {
  const skipped = engine === 'tensorflow' && !found && reason.includes('is not installed');
  return {
    engine,
    skipped,
    title: `engine ${engine}${skipped ? ' (skipped: npm run tfjs-node builds what it needs)' : ''}`,
  };
});

export const lanesHere = lanes.filter(({ skipped }) => !skipped).map(({ engine }) => engine);
