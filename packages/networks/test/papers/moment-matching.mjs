// A generative moment matching network: one player, the squared maximum mean discrepancy with a sum of
// Gaussian kernels.
//   min over G of E k(G, G') − 2 E k(G, x) + E k(x, x'),  k(a, b) = Σ_s exp(−‖a − b‖²/2s²), s = ½, 1, 2
// Li, Swersky, Zemel 2015 (ICML), arXiv 1502.02761; Dziugaite, Roy, Ghahramani 2015, arXiv 1505.03906.
const batch = 12;

export default ({ tf, problemFromLosses, normal }) => {
  const kernel = (a, b) => {
    const distance = a.expandDims(1).sub(b.expandDims(0)).square().sum(2);
    return tf.addN([0.5, 1, 2].map((s) => distance.mul(-1 / (2 * s * s)).exp())).mean();
  };
  return problemFromLosses({
    name: 'moment matching',
    players: { generator: { w1: [2, 8], b1: [8], w2: [8, 2], b2: [2] } },
    draw: (stream) => {
      const values = normal(new Float32Array(2 * batch), { ...stream, purpose: 'noise' });
      const data = normal(new Float32Array(2 * batch), { ...stream, purpose: 'data' });
      return {
        noise: { shape: [batch, 2], values },
        real: {
          shape: [batch, 2],
          values: data.map((t, i) => (i % 2 === 0 ? t + 1 : 0.3 * t + data[i - 1] ** 2)),
        },
      };
    },
    losses: ({ generator: { w1, b1, w2, b2 } }, { noise, real }) => {
      const made = noise.matMul(w1).add(b1).elu().matMul(w2).add(b2);
      return { generator: kernel(made, made).sub(kernel(made, real).mul(2)).add(kernel(real, real)) };
    },
  });
};
