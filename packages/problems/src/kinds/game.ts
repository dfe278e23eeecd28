import type { Game } from '@stillpoint/operators';
import { problemKind } from '../problem.js';

/** Makes a game from its file. */
export const game = problemKind<Game>(
  {
    name: 'game',
    plural: 'games',
    about: 'Every player lowers its own loss, or F is given without losses. Gradients are exact.',
    method: 'adaptive-graal',
  },
  (made, labels) => {
    const exact = { ...made, ...labels() };
    return { problem: exact, exact };
  },
);
