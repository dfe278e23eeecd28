/** The game on which a method's page shows it, and what can be seen there. */
export interface Shown {
  readonly game: string;
  /** The spec that runs; default: the method with its defaults. */
  readonly spec?: string;
  /** The spec of a method that is shown beside it, for comparison. */
  readonly beside?: string;
  /** Budget of oracle calls. Default 400. */
  readonly calls?: number;
  /** Why this game is chosen, in sentences. */
  readonly why: string;
}

const terms = 'A sum of 200 terms: one call is a gradient of them all, or 200 steps on one each.';
const sum = { game: 'logistic', beside: 'gda', calls: 60 } as const;
const growing =
  'A minimisation, x⁴ from x = 10: its curvature grows with its gradient. The step size of gradient descent ' +
  'that theory permits from there is 250 times shorter than the one near the solution.';
const quartic = { game: 'power(start=10)', beside: `gda(stepSize=${1 / 8032})` } as const;
/** What is said of methods that are for networks. */
export const network =
  'Adam’s methods are for networks, where gradients are sampled and their sizes differ from layer to ' +
  'layer, as in `npx stillpoint compare ring`. A small game only shows what they do if F turns: they circle the solution';

/** A minimisation whose condition number is some 1,000. */
const steep = 'ridge(examples=20, regularisation=0.0003)';

