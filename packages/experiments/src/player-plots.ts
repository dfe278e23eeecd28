import type { Plot } from '@stillpoint/tracking';

/** A plot of one quantity of each player, side by side. */
const ofPlayers = (
  players: readonly string[],
  name: string,
  title: string,
  series: string,
  y: Extract<Plot, { draw: 'lines' }>['y'],
  note?: string,
): Plot => ({
  name,
  title,
  draw: 'lines',
  panels: players.map((player) => ({
    title: `${player}’s ${series}`,
    series: `${series} ${player}`,
  })),
  y,
  ...(note === undefined ? {} : { note }),
});

/** The plot of each player's loss where it is measured, on everything or on draws that no run trains on. */
export const measuredLosses = (players: readonly string[]): Plot =>
  ofPlayers(players, 'measured losses', 'each player’s loss, as measured', 'full loss', {
    label: 'loss',
    scale: 'symlog',
    cut: true,
  });

/** The plots of each player's loss, gradient and step cosine, whose series is `rotation`. */
export const playerPlots = (players: readonly string[]): readonly Plot[] => [
  ofPlayers(players, 'losses', 'each player’s loss', 'loss', { label: 'loss', scale: 'symlog', cut: true }),
  ofPlayers(
    players,
    'gradients',
    'each player’s gradient',
    'gradient norm',
    { label: '‖gradient‖', scale: 'log' },
    'Norm of the gradient of a player’s own loss. It goes to zero if training comes to rest.',
  ),
  ofPlayers(
    players,
    'turning',
    'how each player turns',
    'rotation',
    { label: 'cosine of successive steps', scale: 'linear', domain: [-1, 1] },
    'Cosine of the angle between one displacement and the next. Near 1 a player moves straight on or turns slowly, near 0 it turns fast or follows the noise, near −1 it jumps back and forth.',
  ),
];
