import type { Estimate, Kind, Spectrum } from './diagnosis.js';
import { estimateOf } from './estimates.js';

/** A number for reading. */
export const short = (x: number): string => {
  const three = Number(x.toPrecision(3));
  return Math.abs(three) >= 1e5 || (three !== 0 && Math.abs(three) < 1e-3)
    ? three.toExponential()
    : String(three);
};
const percent = (x: number): string => `${Math.round(100 * x)} %`;

/** What a problem is, of what was estimated of it, in sentences with the numbers that show it. */
export function kindsOf(
  estimates: readonly Estimate[],
  spectra: readonly Spectrum[],
  {
    affine,
    rested,
    steepest,
  }: { readonly affine: boolean; readonly rested: boolean; readonly steepest: number },
): readonly Kind[] {
  const value = (name: Estimate['name']): number | undefined => estimateOf(estimates, name);
  const [L, μ, ρ, minty, rotation, noise, L0, L1] = [
    value('lipschitz') ?? 0,
    value('stronglyMonotone'),
    value('comonotone'),
    value('weakMinty'),
    value('rotation'),
    value('noise'),
    value('L0'),
    value('L1'),
  ];
  const kinds: Kind[] = [];
  const say = (kind: Kind['kind'], words: string): void => void kinds.push({ kind, words });
  if (affine)
    say(
      'affine',
      'F looks affine: one Jacobian explains its change between all points at which F was evaluated.',
    );
  if (rotation !== undefined) {
    if (rotation > 0.9)
      say(
        'rotating',
        `It rotates: ${percent(rotation)} of the size of the eigenvalues is imaginary, so plain gradient steps circle or spiral outwards.`,
      );
    else if (rotation > 0.1)
      say(
        'rotating',
        `It rotates in part: ${percent(rotation)} of the size of the eigenvalues is imaginary.`,
      );
    else
      say(
        'not rotating',
        `It hardly rotates: ${percent(rotation)} of the size of the eigenvalues is imaginary.`,
      );
  }
  if (μ !== undefined && μ < 0)
    say(
      'pushing outwards',
      `F is not monotone: somewhere it pushes points apart (μ ≤ ${short(μ)}${ρ === undefined ? '' : `, ρ ≤ ${short(ρ)}, which is ${short(ρ * L)}/L`}).${minty !== undefined && minty >= 0 ? ' Against z* alone it did not, at any point at which F was evaluated.' : ''}`,
    );
  else if (μ !== undefined && μ > 1e-9 * L)
    say(
      'strongly monotone',
      `F pulls inwards between all points at which it was evaluated: μ is ${affine ? '' : 'at most '}${short(μ)}, L/μ is ${affine ? '' : 'at least '}${short(L / μ)}.`,
    );
  else if (μ !== undefined)
    say(
      'monotone',
      'F is monotone between all points at which it was evaluated, and along some direction it neither pulls inwards nor pushes outwards (μ = 0).',
    );
  const last = spectra.at(-1);
  if (rested && last?.whole === true && last.re.length > 1) {
    const sizes = last.re.map((x, k) => Math.hypot(x, last.im[k]!));
    const [most, least] = [Math.max(...sizes), Math.min(...sizes)];
    if (least <= 1e-9 * most)
      say(
        'flat',
        'The Jacobian at the end of the run has a kernel: solutions are not isolated, or F is flat there.',
      );
    else if (most > 100 * least)
      say(
        'stiff',
        `It is stiff: the largest eigenvalue is ${short(most / least)} times the smallest, so that one step size is too long for one direction and too short for another.`,
      );
  }
  if (L0 !== undefined && L1 !== undefined && L1 * steepest > L0)
    say(
      'steep where the gradient is large',
      `It is steeper where the gradient is larger: smoothness ≈ ${short(L0)} + ${short(L1)}·‖F‖. A fixed step that suits the end is too long at the start; clipping or an adaptive step suits both.`,
    );
  if (noise !== undefined && noise > 0)
    say(
      'noisy',
      noise > 1
        ? `It is noisy: a draw of F is off by ${short(noise)} times ‖F‖ at the start.`
        : `Draws of F differ by ${percent(noise)} of ‖F‖ at the start.`,
    );
  return kinds;
}
