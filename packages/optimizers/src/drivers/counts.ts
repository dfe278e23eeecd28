import type { Counts } from '@stillpoint/operators';

/** What was counted before anything was asked. */
export function noCounts(players: number): Counts {
  return { steps: 0, gradients: Array<number>(players).fill(0), losses: 0, products: 0, draws: [], last: [] };
}

/**
 * "Oracle calls": the largest number of gradients that any one player was asked for. Curves are drawn against
 * it.
 */
export function oracleCalls({ gradients }: Pick<Counts, 'gradients'>): number {
  let most = 0;
  for (let p = 0; p < gradients.length; p++) most = Math.max(most, gradients[p] ?? 0);
  return most;
}

/** Counts one gradient, of every player or of one. */
export function countGradient({ gradients }: Counts, player: number | undefined): void {
  if (player !== undefined) gradients[player] = (gradients[player] ?? 0) + 1;
  else for (let p = 0; p < gradients.length; p++) gradients[p]!++;
}

/** Whether one more gradient stays within a budget of oracle calls. */
export function affords({ gradients }: Counts, calls: number, player: number | undefined): boolean {
  return (player === undefined ? oracleCalls({ gradients }) : (gradients[player] ?? 0)) < calls;
}

/** Watches what steps cost. */
export interface BudgetWatch {
  /** Whether the budget may end inside the next step, `before` calls having been made. */
  inNext(before: number): boolean;
  /** A step has used so many. */
  saw(used: number): void;
}

/**
 * Tells whether a budget may end inside the next step: only then a copy is taken, since one costs more than a
 * small step.
 */
export function budgetWatch(calls: number, mostCalls = 0): BudgetWatch {
  let [least, most, seen] = [Infinity, 0, 0];
  return {
    // A method whose steps have differed in cost, or of which little was seen, may surprise at any time.
    inNext: (before) =>
      calls !== Infinity && (seen < 8 || least !== most || before + Math.max(most, mostCalls) > calls),
    saw(used) {
      least = Math.min(least, used);
      most = Math.max(most, used);
      seen++;
    },
  };
}

/** The call number of a fresh sample; a joint draw moves every player's counter past the furthest. */
export function nextDraw({ draws, gradients }: Counts, player: number | undefined, worker: number): number {
  while (draws.length <= worker) draws.push(gradients.map(() => 0));
  const own = draws[worker] ?? [];
  const call = player === undefined ? Math.max(...own) : (own[player] ?? 0);
  if (player === undefined) own.fill(call + 1);
  else own[player] = call + 1;
  return call;
}
