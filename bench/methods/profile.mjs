// The performance profile of Dolan and Moré: for each method the share of the games that it solves within τ
// times the fewest calls of any method.
/** log₂ of the largest τ drawn. */
const LAST = 6;

/**
 * counts[method][game]: calls, or null. Games that no method solves are left out. @returns {{ name, steps:
 * [τ, share][], area }[]} best first.
 */
export function profiles(counts, games) {
  const names = Object.keys(counts);
  const solved = games.filter((game) => names.some((name) => counts[name][game] !== null));
  const fewest = Object.fromEntries(
    solved.map((game) => [
      game,
      Math.max(1, Math.min(...names.map((name) => counts[name][game] ?? Infinity))),
    ]),
  );
  return names
    .map((name) => {
      const ratios = solved
        .flatMap((game) =>
          counts[name][game] === null ? [] : [Math.max(1, counts[name][game] / fewest[game])],
        )
        .sort((a, b) => a - b);
      const steps = ratios.map((τ, i) => [τ, (i + 1) / solved.length]);
      const area = ratios.reduce(
        (sum, τ) => sum + Math.max(0, LAST - Math.log2(τ)) / LAST / solved.length,
        0,
      );
      return { name, steps, area };
    })
    .sort((a, b) => b.area - a.area);
}

const COLOURS = ['#1b6ca8', '#d1495b', '#2e8b57', '#8e5ea2', '#e08e0b', '#0f8b8d', '#7a4419', '#444444'];
const [WIDTH, HEIGHT, LEFT, TOP, GAP] = [330, 260, 48, 34, 210];
const escaped = (text) => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);

/** One panel: steps over log₂ τ; the best eight in colour and named, the others grey. */
function panel({ title, curves }, left) {
  const x = (τ) => (left + (WIDTH * Math.min(LAST, Math.log2(τ))) / LAST).toFixed(1);
  const y = (share) => (TOP + HEIGHT * (1 - share)).toFixed(1);
  const path = ({ steps }) =>
    `M${x(1)} ${y(0)}${steps
      .filter(([τ]) => τ <= 2 ** LAST)
      .map(([τ, share]) => `H${x(τ)}V${y(share)}`)
      .join('')}H${x(2 ** LAST)}`;
  const line = (curve, colour, width) =>
    `<path d="${path(curve)}" fill="none" stroke="${colour}" stroke-width="${width}"/>`;
  const ticks = Array.from(
    { length: LAST + 1 },
    (_, k) => `<text x="${x(2 ** k)}" y="${TOP + HEIGHT + 16}" text-anchor="middle">${2 ** k}</text>`,
  );
  const levels = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<path d="M${left} ${y(share)}h${WIDTH}" stroke="#ddd"/><text x="${left - 6}" y="${Number(y(share)) + 4}" text-anchor="end">${share}</text>`,
  );
  const best = curves.slice(0, COLOURS.length);
  return [
    `<text x="${left}" y="${TOP - 14}" font-weight="bold">${escaped(title)}</text>`,
    ...levels,
    ...ticks,
    `<text x="${left + WIDTH / 2}" y="${TOP + HEIGHT + 34}" text-anchor="middle">τ: times the fewest calls of any method</text>`,
    ...curves.slice(COLOURS.length).map((curve) => line(curve, '#ccc', 1)),
    ...best.map((curve, i) => line(curve, COLOURS[i], 2)).reverse(),
    ...best.map(
      ({ name }, i) =>
        `<text x="${left + WIDTH + 10}" y="${TOP + 14 + 18 * i}" fill="${COLOURS[i]}">${escaped(name)}</text>`,
    ),
  ].join('\n');
}

/** @param panels { title, curves of `profiles` }[] */
export function drawing(panels) {
  const width = LEFT + panels.length * (WIDTH + GAP);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${TOP + HEIGHT + 46}" viewBox="0 0 ${width} ${TOP + HEIGHT + 46}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
${panels.map((one, i) => panel(one, LEFT + i * (WIDTH + GAP))).join('\n')}
</svg>
`;
}
