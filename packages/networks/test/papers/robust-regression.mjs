// Robust least squares as a game: the adversary moves the targets y0, at the price λ > 1 of a squared
// distance.
//   min over x, max over y of ‖Ax − y‖²/n − λ‖y − y0‖²/n
// El Ghaoui, Lebret 1997 (SIAM J. Matrix Anal. 18); in this form: Yang, Kiyavash, He 2020, arXiv 2002.09621.
const rows = 20;
const A = Array.from({ length: rows }, (_, i) => [0, 1, 2, 3].map((j) => Math.sin(1.3 * i + 2.1 * j + 0.5)));
const y0 = A.map(([a, b, c, d], i) => a - 2 * b + 0.5 * c + d + 0.3 * Math.cos(5 * i));

export default ({ tf, problemFromLosses }) =>
  problemFromLosses({
    name: 'robust least squares',
    players: { model: { x: [4, 1] }, adversary: { y: [rows] } },
    data: { A, y0 },
    losses: ({ model, adversary }, data) => {
      const fit = data.A.matMul(model.x).squeeze([1]).sub(adversary.y).square().mean();
      const price = adversary.y.sub(data.y0).square().mean().mul(3);
      const value = fit.sub(price);
      return { model: value, adversary: tf.neg(value) };
    },
  });
