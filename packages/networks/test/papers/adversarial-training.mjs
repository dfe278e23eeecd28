// Adversarial training: a perturbation of each example, in a box, increases the loss of a small network.
//   min over θ, max over |δᵢ| <= 0.2 of (1/n) Σ crossEntropy(f_θ(xᵢ + δᵢ), yᵢ)
// Madry, Makelov, Schmidt, Tsipras, Vladu 2018 (ICLR), arXiv 1706.06083.
const n = 18;
const x = Array.from({ length: n }, (_, i) => [Math.cos(i) + 0.2 * Math.sin(4 * i), Math.sin(1.7 * i)]);
const labels = x.map(([s, t]) => (s * t > 0.2 ? 2 : s > 0 ? 1 : 0));

export default ({ tf, problemFromLosses, mlp, parametersOf, applyNetwork, start }) => {
  const net = mlp({ sizes: [2, 6, 3], activation: 'leaky-relu' });
  return problemFromLosses({
    name: 'adversarial training',
    players: {
      network: parametersOf(net),
      adversary: { delta: start.constant([n, 2], 0) },
    },
    constraint: { adversary: 'box(lower=-0.2, upper=0.2)' },
    data: { x, labels },
    losses: ({ network, adversary }, data) => {
      const logits = applyNetwork(net, network, data.x.add(adversary.delta));
      const truth = tf.oneHot(data.labels.toInt(), 3);
      const loss = tf.mean(tf.neg(tf.sum(truth.mul(logits.logSoftmax()), 1)));
      return { network: loss, adversary: loss.neg() };
    },
  });
};
