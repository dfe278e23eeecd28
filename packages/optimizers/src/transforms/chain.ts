import { composition } from './transform.js';

/** One transform after another, the first on the gradient:  g ← T_n(…T₁(g)). As in optax. */
export const chain = composition({
  name: 'chain',
  about: 'one transform after another',
  reference: 'as in optax (Babuschkin et al. 2020)',
  init: (space, transforms) => transforms.map((transform) => transform.init(space)),
  begin(space, transforms) {
    const links = transforms.map((transform) => transform.begin(space));
    return (states, g, player, at) => {
      for (let i = 0; i < links.length; i++) links[i]!(states[i]!, g, player, at);
      return g;
    };
  },
});
