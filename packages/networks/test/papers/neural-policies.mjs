// A zero-sum game of two neural policies: in each state s both draw an action, and one pays the other A_s.
//   min over θ, max over φ of (1/n) Σ_s π_θ(s)ᵀ A_s μ_φ(s),  π, μ softmax policies of small networks
// Shapley 1953 (stochastic games of one stage); Daskalakis, Foster, Golowich 2020, arXiv 2101.04233, with
// policies' parameters.
const n = 10;
const states = Array.from({ length: n }, (_, i) => [Math.cos(i), Math.sin(i), Math.cos(2 * i)]);
const payments = states.map((_, i) =>
  [0, 1, 2].map((j) => [0, 1, 2].map((k) => Math.sin(i + 2 * j - 3 * k))),
);

export default ({ tf, problemFromLosses, mlp, parametersOf, applyNetwork }) => {
  const net = mlp({ sizes: [3, 5, 3] });
  const policy = (own, s) => tf.softmax(applyNetwork(net, own, s));
  return problemFromLosses({
    name: 'neural policies',
    players: { payer: parametersOf(net), payee: parametersOf(net) },
    data: { states, payments },
    losses: ({ payer, payee }, data) => {
      const paid = tf.einsum('si,sij->sj', policy(payer, data.states), data.payments);
      const value = paid.mul(policy(payee, data.states)).sum(1).mean();
      return { payer: value, payee: value.neg() };
    },
  });
};
