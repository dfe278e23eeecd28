import { hasConverged } from '@stillpoint/optimizers/drivers';
import { stabilityOn, type Diagnosis, type Estimate, type Judged } from '@stillpoint/optimizers/diagnose';
import type { DiagnosisPage } from '@stillpoint/tracking';

/** A number for reading. */
const short = (x: number): string => {
  const three = Number(x.toPrecision(4));
  return Math.abs(three) >= 1e6 || (three !== 0 && Math.abs(three) < 1e-4)
    ? three.toExponential()
    : String(three);
};

const sides = { exactly: '', 'at least': '≥ ', 'at most': '≤ ', about: '≈ ' } as const;
const valueOf = ({ says, value }: Estimate): string =>
  value === null ? 'none' : `${sides[says]}${short(value)}`;

const trialOf = ({ tried }: Judged): string => {
  if (tried === undefined) return 'not tried';
  const { status, calls, residual } = tried;
  if (hasConverged(status)) return `converged in ${short(calls)} calls`;
  if (status === 'budget') return `residual ${short(residual)} after ${short(calls)} calls`;
  return `${status} after ${short(calls)} calls`;
};

/** Calls for each further digit near the solution. */
const digitsOf = ({ rate }: Judged): string =>
  rate === undefined ? '' : rate < 1 ? short(Math.LN10 / -Math.log(rate)) : 'none: it leaves';

/** Each line below the one before, indented. */
const lines = (all: readonly string[], by: string): readonly string[] => all.map((line) => `${by}${line}`);

/** Methods by their trials: those that converged by calls, then by residuals. */
function ordered(methods: readonly Judged[]): readonly Judged[] {
  const key = ({ tried }: Judged): readonly [number, number] =>
    tried === undefined
      ? [3, 0]
      : hasConverged(tried.status)
        ? [0, tried.calls]
        : tried.status === 'budget'
          ? [1, tried.residual]
          : [2, 0];
  return methods.toSorted((a, b) => {
    const [[i, x], [j, y]] = [key(a), key(b)];
    return i - j || x - y;
  });
}

/** A diagnosis for a terminal. */
export function inWords(found: Diagnosis, verified: readonly string[]): string {
  const { problem, dim, players, estimates, kinds, advice, methods, calls, limits } = found;
  const width = Math.max(...estimates.map(({ symbol }) => symbol.length));
  const values = Math.max(...estimates.map((one) => valueOf(one).length));
  const best = ordered(methods).slice(0, 6);
  const specs = Math.max(0, ...best.map(({ spec }) => spec.length));
  return [
    `${problem}: ${dim} ${dim === 1 ? 'entry' : 'entries'}, ${players.length === 1 ? 'one player' : `players ${players.join(', ')}`}`,
    '',
    ...lines(
      kinds.map(({ words }) => words),
      '  ',
    ),
    '',
    'Estimates (≥ and ≤ say on which side the constant lies)',
    ...estimates.map((one) =>
      `  ${one.symbol.padEnd(width)}  ${valueOf(one).padEnd(values)}  ${one.about}${one.stated === undefined ? '' : ` (stated: ${short(one.stated)})`}`.trimEnd(),
    ),
    '',
    ...(best.length > 0
      ? [
          'Methods that were tried, the best first',
          ...best.map(
            (one) =>
              `  ${one.spec.padEnd(specs)}  ${trialOf(one)}${one.theorem ? `; covered: ${one.theorem.name}` : ''}`,
          ),
          '',
        ]
      : []),
    advice === null ? 'Advice: none.' : `Advice: ${advice.spec}`,
    ...lines(advice?.why ?? [], '  '),
    ...lines(
      (advice?.unless ?? []).map((words) => `It would change ${words}.`),
      '  ',
    ),
    ...(verified.length > 0 ? ['', 'Tried', ...lines(verified, '  ')] : []),
    '',
    'What this cannot know',
    ...lines(limits, '  '),
    '',
    `Asked: ${short(calls.estimates)} calls for the estimates${calls.trials > 0 ? `, ${short(calls.trials)} by trials` : ''}.`,
  ].join('\n');
}

/** Cells of the complex plane. */
const CELLS = 120;

/** Where the advice, plain gradient steps and extragradient are stable, around the eigenvalues. */
function regionsOf({ spectra, methods, advice }: Diagnosis): DiagnosisPage['regions'] {
  const re = spectra.flatMap((one) => one.re);
  const im = spectra.flatMap((one) => one.im);
  const reach = Math.max(0, ...re.map((x, k) => Math.hypot(x, im[k] ?? 0)));
  if (!(reach > 0)) return [];
  const plane = {
    re: [Math.min(-0.25 * reach, 1.15 * Math.min(...re)), 1.25 * reach] as const,
    im: [-1.25 * reach, 1.25 * reach] as const,
    columns: CELLS,
    rows: CELLS,
  };
  const best = ordered(methods);
  const specs = [
    ...(advice === null ? [] : [advice.spec]),
    ...['gda', 'extragradient'].flatMap(
      (name) => best.find(({ spec }) => spec.startsWith(`${name}(`))?.spec ?? [],
    ),
  ];
  return [...new Set(specs)].flatMap((label) => {
    const factors = stabilityOn(label, plane);
    return factors === undefined ? [] : [{ label, ...plane, factors }];
  });
}

/** A diagnosis as its page shows it. */
export function pageOf(
  found: Diagnosis,
  {
    about,
    verified,
    command,
    environment,
  }: Pick<DiagnosisPage, 'about' | 'verified' | 'command' | 'environment'>,
): DiagnosisPage {
  const { advice, limits, calls } = found;
  return {
    title: found.problem,
    about,
    advice:
      advice === null
        ? ['No method that was tried came nearer to a solution.']
        : [advice.spec, ...advice.why],
    unless: advice?.unless ?? [],
    kinds: found.kinds.map(({ words }) => words),
    estimates: found.estimates.map((one) => ({
      symbol: one.symbol,
      about: one.about,
      value: valueOf(one),
      stated: one.stated === undefined ? '' : short(one.stated),
      from: one.from,
    })),
    spectra: found.spectra,
    regions: regionsOf(found),
    players: found.players,
    path: found.path,
    smoothness: found.smoothness,
    methods: ordered(found.methods).map((one) => ({
      spec: one.spec,
      chosen: one.chosen,
      covered: one.theorem !== undefined,
      theory: one.theorem?.name ?? one.reason ?? '',
      trial: trialOf(one),
      rate: digitsOf(one),
    })),
    verified,
    limits,
    command,
    environment: {
      ...environment,
      asked: `${short(calls.estimates)} calls for the estimates, ${short(calls.trials)} by trials`,
    },
  };
}
