// Two levels as a game: the upper player chooses the weight decay e^λⱼ of each coefficient by the validation
// loss of the lower player's weights after one gradient step; the lower player minimises the training loss.
//   upper: V(w − η ∇T(w, λ)),  lower: T(w, λ) = ‖Xw − y‖²/n + Σ e^λⱼ wⱼ²
// Liu, Simonyan, Yang 2019 (ICLR), "DARTS", arXiv 1806.09055, equation 6.
const make = (rows, shift) => {
  const X = Array.from({ length: rows }, (_, i) =>
    [0, 1, 2, 3, 4].map((j) => Math.sin(1.1 * i + 2.3 * j + shift)),
  );
  return [X, X.map(([a, b], i) => [1.5 * a - b + 0.3 * Math.cos(4 * i + shift)])];
};
const [X, y] = make(10, 0);
const [Xv, yv] = make(8, 1);

export default ({ tf, problemFromLosses, start }) =>
  problemFromLosses({
    name: 'weight decay by one unrolled step',
    players: { upper: { lambda: start.constant([5, 1], -2) }, lower: { w: [5, 1] } },
    losses: ({ upper, lower }) => {
      const training = (w) =>
        tf
          .tensor(X)
          .matMul(w)
          .sub(tf.tensor(y))
          .square()
          .mean()
          .add(upper.lambda.exp().mul(w.square()).sum());
      const stepped = lower.w.sub(tf.grad(training)(lower.w).mul(0.1));
      return {
        upper: tf.tensor(Xv).matMul(stepped).sub(yv).square().mean(),
        lower: training(lower.w),
      };
    },
  });
