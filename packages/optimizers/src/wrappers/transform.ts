import { copy, type GradientQuestion, type Question, type Vector } from '@stillpoint/operators';
import { wrapper } from '../method.js';

const isGradient = (question: Question): question is Vector | GradientQuestion =>
  ArrayBuffer.isView(question) || question.want === 'gradient';

/**
 * A method whose every gradient first goes through a transform (clipping, momentum, Adam, …):
 *   F(z) ↦ direction(F(z)),  wherever the method asks for F.
 *
 * No guarantee of its own. With Adam inside, gda is adam, extragradient is extra-adam, and rapp is rapp-adam.
 * Oracle calls per step: the inner method's.
 * Source: gradient transformations as composed in optax (Babuschkin et al. 2020); for games Gidel et al.
 * 2019, arXiv 1802.10551.
 */
export const transform = wrapper({
  name: 'transform',
  about: 'a method whose gradients first go through a transform: clipping, momentum, Adam',
  when: 'clipping and momentum in any method; a different direction per player',
  assumptions: 'none of its own',
  reference: 'as in optax (Babuschkin et al. 2020)',
  takes: ['method', 'transform'],
  options: {},
  memory: '1 + the method’s + the transform’s',
  /** z is the inner method's; memory is the transform's state. */
  init: (space, z0, { method, transform: direction }) => ({
    z: space.copy(z0),
    inner: method.init(space, z0),
    memory: direction.init(space),
  }),
  restart(s, z, { method }) {
    copy(s.z, z);
    method.restart(s.inner, z);
  },
  points: (s, { method }) => method.points?.(s.inner) ?? {},
  figures: (s, { method, transform: direction }) => ({
    ...method.figures?.(s.inner),
    ...direction.figures?.(s.memory),
  }),
  begin(space, { method, transform: direction }) {
    const advance = method.begin(space);
    const direct = direction.begin(space);
    return function* (s) {
      const asking = advance(s.inner);
      for (let turn = asking.next(); !turn.done;) {
        const question = turn.value;
        const answer = yield question;
        turn = asking.next(
          !isGradient(question)
            ? answer
            : ArrayBuffer.isView(question)
              ? direct(s.memory, answer, undefined, question)
              : direct(s.memory, answer, question.player, question.at),
        );
      }
      copy(s.z, s.inner.z);
    };
  },
});
