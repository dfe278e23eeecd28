import { network, onMinimisations, type Shown } from './shown-minimisations.js';

const turning = 'F only turns here: simultaneous gradient steps spiral out for every step size.';
const turn = { game: 'bilinear', beside: 'gda(stepSize=0.3)' } as const;
const outwards =
  'F pushes outwards here (ρ = −0.2/L): extragradient diverges with every step size. With a second step ' +
  'that is much shorter than the first it converges.';
const push = { game: 'linear(weakMinty=-0.2)', beside: 'extragradient(stepSize=0.9)' } as const;

/** By method. A method that is not here is shown on the first usual game that it solves. */
export const shown: { readonly [method: string]: Shown } = {
  ...onMinimisations,
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
      `${turning} If the second player moves after the first one has moved, the steps stay on a ` +
      'bounded orbit; they do not converge either.',
  },
  extragradient: {
    ...turn,
    spec: 'extragradient(stepSize=0.7)',
    why: `${turning} The gradient at a point ahead turns the step inwards.`,
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
    why: `${turning} It uses the gradient of the previous step, which saves half of extragradient’s calls.`,
  },
  ogda: {
    ...turn,
    spec: 'ogda(stepSize=0.45)',
    why:
      `${turning} The correction by the previous step’s gradient is enough to converge, at one ` +
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
    why: `${turning} One call a step, at the reflection of the previous point in the current one.`,
  },
  graal: {
    ...turn,
    spec: 'graal(stepSize=0.7)',
    why: `${turning} One call a step, and a longer step than ogda allows.`,
  },
  'adaptive-graal': {
    ...turn,
    why: `${turning} The method does not need L: it computes its step size from the last two gradients.`,
  },
  'proximal-point': {
    ...turn,
    spec: 'proximal-point(stepSize=2)',
    calls: 600,
    why:
      `${turning} The implicit step converges for every step size, here twice 1/L; most of ` +
      'its calls are those of the inner loop.',
  },
  halpern: {
    game: 'linear(weakMinty=0.2)',
    spec: 'halpern(stepSize=0.4)',
    why:
      'F is cocoercive here, as the theory requires. Each step is pulled back to the start, less and less; ' +
      'the residual falls like 1/k.',
  },
  'eag-c': {
    ...turn,
    calls: 2000,
    why:
      `${turning} Each step is pulled back to the start, less and less: the last point’s ‖F‖ falls ` +
      'like 1/k, as the theorem says, and no faster on this game.',
  },
  'eag-v': {
    ...turn,
    calls: 2000,
    why: `${turning} As eag-c, with the longer steps that its theorem allows.`,
  },
  feg: { ...turn, why: `${turning} On this game the method reaches the solution exactly after some steps.` },
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
      'is still nonexpansive after relaxation, and this method is built on resolvents.',
  },
  'eg-plus': { ...push, spec: 'eg-plus(stepSize=0.9)', calls: 600, why: outwards },
  'ceg-plus': {
    ...push,
    spec: 'ceg-plus(stepSize=0.9)',
    calls: 600,
    why: `${outwards} With constraints it replaces eg-plus.`,
  },
  'adaptive-eg-plus': {
    game: 'global-forsaken',
    beside: 'gda',
    why:
      'Gradient steps stay on a cycle here, though the solution satisfies weak Minty. The method ' +
      'computes the length of its second step itself.',
  },
  'curvature-eg-plus': {
    game: 'forsaken',
    beside: 'extragradient',
    spec: 'curvature-eg-plus(safety=0.8, shrink=0.8)',
    calls: 800,
    why:
      'One solution inside an attracting cycle. Steps of at most 1/L stay on the cycle. Where F is ' +
      'flat, this method takes longer steps, and leaves the cycle.',
  },
  'multi-step-extragradient': {
    game: 'linear(weakMinty=-0.4)',
    beside: 'extragradient(stepSize=0.9)',
    spec: 'multi-step-extragradient(stepSize=0.95, innerSteps=4, relaxation=0.1)',
    calls: 2200,
    why: 'F pushes far outwards here (ρ = −0.4/L). More exploration steps reach further ahead.',
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
    game: 'sampled-quadratic(weakMinty=-0.1)',
    calls: 6000,
    why:
      'F pushes outwards and every gradient is noisy (σ = 0.1). Only the relaxation falls; the step ' +
      'size stays long. The residual is that of the mean of F.',
  },
  coda: {
    game: 'min-max-auc',
    beside: 'gda(stepSize=0.1)',
    spec: 'coda(stepSize=0.1, steps=640)',
    calls: 50,
    why:
      'Gradients come from batches of 32 examples. gda stays at a distance from the saddle point that its ' +
      'step size sets; coda restarts at the mean of each stage of 640 steps, with a third of the step size.',
  },
  greedy: {
    game: 'minimax-f1',
    beside: 'gda(stepSize=0.05)',
    spec: 'greedy(stepSize=0.05)',
    calls: 4000,
    why:
      'The minimax point 0 of −3x² − y² + 4xy is a maximum in x, so gradient steps leave it. Here x ' +
      'proposes random moves, y climbs to its best response to each, and a move is kept if f is then lower. ' +
      'The run ends near 0, after 21 proposals in a row that did not lower f.',
  },
  'greedy-adam': {
    game: 'minimax-f3',
    beside: 'alternating-adam(stepSize=0.05)',
    spec: 'greedy-adam(stepSize=[0.2,0.1], ascentSteps=20, proposer=0, rate=50)',
    calls: 4000,
    why:
      'It is for GANs, as in `npx stillpoint compare ring`. On this game steps of Adam in turn circle the ' +
      'minimax point. Here y answers each step of x with 20 of its own, and a step after which f is not ' +
      'lower is mostly undone.',
  },
  'clipped-extragradient': {
    game: 'exponential-saddle(start=8)',
    beside: 'extragradient(stepSize=0.004)',
    why:
      'F grows exponentially with the distance. From here extragradient diverges with a step size of 0.005, ' +
      'though 0.5 suits the solution. With the clip the steps far away have the length γc, those near the ' +
      'solution the step size γ.',
  },
  'generalised-smooth-extragradient': {
    game: 'exponential-saddle(start=8)',
    beside: 'extragradient(stepSize=0.004)',
    why:
      'F grows exponentially with the distance. From here extragradient diverges with a step size of 0.005, ' +
      'though 0.5 suits the solution. Here the step size follows ‖F‖ by what (L₀, L₁) permits, and nothing ' +
      'is tuned.',
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
    why: `${turning} The inner loop comes near the implicit step. If F pushes outwards, take rapp.`,
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
    why: 'Each player mixes its choices: its part of z is a point on a simplex, for which the geometry of entropy is suited.',
  },
  'optimistic-mirror-descent': {
    game: 'matrix-game(matrix=[[2,-1],[-1,1]])',
    spec: 'optimistic-mirror-descent(stepSize=0.3)',
    beside: 'gda(stepSize=0.3)',
    why:
      'Each player mixes its choices: its part of z is a point on a simplex, for which the geometry of entropy is suited. ' +
      'One call a step.',
  },
  'conditional-gradient': {
    game: 'sparse-regression',
    beside: 'conditional-gradient(step="open-loop")',
    spec: 'conditional-gradient(step="line-search")',
    calls: 1000,
    why:
      'Least squares on an ℓ₁ ball: each step goes towards one of its corners, along one coordinate, and nothing ' +
      'is projected. Beside the line search, which asks for losses, too: the steps 2/(k + 2).',
  },
  consensus: {
    ...turn,
    spec: 'consensus(stepSize=0.3)',
    why: `${turning} The gradient of ½‖F‖² pulls inwards.`,
  },
  'symplectic-adjustment': {
    ...turn,
    spec: 'symplectic-adjustment(stepSize=0.3)',
    why: `${turning} The adjustment uses the antisymmetric part of J, which is all of J here.`,
  },
  'competitive-gradient': {
    ...turn,
    spec: 'competitive-gradient(stepSize=1)',
    why: `${turning} F consists of the coupling of the players alone, and each step solves that coupling.`,
  },
  'follow-the-ridge': {
    game: 'quadratic(convex=[[-6]], coupling=[[4]], concave=[[2]])',
    beside: 'gda(stepSize=0.05)',
    spec: 'follow-the-ridge(stepSize=0.05)',
    why:
      'min over x of max over y of −3x² + 4xy − y², the source’s first example: 0 is a local minimax ' +
      'point that is no local Nash point, and simultaneous steps leave it.',
  },
  adam: {
    game: 'bilinear',
    spec: 'adam(stepSize=0.05)',
    why: `${network} and move away from it.`,
  },
  amsgrad: {
    game: 'bilinear',
    spec: 'amsgrad(stepSize=0.05)',
    why: `${network} and move away from it.`,
  },
  'alternating-adam': {
    game: 'bilinear',
    spec: 'alternating-adam(stepSize=0.05)',
    why: `${network} and move away from it.`,
  },
  'extra-adam': {
    game: 'bilinear',
    beside: 'adam(stepSize=0.05)',
    spec: 'extra-adam(stepSize=0.05)',
    why: `${network} and move away from it, more slowly than Adam.`,
  },
  'optimistic-adam': {
    game: 'bilinear',
    spec: 'optimistic-adam(stepSize=0.05)',
    why: `${network} and move away from it.`,
  },
  'optimistic-adagrad': {
    game: 'one-sided(dimension=3, start=2)',
    beside: 'optimistic-adam(stepSize=0.05)',
    spec: 'optimistic-adagrad(stepSize=0.2)',
    why:
      'The gradient of y never falls below 1 here; y stops at its bound, and x converges. The steps fall by ' +
      'themselves, as the sum of squares grows.',
  },
  'amsgrad-extragradient': {
    game: 'one-sided(dimension=3, start=2)',
    beside: 'adam(stepSize=0.05)',
    spec: 'amsgrad-extragradient(stepSize=0.05)',
    why: 'The gradient of y never falls below 1 here; y stops at its bound, and x converges.',
  },
  'amsgrad-extragradient-drd': {
    game: 'one-sided(dimension=3, start=2)',
    beside: 'amsgrad-extragradient(stepSize=0.05)',
    spec: 'amsgrad-extragradient-drd(stepSize=0.05)',
    calls: 800,
    why:
      'The gradient of y never falls below 1 here. y moves ever more slowly and reaches its bound later, which ' +
      'the residual shows; x converges all the same.',
  },
  'rapp-adam': {
    game: 'bilinear',
    beside: 'adam(stepSize=0.05)',
    spec: 'rapp-adam(stepSize=0.05)',
    why: `${network} and move away from it, more slowly than Adam.`,
  },
  lookahead: {
    game: 'forsaken',
    beside: 'gda',
    spec: 'lookahead(gda(stepSize=0.08), steps=40)',
    calls: 1000,
    why:
      'One solution inside an attracting cycle: gradient steps stay on the cycle. Moving back every ' +
      '40 steps to a point between the current and the last such point leads across the cycle.',
  },
  average: {
    game: 'bilinear',
    beside: 'alternating-gda(stepSize=0.5)',
    spec: 'average(alternating-gda(stepSize=0.5))',
    why: 'The method inside circles the solution for ever; the mean of its points converges.',
  },
  ema: {
    game: 'bilinear',
    beside: 'alternating-gda(stepSize=0.5)',
    spec: 'ema(alternating-gda(stepSize=0.5), decay=0.98)',
    why: 'The method inside circles the solution for ever; an average over some periods is much nearer to it.',
  },
  transform: {
    game: 'bilinear',
    beside: 'alternating-gda(stepSize=0.8)',
    spec: 'transform(alternating-gda(stepSize=0.8), momentum(decay=-0.5))',
    why:
      'Alternating steps circle the solution for ever. If the gradient goes through *negative* ' +
      'momentum, they converge (Gidel et al. 2019, arXiv 1807.04740).',
  },
};
