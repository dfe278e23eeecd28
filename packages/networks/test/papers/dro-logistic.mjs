// Distributionally robust logistic regression: the adversary weighs the examples.
//   min over w, max over p in the simplex of Σ pᵢ log(1 + exp(−bᵢ aᵢ·w)) − (λ/2)‖n p − 1‖²
// Namkoong, Duchi 2016 (NeurIPS), with the χ² ball as a penalty, as in Yan, Xu, Lin, Liu, Yang 2020, arXiv
// 2006.06889.
const n = 16;
const a = Array.from({ length: n }, (_, i) => [0, 1, 2].map((j) => Math.cos(0.7 * i + 1.9 * j)));
const b = a.map(([x, y], i) => (x + 0.5 * y + 0.4 * Math.sin(3 * i) > 0 ? 1 : -1));

export default ({ problemFromLosses, start }) =>
  problemFromLosses({
    name: 'DRO logistic regression',
    players: { model: { w: [3, 1] }, weights: { p: start.constant([n], 1 / n) } },
    constraint: { weights: 'simplex' },
    data: { a, b },
    losses: ({ model, weights }, data) => {
      const margins = data.a.matMul(model.w).reshape([-1]).mul(data.b);
      const value = margins
        .neg()
        .softplus()
        .mul(weights.p)
        .sum()
        .sub(weights.p.mul(n).sub(1).square().sum().mul(0.005));
      return { model: value, weights: value.neg() };
    },
  });
