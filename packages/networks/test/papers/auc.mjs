// Maximisation of the area under the ROC curve as a saddle point, in batches.
//   min over w, a, b, max over α of E[(1 − p)(w·x − a)² 1₊ + p (w·x − b)² 1₋
//     + 2(1 + α)(p w·x 1₋ − (1 − p) w·x 1₊) − p(1 − p)α²],  p the share of positives
// Ying, Wen, Lyu 2016 (NeurIPS), "Stochastic Online AUC Maximization", theorem 1.
const rows = 24;
const x = Array.from({ length: rows }, (_, i) => [0, 1, 2].map((j) => Math.sin(0.9 * i + 1.7 * j)));
const positive = x.map(([s, t], i) => (i % 3 === 0 || s + t > 1.2 ? 1 : 0));
const p = positive.reduce((sum, label) => sum + label, 0) / rows;

export default ({ tf, problemFromLosses }) =>
  problemFromLosses({
    name: 'AUC maximisation',
    players: { scorer: { w: [3, 1], a: [], b: [] }, dual: { alpha: [] } },
    data: { x, positive },
    batch: 8,
    losses: ({ scorer, dual }, data) => {
      const score = tf.reshape(tf.matMul(data.x, scorer.w), [-1]);
      const negative = tf.sub(1, data.positive);
      const value = tf
        .mean(
          tf.addN([
            tf.mul(1 - p, tf.mul(tf.square(tf.sub(score, scorer.a)), data.positive)),
            tf.mul(p, tf.mul(tf.square(tf.sub(score, scorer.b)), negative)),
            tf.mul(
              tf.mul(2, tf.add(1, dual.alpha)),
              tf.mul(score, tf.sub(tf.mul(p, negative), tf.mul(1 - p, data.positive))),
            ),
          ]),
        )
        .sub(dual.alpha.square().mul(p * (1 - p)));
      return { scorer: value, dual: value.neg() };
    },
  });
