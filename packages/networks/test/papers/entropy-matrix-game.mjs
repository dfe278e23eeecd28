// A matrix game with entropy: its equilibrium is the logit quantal response equilibrium.
//   min over x, max over y of xᵀAy + τ Σ xᵢ log xᵢ − τ Σ yⱼ log yⱼ,  x = softmax(s), y = softmax(t)
// McKelvey, Palfrey 1995; Cen, Wei, Chi 2021 (NeurIPS), arXiv 2105.15186.
const A = [
  [0, -1, 2, 0.5],
  [1, 0, -1, -0.5],
  [-2, 1, 0, 1],
];

export default ({ tf, problemFromLosses }) => {
  const entropy = (logits) => tf.softmax(logits).mul(tf.logSoftmax(logits)).sum().neg();
  return problemFromLosses({
    name: 'quantal response',
    players: { row: { s: [3] }, column: { t: [4] } },
    losses: ({ row, column }) => {
      const value = tf.dot(tf.dot(tf.softmax(row.s), A), tf.softmax(column.t));
      const total = value.sub(entropy(row.s).mul(0.2)).add(entropy(column.t).mul(0.2));
      return { row: total, column: total.neg() };
    },
  });
};
