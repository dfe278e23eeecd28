// Three players' matching pennies: the first wants to match the second, the second the third, the third to
// differ from the first. Best responses cycle; the only equilibrium is (½, ½) for everyone.
//   losses: −⟨x, y⟩, −⟨y, z⟩, ⟨z, x⟩, each strategy in the simplex
// Jordan 1993 (Games and Economic Behavior 5), "Three problems in learning mixed-strategy Nash equilibria".
export default ({ tf, problemFromLosses, start }) =>
  problemFromLosses({
    name: 'three players’ matching pennies',
    players: {
      first: { x: { shape: [2], fill: (values) => values.set([0.9, 0.1]) } },
      second: { x: { shape: [2], fill: (values) => values.set([0.2, 0.8]) } },
      third: { x: start.constant([2], 0.5) },
    },
    constraint: { first: 'simplex', second: 'simplex', third: 'simplex' },
    losses: ({ first, second, third }) => ({
      first: tf.dot(first.x, second.x).neg(),
      second: tf.dot(second.x, third.x).neg(),
      third: tf.dot(third.x, first.x),
    }),
  });
