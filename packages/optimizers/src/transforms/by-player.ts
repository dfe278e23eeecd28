import { InputError } from '@stillpoint/operators';
import { composition } from './transform.js';

/**
 * A transform for each player, in the order of the players:  g_p ← T_p(g_p). As multi_transform in optax.
 * @throws InputError, when a run begins, if there is not one for each.
 */
export const byPlayer = composition({
  name: 'by-player',
  about: 'a transform for each player, in their order',
  reference: 'as multi_transform in optax (Babuschkin et al. 2020)',
  init(space, transforms) {
    if (transforms.length !== space.players.length)
      throw new InputError(
        `by-player has ${transforms.length} transforms; expected one for each of ${space.players.map(({ name }) => name).join(', ')}`,
      );
    return transforms.map((transform) => transform.init(space));
  },
  begin(space, transforms) {
    const links = transforms.map((transform) => transform.begin(space));
    return (states, g, player, at) => {
      for (let p = player ?? 0; p < (player === undefined ? links.length : player + 1); p++)
        links[p]!(states[p]!, g, p, at);
      return g;
    };
  },
});
