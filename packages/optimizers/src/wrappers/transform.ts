import {
  copy,
  type Data,
  type Method,
  type GradientQuestion,
  type Question,
  type State,
  type Vector,
} from '@stillpoint/operators';
import { checkMethod, checkTransform } from '../described.js';
import type { Transform } from '../transforms/transform.js';

/** z is the inner method's; memory is what the transform remembers. */
export type TransformState<S extends State> = {
  readonly z: Vector;
  readonly inner: S;
  readonly memory: Data;
};

const isGradient = (question: Question): question is Vector | GradientQuestion =>
  ArrayBuffer.isView(question) || question.want === 'gradient';

/**
 * A method whose every gradient first goes through a transform (clipping, momentum, Adam, …):
 *   F(z) ↦ direction(F(z)),  wherever the method asks for F.
 *
 * No guarantee of its own. gda with Adam inside is adam, extragradient with it extra-adam, rapp with it
 * rapp-adam. Oracle calls per step: the inner method's.
 * Source: gradient transformations as composed in optax (Babuschkin et al. 2020); for games Gidel et al.
 * 2019, arXiv 1802.10551.
 */
export function transform<S extends State>(
  method: Method<S>,
  direction: Transform,
): Method<TransformState<S>> {
  checkMethod('transform', method);
  checkTransform('transform', direction);
  return {
    name: 'transform',
    options: {
      method: { name: method.name, options: method.options },
      transform: { name: direction.name, options: direction.options },
    },
    ...(method.mostCalls === undefined ? {} : { mostCalls: method.mostCalls }),
    init: (space, z0) => ({
      z: space.copy(z0),
      inner: method.init(space, z0),
      memory: direction.init(space),
    }),
    begin(space) {
      const advance = method.begin(space);
      const direct = direction.begin(space);
      return function* (s) {
        const asking = advance(s.inner);
        for (let turn = asking.next(); !turn.done;) {
          const query = turn.value;
          const answer = yield query;
          turn = asking.next(
            isGradient(query)
              ? direct(s.memory, answer, ArrayBuffer.isView(query) ? undefined : query.player)
              : answer,
          );
        }
        copy(s.z, s.inner.z);
      };
    },
    restart(s, z) {
      copy(s.z, z);
      method.restart(s.inner, z);
    },
    points: (s) => method.points?.(s.inner) ?? {},
  };
}