/** Methods that are shown on minimisations. */
export const onMinimisations: { readonly [method: string]: Shown } = {
  'clipped-gradient': {
    ...quartic,
    why: `${growing} Far away every step has the length ηc, near the solution the step size η.`,
  },
  'normalised-gradient': {
    ...quartic,
    why: `${growing} Far away every step has nearly the length η, near the solution nearly the step size η/β.`,
  },
  'generalised-smooth-gradient': {
    ...quartic,
    why: `${growing} The step size follows the gradient by what (L₀, L₁) permits, and nothing is tuned.`,
  },
  'clip-momentum': {
    ...quartic,
    spec: 'clip-momentum(momentum=0.9)',
    why: `${growing} The momentum carries it through the flat part, where gradients are short.`,
  },
  'normalised-momentum': {
    ...quartic,
    spec: 'normalised-momentum(stepSize={kind=cosine, from=0.2, to=0.001, steps=400})',
    why: `${growing} Every step has the length η, so the step size must decay.`,
  },
  sag: {
    ...sum,
    why: `${terms} The steps follow the mean of the last gradients of all of them.`,
  },
  saga: {
    ...sum,
    why: `${terms} Its direction is right in the mean, so that it may step further than \`sag\`.`,
  },
  'implicit-gradient': {
    game: 'stiff-regression',
    spec: 'implicit-gradient(stepSize=10000)',
    beside: 'gda',
    why:
      'Least squares whose curvature along one direction is a thousand times that along another: the step size ' +
      'that suits the first is far too short for the second. An implicit step may be as long as one likes; here it ' +
      'costs 20 products.',
  },
  'gauss-newton': {
    game: 'silu-teacher(examples=30, units=40)',
    spec: 'gauss-newton(damping=regularisation, step=armijo)',
    beside: 'gda(stepSize=1)',
    calls: 1500,
    why:
      'A network with one hidden layer learns another: 30 residuals and a pseudo-Huber regulariser. A step ' +
      'costs 30 products, and the curvature it knows is worth them.',
  },
  'askew-sgd': {
    game: 'two-moons(units=16, examples=300)',
    spec: 'askew-sgd(stepSize=0.5, anneal=0.8, every=20, hold=100)',
    beside: 'straight-through(stepSize=0.1)',
    calls: 1000,
    why:
      'A network of 48 weights of ±1 tells two half moons apart. The loss is that of the quantised network: ' +
      'it falls once the intervals are small, and weights then no longer change their sign.',
  },
  'straight-through': {
    game: 'two-moons(units=16, examples=300)',
    spec: 'straight-through(stepSize=0.1)',
    beside: 'askew-sgd(stepSize=0.5, anneal=0.8, every=20, hold=100)',
    calls: 1000,
    why:
      'A network of 48 weights of ±1 tells two half moons apart. Weights near 0 cross it again and again, and ' +
      'the loss jumps with each of them.',
  },
  'reweighted-conditional-gradient': {
    game: 'penalised-regression',
    spec: 'reweighted-conditional-gradient(step="line-search", concavity=3)',
    beside: 'conditional-gradient(step="line-search")',
    calls: 400,
    why:
      'Least squares with a squared ℓ₁ norm. The residual is that of this convex penalty: the method for the ' +
      'concave one ends elsewhere, where the large coefficients are shrunk less, so that this residual grows.',
  },
  admm: {
    game: 'convex-relu',
    spec: 'admm(stepSize=2)',
    beside: 'nesterov',
    calls: 3000,
    why:
      'The training of a small network as a convex program: least squares, with a norm and a cone for each of 24 ' +
      'groups of weights. A step solves a linear system of six equations, and costs as much as some four gradients.',
  },
  'augmented-lagrangian': {
    game: 'convex-relu',
    spec: 'augmented-lagrangian(stepSize=2)',
    beside: 'nesterov',
    calls: 3000,
    why:
      'The training of a small network as a convex program: least squares, with a norm and a cone for each of 24 ' +
      'groups of weights. A step is a smooth minimisation of a dozen gradients or more; few steps are needed.',
  },
  langevin: {
    game: 'double-well',
    spec: 'langevin(stepSize=0.5, inverseTemperature=80)',
    beside: 'gda(stepSize=0.5)',
    calls: 2000,
    why:
      'Two wells with a saddle between them. Gradient steps stay in the well where they begin; the sampler ' +
      'visits both, as often as exp(−βf) says.',
  },
  'sgd-momentum': {
    game: steep,
    beside: 'gda',
    calls: 400,
    why:
      'A minimisation: ridge regression, badly conditioned. With the same step size, momentum converges ' +
      'within a budget in which gradient descent does not.',
  },
  'heavy-ball': {
    game: steep,
    beside: 'gda',
    calls: 400,
    why:
      'A minimisation: ridge regression, badly conditioned. With the same step size, the steps add up along ' +
      'the flat directions, and the heavy ball converges within a budget in which gradient descent does not.',
  },
  nesterov: {
    game: steep,
    beside: 'gda',
    calls: 400,
    why:
      'A minimisation: ridge regression, badly conditioned. The momentum grows with the steps, and needs to ' +
      'know nothing of the conditioning; its price is the oscillation.',
  },
  'higher-momentum': {
    game: steep,
    beside: 'gda',
    calls: 400,
    why:
      'A minimisation: ridge regression, badly conditioned. Together the two shares, 0.2 and 0.5, lengthen the ' +
      'steps along flat directions by 1/(1 − 0.7).',
  },
  'schedule-free': {
    game: steep,
    beside: 'average(gda)',
    calls: 400,
    why:
      'A minimisation: ridge regression. The average of plain gradient steps, which have no schedule either, ' +
      'is slower than that of steps whose gradients are taken near the average.',
  },
  sam: {
    game: steep,
    beside: 'gda',
    calls: 400,
    why:
      'A minimisation: ridge regression. Its gradients are those of the worst point nearby, so that it stays ' +
      'at a distance from the solution; what it is for, flat minima of networks, no small problem shows.',
  },
  lbfgs: {
    game: steep,
    beside: 'gda',
    calls: 400,
    why:
      'A minimisation: ridge regression. From a few past steps it learns the curvature, and converges in less ' +
      'than half of the calls in which gradient descent does not. Each trial of its line search costs a gradient and a loss.',
  },
  adamw: {
    game: 'ridge',
    spec: 'adamw(stepSize=0.05)',
    beside: 'adam(stepSize=0.05)',
    why:
      'A minimisation: ridge regression. The weight decay pulls towards 0, so that it ends beside the ' +
      'solution, where Adam goes on towards it.',
  },
  'schedule-free-adamw': {
    game: 'ridge',
    spec: 'schedule-free-adamw(stepSize=0.05)',
    beside: 'adam(stepSize=0.05)',
    why:
      'A minimisation: ridge regression. Nothing is sampled here, so that the average only lags behind Adam’s ' +
      'own steps; it is for networks, whose gradients are noisy.',
  },
  muon: {
    game: 'ridge',
    spec: 'muon(stepSize=0.05)',
    beside: 'adamw(stepSize=0.05, weightDecay=0.1)',
    why:
      'Where no matrices are named, as here, it is AdamW, and both runs are the same: it is for the hidden ' +
      'layers of networks.',
  },
};
