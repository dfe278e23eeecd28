// A physics-informed network for −u″ = π² sin(πx) on (0, 1), u(0) = u(1) = 0; the solution is sin(πx).
// The residual has the equation at the collocation points and both boundary conditions.
// Raissi, Perdikaris, Karniadakis 2019 (J. Comput. Phys. 378), arXiv 1711.10561.
const points = Array.from({ length: 12 }, (_, i) => (i + 0.5) / 12);

export default ({ tf, problemFromResiduals, start }) => {
  const u = ({ w1, b1, w2, b2 }, x) => tf.matMul(tf.tanh(x.matMul(w1).add(b1)), w2).add(b2);
  return problemFromResiduals({
    name: 'Poisson PINN',
    parameters: { w1: start.normal([1, 8], 2), b1: start.normal([8], 1), w2: [8, 1], b2: [1] },
    residual: (parameters) => {
      const x = tf.tensor2d(points, [points.length, 1]);
      const slope = tf.grad((at) => u(parameters, at));
      const curvature = tf.grad(slope)(x);
      const equation = curvature.add(tf.sin(x.mul(Math.PI)).mul(Math.PI ** 2));
      const boundary = u(parameters, tf.tensor2d([[0], [1]]));
      return tf.concat([equation.div(10), boundary]);
    },
  });
};
