import { onGame } from './example.js';
import { ways } from './pictures.js';

/**
 * The home page's picture: a game on which gradient steps circle for ever, and a method that solves it.
 * @throws Error if that is no longer so.
 */
export async function homePicture(): Promise<string> {
  const example = await onGame('forsaken', 'lookahead(gda(stepSize=0.08), steps=40)', 2000, 'gda');
  const [other] = example.section.runs;
  if (other?.status !== 'budget' || example.run.status !== 'converged') {
    throw new Error(
      'the home page says that on forsaken gda circles and lookahead converges; ' +
        `now gda: ${other?.message}, lookahead: ${example.run.message}`,
    );
  }
  return ways(example);
}
