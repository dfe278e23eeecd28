import { onGame } from './example.js';
import { ways } from './pictures.js';

/**
 * The first page's picture: a game on which gradient steps go round for ever, and a method that solves it.
 */
export async function homePicture(): Promise<string> {
  const example = await onGame('forsaken', 'lookahead(gda(stepSize=0.08), steps=40)', 2000, 'gda');
  const [other] = example.section.runs;
  if (other?.status !== 'budget' || example.run.status !== 'converged') {
    throw new Error(
      'the first page says that on forsaken gda goes round and lookahead converges; ' +
        `now gda: ${other?.message}, lookahead: ${example.run.message}`,
    );
  }
  return ways(example);
}
