// A Wasserstein GAN on points of the plane, written by hand: the critic's weights stay in a box.
//   min over G, max over |D's weights| <= 0.5 of E D(x) − E D(G(z)),  x on a circle of radius 1, z in R²
// Arjovsky, Chintala, Bottou 2017 (ICML), arXiv 1701.07875, algorithm 1.
const batch = 16;

export default ({ problemFromLosses, normal, uniform }) => {
  const critic = (d, points) => points.matMul(d.w1).add(d.b1).leakyRelu(0.2).matMul(d.w2);
  const generator = (g, noise) => noise.matMul(g.w1).add(g.b1).tanh().matMul(g.w2).add(g.b2);
  return problemFromLosses({
    name: 'Wasserstein GAN of points',
    players: {
      critic: { w1: [2, 10], b1: [10], w2: [10, 1] },
      generator: { w1: [2, 6], b1: [6], w2: [6, 2], b2: [2] },
    },
    constraint: { critic: 'box(lower=-0.5, upper=0.5)' },
    draw: (stream) => {
      const angles = uniform(new Float32Array(batch), { ...stream, purpose: 'angles' });
      return {
        real: Array.from(angles, (t) => [Math.cos(2 * Math.PI * t), Math.sin(2 * Math.PI * t)]),
        noise: {
          shape: [batch, 2],
          values: normal(new Float32Array(2 * batch), { ...stream, purpose: 'noise' }),
        },
      };
    },
    losses: (players, { real, noise }) => {
      const made = critic(players.critic, generator(players.generator, noise)).mean();
      return { critic: made.sub(critic(players.critic, real).mean()), generator: made.neg() };
    },
  });
};
