// Fair classification: logistic regression whose scores may not covary with a group by more than c, by
// multipliers.
//   min over w, max over λ >= 0 of (1/n) Σ log(1 + exp(−yᵢ xᵢ·w)) + λ₁(cov(w) − c) + λ₂(−cov(w) − c)
//   cov(w) = (1/n) Σ (sᵢ − s̄) xᵢ·w
// Zafar, Valera, Gomez Rodriguez, Gummadi 2017 (AISTATS), arXiv 1507.05259; as a game: Cotter et al. 2019,
// arXiv 1804.06500.
const rows = 20;
const x = Array.from({ length: rows }, (_, i) => [1, Math.sin(1.2 * i), Math.cos(2.1 * i)]);
const group = x.map(([, a], i) => (a + 0.5 * Math.sin(5 * i) > 0 ? 1 : 0));
const y = x.map(([, a, b], i) => (a + 0.3 * b + 0.4 * Math.cos(7 * i) > 0 ? 1 : -1));
const mean = group.reduce((sum, s) => sum + s, 0) / rows;
const c = 0.02;

export default ({ tf, problemFromLosses }) =>
  problemFromLosses({
    name: 'fair classification',
    players: { model: { w: [3] }, multipliers: { lambda: [2] } },
    constraint: { multipliers: 'nonnegative' },
    data: { x, y, group },
    losses: ({ model, multipliers }, data) => {
      const score = tf.dot(data.x, model.w);
      const loss = score.mul(data.y).neg().softplus().mean();
      const covariance = data.group.sub(mean).mul(score).mean();
      const violations = tf.stack([covariance.sub(c), covariance.neg().sub(c)]);
      const lagrangian = loss.add(tf.dot(multipliers.lambda, violations));
      return { model: lagrangian, multipliers: lagrangian.neg() };
    },
  });
