/** The game on which a method's page shows it, and what is to be seen there. */
export interface Shown {
  readonly game: string;
  /** The spec that runs; default: the method with its defaults. */
  readonly spec?: string;
  /** Shown beside it, for what it does better. */
  readonly beside?: string;
  /** Oracle calls at most. Default 400. */
  readonly calls?: number;
  /** Why this game: sentences. */
  readonly why: string;
}

const turning = 'F only turns here: simultaneous gradient steps spiral out for every step size.';
const turn = { game: 'bilinear', beside: 'gda(stepSize=0.3)' } as const;
const outwards =
  'F pushes outwards here (ρ = −0.2/L): extragradient diverges, whatever its step size; a second step ' +
  'that is short against the first one does not.';
const push = { game: 'linear(weakMinty=-0.2)', beside: 'extragradient(stepSize=0.9)' } as const;
const network =
  'Adam’s methods are for networks, where gradients are sampled and their sizes differ from layer to ' +
  'layer: `npx stillpoint compare ring` runs such. A small game shows only what they do where F turns';

/** A minimisation whose condition number is some 1,000. */
const steep = 'ridge(examples=20, regularisation=0.0003)';

/** By method. A method that is not here is shown on the first usual game that it solves. */
export const shown: { readonly [method: string]: Shown } = {
  gda: {
    game: 'linear(weakMinty=0.2)',
    spec: 'gda(stepSize=0.2)',
    why:
      'F pulls inwards here (it is cocoercive, ρ = 0.2): the one case in which plain gradient steps ' +
      'converge. On `bilinear` they spiral out for every step size.',
  },
  'alternating-gda': {
    ...turn,
    spec: 'alternating-gda(stepSize=0.3)',
    why:
      `${turning} When the second player moves after the first one has moved, the steps keep to a ` +
      'bounded orbit; they do not converge either.',
  },
  extragradient: {
    ...turn,
    spec: 'extragradient(stepSize=0.7)',
    why: `${turning} The look ahead turns the step inwards.`,
  },
  'forward-backward-forward': {
    ...turn,
    spec: 'forward-backward-forward(stepSize=0.7)',
    why:
      `${turning} Without constraints the method is extragradient; with them it needs one projection ` +
      'a step instead of two.',
  },
  'past-extragradient': {
    ...turn,
    spec: 'past-extragradient(stepSize=0.45)',
    why: `${turning} The gradient of the step before saves half of extragradient’s calls.`,
  },
  ogda: {
    ...turn,
    spec: 'ogda(stepSize=0.45)',
    why:
      `${turning} The correction by the gradient of the step before is enough to converge, at one ` +
      'call a step.',
  },
  'forward-reflected-backward': {
    ...turn,
    spec: 'forward-reflected-backward(stepSize=0.45)',
    why: `${turning} One call and one projection a step.`,
  },
  'projected-reflected-gradient': {
    ...turn,
    spec: 'projected-reflected-gradient(stepSize=0.4)',
    why: `${turning} One call a step, at the point reflected in the last one.`,
  },
  graal: {
    ...turn,
    spec: 'graal(stepSize=0.7)',
    why: `${turning} One call a step, and a longer step than ogda may take.`,
  },
  'adaptive-graal': {
    ...turn,
    why: `${turning} The method is not told L: it finds its step size from the last two gradients.`,
  },
  'proximal-point': {
    ...turn,
    spec: 'proximal-point(stepSize=2)',
    calls: 600,
    why:
      `${turning} The implicit step converges for every step size, here twice 1/L; its inner loop is ` +
      'what the calls are for.',
  },
  halpern: {
    game: 'linear(weakMinty=0.2)',
    spec: 'halpern(stepSize=0.4)',
    why:
      'F is cocoercive here, as the theory asks. Each step is drawn back to the start, less and less; ' +
      'the residual falls like 1/k.',
  },
  'eag-c': {
    ...turn,
    calls: 2000,
    why:
      `${turning} Each step is drawn back to the start, less and less: the last point’s ‖F‖ falls ` +
      'like 1/k, as the theorem says and no faster on this game.',
  },
  'eag-v': {
    ...turn,
    calls: 2000,
    why: `${turning} As eag-c, with the longer steps that its theorem allows.`,
  },
  feg: { ...turn, why: `${turning} On this game the method reaches the solution after some steps exactly.` },
  'anchored-popov': {
    ...turn,
    spec: 'anchored-popov(stepSize=0.1)',
    calls: 2000,
    why: `${turning} As eag-c, at one call a step.`,
  },
  'double-loop-halpern': {
    game: 'linear(weakMinty=-0.6)',
    beside: 'eg-plus(stepSize=0.95, relaxation=0.05)',
    spec: 'double-loop-halpern(stepSize=0.9)',
    calls: 4000,
    why:
      'F pushes outwards so far (ρ = −0.6/L) that no theorem of a single loop applies. The resolvent ' +
      'is still nonexpansive after relaxation, and this method goes by resolvents.',
  },
  'eg-plus': { ...push, spec: 'eg-plus(stepSize=0.9)', calls: 600, why: outwards },
  'ceg-plus': {
    ...push,
    spec: 'ceg-plus(stepSize=0.9)',
    calls: 600,
    why: `${outwards} With constraints it is the method to take in place of eg-plus.`,
  },
  'adaptive-eg-plus': {
    game: 'global-forsaken',
    beside: 'gda',
    why:
      'Gradient steps keep to a cycle here, though the solution satisfies weak Minty. The method ' +
      'finds the length of its second step itself.',
  },
  'curvature-eg-plus': {
    game: 'forsaken',
    beside: 'extragradient',
    spec: 'curvature-eg-plus(safety=0.8, shrink=0.8)',
    calls: 800,
    why:
      'One solution inside an attracting cycle. Steps of at most 1/L stay on the cycle; where F is ' +
      'flat this method takes longer ones, and leaves it.',
  },
  'multi-step-extragradient': {
    game: 'linear(weakMinty=-0.4)',
    beside: 'extragradient(stepSize=0.9)',
    spec: 'multi-step-extragradient(stepSize=0.95, innerSteps=4, relaxation=0.1)',
    calls: 2200,
    why: 'F pushes far outwards here (ρ = −0.4/L). More steps of exploration look further ahead.',
  },
  'ogda-plus': {
    game: 'linear(weakMinty=-0.25)',
    beside: 'ogda(stepSize=0.45)',
    spec: 'ogda-plus(relaxation=0.2)',
    why:
      'F pushes outwards here (ρ = −0.25/L): ogda diverges. A second gradient that counts less than ' +
      'the first, and a longer step, make up for it, at one call a step.',
  },
  'bc-seg-plus': {
    game: 'stochastic-quadratic(weakMinty=-0.1)',
    calls: 6000,
    why:
      'F pushes outwards and every gradient is noisy (σ = 0.1). Only the relaxation falls; the step ' +
      'size stays long. The residual is that of the mean of F.',
  },
  rapp: {
    game: 'linear(weakMinty=-0.4)',
    beside: 'extragradient(stepSize=0.9)',
    spec: 'rapp(stepSize=0.95, innerSteps=30, weight=0.4)',
    calls: 2400,
    why:
      'F pushes far outwards here (ρ = −0.4/L). The inner loop comes near the resolvent, and moving ' +
      'only part of the way to it keeps the step nonexpansive.',
  },
  app: {
    ...turn,
    spec: 'app(stepSize=0.7)',
    why: `${turning} The inner loop comes near the implicit step. Where F pushes outwards take rapp.`,
  },
  km: {
    ...push,
    spec: 'km(stepSize=0.9)',
    calls: 2000,
    why:
      'F pushes outwards here (ρ = −0.2/L). The inner loop runs until its error is below a summable ' +
      'bound.',
  },
  'mirror-prox': {
    game: 'matrix-game(matrix=[[2,-1],[-1,1]])',
    spec: 'mirror-prox(stepSize=0.5)',
    beside: 'gda(stepSize=0.5)',
    why: 'Each player mixes its choices: a point on a simplex, for which the entropy geometry is made.',
  },
  'optimistic-mirror-descent': {
    game: 'matrix-game(matrix=[[2,-1],[-1,1]])',
    spec: 'optimistic-mirror-descent(stepSize=0.3)',
    beside: 'gda(stepSize=0.3)',
    why:
      'Each player mixes its choices: a point on a simplex, for which the entropy geometry is made. ' +
      'One call a step.',
  },
  consensus: {
    ...turn,
    spec: 'consensus(stepSize=0.3)',
    why: `${turning} The gradient of ½‖F‖² pulls inwards.`,
  },
  'symplectic-adjustment': {
    ...turn,
    spec: 'symplectic-adjustment(stepSize=0.3)',
    why: `${turning} The adjustment takes the antisymmetric part of J, which is all there is here.`,
  },
  'competitive-gradient': {
    ...turn,
    spec: 'competitive-gradient(stepSize=1)',
    why: `${turning} The players are coupled and nothing else: each step solves that coupling.`,
  },
  'follow-the-ridge': {
    game: 'quadratic(convex=[[-6]], coupling=[[4]], concave=[[2]])',
    beside: 'gda(stepSize=0.05)',
    spec: 'follow-the-ridge(stepSize=0.05)',
    why:
      'min over x of max over y of −3x² + 4xy − y², the source’s first example: 0 is a local minimax ' +
      'point that is no local Nash point, and simultaneous steps leave it.',
  },
  'sgd-momentum': {
    game: steep,
    beside: 'gda',
    calls: 400,
    why:
      'A minimisation: ridge regression, badly conditioned. With the same step size, momentum converges ' +
      'within a budget in which gradient descent does not.',
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
      'A minimisation: ridge regression. From a few past steps it learns the curvature, and converges in a ' +
      'third of the calls in which gradient descent does not. Each trial of its line search costs a gradient and a loss.',
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
    why: 'A minimisation: ridge regression. The average is calmer than Adam’s own steps.',
  },
  muon: {
    game: 'ridge',
    spec: 'muon(stepSize=0.05)',
    beside: 'adamw(stepSize=0.05, weightDecay=0.1)',
    why:
      'Where no matrices are named, as here, it is AdamW, and both runs are the same: it is for the hidden ' +
      'layers of networks.',
  },
  adam: {
    game: 'bilinear',
    spec: 'adam(stepSize=0.05)',
    why: `${network}: round the solution, and away from it.`,
  },
  amsgrad: {
    game: 'bilinear',
    spec: 'amsgrad(stepSize=0.05)',
    why: `${network}: round the solution, and away from it.`,
  },
  'alternating-adam': {
    game: 'bilinear',
    spec: 'alternating-adam(stepSize=0.05)',
    why: `${network}: round the solution, and away from it.`,
  },
  'extra-adam': {
    game: 'bilinear',
    beside: 'adam(stepSize=0.05)',
    spec: 'extra-adam(stepSize=0.05)',
    why: `${network}: round the solution, and away from it more slowly than Adam.`,
  },
  'optimistic-adam': {
    game: 'bilinear',
    spec: 'optimistic-adam(stepSize=0.05)',
    why: `${network}: round the solution, and away from it.`,
  },
  'rapp-adam': {
    game: 'bilinear',
    beside: 'adam(stepSize=0.05)',
    spec: 'rapp-adam(stepSize=0.05)',
    why: `${network}: round the solution, and away from it more slowly than Adam.`,
  },
  lookahead: {
    game: 'forsaken',
    beside: 'gda',
    spec: 'lookahead(gda(stepSize=0.08), steps=40)',
    calls: 1000,
    why:
      'One solution inside an attracting cycle: gradient steps stay on the cycle. Drawing back every ' +
      '40 steps to a point between cuts across it.',
  },
  average: {
    game: 'bilinear',
    beside: 'alternating-gda(stepSize=0.5)',
    spec: 'average(alternating-gda(stepSize=0.5))',
    why: 'The method inside goes round the solution for ever; the mean of its points converges.',
  },
  ema: {
    game: 'bilinear',
    beside: 'alternating-gda(stepSize=0.5)',
    spec: 'ema(alternating-gda(stepSize=0.5), decay=0.98)',
    why: 'The method inside goes round the solution for ever; an average over some periods lies much nearer.',
  },
  transform: {
    game: 'bilinear',
    beside: 'alternating-gda(stepSize=0.8)',
    spec: 'transform(alternating-gda(stepSize=0.8), momentum(decay=-0.5))',
    why:
      'Alternating steps go round the solution for ever. With the gradient put through *negative* ' +
      'momentum they converge (Gidel et al. 2019, arXiv 1807.04740).',
  },
};
