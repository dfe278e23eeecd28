// node lane-stillpoint.mjs <workload> <threads> <engine>: our lane, as a user's own code would train.
import { alternatingAdam, train } from '@stillpoint/optimizers';
import { gameOf } from './game.mjs';
import { lane, rounds } from './protocol.mjs';
import { startOf } from './start.mjs';
import { adam } from './workloads.mjs';

const [workload, threads, engine] = process.argv.slice(2);

/**
 * The same game, and the milliseconds that its oracle calls, with the power iterations of spectral norm, and
 * its samples have taken. The rest of a step is
 * the method and its driver.
 */
function timed(game) {
  const spent = { operator: 0, draw: 0 };
  const since = (begun, what) => (spent[what] += performance.now() - begun);
  return {
    spent,
    game: {
      ...game,
      async operator(...question) {
        const begun = performance.now();
        await game.operator(...question);
        since(begun, 'operator');
      },
      ...(game.advance && {
        async advance(...point) {
          const begun = performance.now();
          await game.advance(...point);
          since(begun, 'operator');
        },
      }),
      draw(...place) {
        const begun = performance.now();
        const sample = game.draw(...place);
        since(begun, 'draw');
        return sample;
      },
    },
  };
}

await lane(async () => {
  const { game, spent } = timed(await gameOf(workload, { engine, threads: Number(threads) }));
  const end = new AbortController();
  const after = rounds(game.engine.version, {
    begin: () => Object.assign(spent, { operator: 0, draw: 0 }),
    figures: (seconds) => ({
      draw: spent.draw / seconds / 1000,
      method: 1 - (spent.operator + spent.draw) / seconds / 1000,
    }),
  });
  await train(game, alternatingAdam(adam), {
    start: startOf(workload).z,
    steps: Number.MAX_SAFE_INTEGER,
    signal: end.signal,
    observe: ({ ledger, losses }) =>
      ledger.steps === 0 ? undefined : after(losses)?.then((more) => more || end.abort()),
  });
});
