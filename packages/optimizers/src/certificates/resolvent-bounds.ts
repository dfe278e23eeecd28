// The relaxed proximal point, and its rate when the resolvent is known only up to an error.
import type { OptionsOf } from '../method.js';
import { doubleLoopHalpern } from '../methods/anchored/double-loop-halpern.js';
import { km } from '../methods/proximal-point/km.js';
import { proximalPoint } from '../methods/proximal-point/proximal-point.js';
import { conicity, innerStepsFor, resolventError } from './resolvent-theory.js';
import { aboutConstantStep, type Rule } from './rule.js';
import {
  isNoBound,
  named,
  noBound,
  exact,
  unknownρ,
  type Bound,
  type KnownFacts,
  type NoBound,
  type Says,
} from './types.js';

/** α of J, and the ρ from which it follows; or the reason why there is none. */
function conic(γ: number, known: KnownFacts): { readonly α: number; readonly ρ: number } | NoBound {
  const { comonotone: ρ } = known;
  if (ρ === undefined) return noBound(unknownρ(known, 'comonotone'));
  return γ > 0 && γ > -ρ
    ? { α: conicity(γ, ρ), ρ }
    : noBound(`γ = ${exact(γ)} is not above −ρ = ${exact(-ρ)}`);
}

/** An η below this does not double the bound within 10,000 steps, so the resolvent counts as exact. */
const SLIGHT = 3e-5;

/**
 * The largest η, by which each step's error may increase ‖z − Jz‖, at which the bound is still useful for
 * some k.
 */
const mostGrowth = (α: number, λ: number): number => Math.exp((2 * α * λ * (1 - λ * α)) / Math.E) - 1;

interface Relaxed {
  readonly γ: number;
  readonly λ: number;
  readonly ε: number;
  /** Where the error comes from, in words. */
  readonly error: string;
}

/**
 * z⁺ = (1 − λ)z + λw with ‖w − Jz‖ ≤ ε‖z − Jz‖, J α-conic, λα < 1, η = 2λαε. With r = ‖z − Jz‖ ≤ 2α‖z − z*‖
 * and c = λ(1/α − λ):
 *   ‖z⁺ − z*‖² ≤ (1 + η)²‖z − z*‖² − c·r²,   r⁺ ≤ (1 + η)r,   so   r_K² ≤ (1 + η)^{2(K + 1)} D²/(c(K + 1))
 * ε = 0 is the exact method: λ < 1 ≤ 1/α, or, if γ < −2ρ and so α > 1, J is only conically nonexpansive.
 * Source: Krasnosel'skii 1955; Mann 1953; Rockafellar 1976; α > 1: Alacaoglu, Kim, Wright 2024, arXiv
 * 2402.05071.
 */
function relaxedResolvent(
  { γ, λ, ε, error }: Relaxed,
  known: KnownFacts,
  remedy: (α: number) => string = () => '',
): Bound | NoBound {
  const resolvent = conic(γ, known);
  if (isNoBound(resolvent)) return resolvent;
  const { α } = resolvent;
  if (!(λ > 0 && λ * α < 1))
    return noBound(`λ = ${exact(λ)} is not below 1/α = 2(γ + ρ)/γ = ${exact(1 / α)}`);
  const η = 2 * λ * α * ε;
  if (!(η < mostGrowth(α, λ)))
    return noBound(
      `${error} the resolvent’s error may grow faster than the exact method’s bound falls: η = ${exact(η)} is not below ${exact(mostGrowth(α, λ))}${remedy(α)}`,
    );
  const c = λ * (1 / α - λ);
  return named(α > 1 ? 'conic-proximal-point' : 'relaxed-proximal-point', {
    measure: 'last ‖z − Jz‖²',
    measured: { quantity: '‖z − Jz‖²', when: 'last', stepSize: γ },
    statement: `comonotone, γ > −ρ, λ < 1/α with α = γ/(2(γ + ρ)) = ${exact(α)}: ‖z − Jz‖² ≤ ‖z₀ − z*‖²/(λ(1/α − λ)(k + 1)), times (1 + η)^(2(k + 1)) for inexact resolvents, η = ${η === 0 ? '0' : η.toExponential(1)}`,
    at: (k) => ((1 + η) ** (2 * (k + 1)) * known.D ** 2) / (c * (k + 1)),
  });
}

/** The options of rapp; app is rapp with λ = 1. */
export interface Inexact {
  /** γ. */
  readonly stepSize: number;
  /** τ. */
  readonly innerSteps: number;
  /** λ. */
  readonly weight: number;
}

/**
 * The bound by the resolvent for rapp of Pethick, Xie, Cevher 2023, whose inner loop has the error ε = (γL)^τ
 * (`resolventError`).
 */
export const rappResolvent: Says<Inexact> = ({ stepSize: γ, innerSteps: τ, weight: λ }, known) => {
  const q = γ * known.L;
  if (!(q < 1))
    return noBound(
      `γ = ${exact(γ)} is not below 1/L = ${exact(1 / known.L)}: the inner loop need not contract`,
    );
  const error = `with τ = ${τ} inner steps at γL = ${exact(q)}`;
  const enough = (α: number): number =>
    Math.floor(Math.log(mostGrowth(α, λ) / (2 * λ * α)) / Math.log(q)) + 1;
  return relaxedResolvent(
    { γ, λ, ε: resolventError(q, τ), error },
    known,
    (α) => `; τ = ${enough(α)} is enough`,
  );
};

/** Whether rapp's error is too small to matter. */
export function isNearlyExact(
  { stepSize: γ, innerSteps: τ, weight: λ }: Inexact,
  { L, comonotone: ρ }: KnownFacts,
): boolean {
  return ρ !== undefined && 2 * λ * conicity(γ, ρ) * resolventError(γ * L, τ) < SLIGHT;
}

/** ‖w − Jz‖ ≤ ε‖z − Jz‖ from w = J(z + r), ‖r‖ ≤ σ‖w − z‖: J has the Lipschitz constant max(1, 2α − 1). */
const relative = (α: number, σ: number): number => {
  const s = Math.max(1, 2 * α - 1) * σ;
  return s < 1 ? s / (1 - s) : Infinity;
};

/** The relaxed proximal point with λ = 1. Source: Rockafellar 1976. */
const proximalPointLast: Says<OptionsOf<typeof proximalPoint>> = (options, known) => {
  const { stepSize: γ, tolerance: σ, innerSteps: most } = options;
  const resolvent = conic(γ, known);
  if (isNoBound(resolvent)) return resolvent;
  const { α, ρ } = resolvent;
  const needed = innerStepsFor(γ, known.L, ρ, σ);
  if (!(needed <= most))
    return noBound(
      `${most} inner steps are not certain to reach the tolerance ${exact(σ)}${needed === Infinity ? `: γ = ${exact(γ)} is not below 1/(|ρ|L²)` : `; ${needed} are`}`,
    );
  return relaxedResolvent({ γ, λ: 1, ε: relative(α, σ), error: `with tolerance ${exact(σ)}` }, known);
};

const [ζ2, ζ4] = [Math.PI ** 2 / 6, Math.PI ** 4 / 90];

/**
 * Inexact Krasnosel'skii–Mann with ‖w − Jz‖ ≤ ε/(k + 1)², J nonexpansive, c = λ(1/α − λ): all ‖z − z*‖ ≤ D′ =
 * D + λεζ(2), and
 *   c Σ r² ≤ D² + 2λεζ(2)D′ + λ²ε²ζ(4),  so the best r² is at most 1/k of that.
 * Inner step t leaves ‖e‖ ≤ (γL)^t(1 + γL)·2αD′; while τ of them are enough for ε/(k + 1)² the bound falls,
 * and afterwards it is constant.
 * Source: the method is that of Pethick, Xie, Cevher 2023, arXiv 2310.13459, section 6.
 */
const kmBest: Says<OptionsOf<typeof km>> = (options, known) => {
  const { stepSize: γ, weight: λ, tolerance: ε, innerSteps: τ } = options;
  const q = γ * known.L;
  const resolvent = conic(γ, known);
  if (isNoBound(resolvent)) return resolvent;
  const { α, ρ } = resolvent;
  if (!(α <= 1))
    return noBound(`γ = ${exact(γ)} is below −2ρ = ${exact(-2 * ρ)}, where J is not nonexpansive`);
  if (!(q < 1))
    return noBound(
      `γ = ${exact(γ)} is not below 1/L = ${exact(1 / known.L)}: the inner loop need not contract`,
    );
  if (!(λ * α < 1)) return noBound(`λ = ${exact(λ)} is not below 1/α = ${exact(1 / α)}`);
  const { D } = known;
  const reach = D + λ * ε * ζ2;
  const certain = Math.floor(Math.sqrt(ε / (q ** τ * (1 + q) * 2 * α * reach)));
  if (certain < 1)
    return noBound(`${τ} inner steps at γL = ${exact(q)} are not certain to reach the tolerance ${exact(ε)}`);
  const total = (D ** 2 + 2 * λ * ε * ζ2 * reach + (λ * ε) ** 2 * ζ4) / (λ * (1 / α - λ));
  return named('inexact-km', {
    measure: 'best ‖z − Jz‖²',
    measured: { quantity: '‖z − Jz‖²', when: 'best', stepSize: γ },
    statement: `comonotone, −2ρ ≤ γ < 1/L, errors ε/(k + 1)²: min ‖z − Jz‖² ≤ (D² + 2λεζ(2)(D + λεζ(2)) + λ²ε²ζ(4))/(λ(1/α − λ)k), D = ‖z₀ − z*‖`,
    at: (k) => (k < 1 ? Infinity : total / Math.min(k, certain)),
  });
};

/**
 * Halpern on T = (1 − a)I + aJ, a = 1 + ρ/γ, which is firmly nonexpansive (`conicity`), with errors ‖e_k‖ ≤
 * s/(k + 1)·‖z − Tz‖, s = ε_k(k + 1) for all k: the errors displace z_K by at most Σ(k + 1)‖e_k‖/(K + 1), so
 * t = ‖z − Tz‖ obeys (K + 1)t_K ≤ 2D + 2sΣ_{k<K} t_k, and
 *   t_K ≤ 2D·Π_{j=1..K} (j + 2s)/(j + 1),  which is 2D/(K + 1) for s = 0.
 * Source: the method is that of Alacaoglu, Kim, Wright 2024, arXiv 2402.05071; its rate: Lieder 2021.
 */
const doubleLoopLast: Says<OptionsOf<typeof doubleLoopHalpern>> = (options, known) => {
  const { stepSize: γ, comonotone: ρ, tolerance: σ, innerSteps: most } = options;
  const resolvent = conic(γ, known);
  if (isNoBound(resolvent)) return resolvent;
  const { α, ρ: stated } = resolvent;
  if (!(ρ <= stated))
    return noBound(`the option comonotone = ${exact(ρ)} is above the game’s ρ = ${exact(stated)}`);
  if (!(γ > -ρ)) return noBound(`γ = ${exact(γ)} is not above −ρ = ${exact(-ρ)}`);
  const steps = (k: number): number => innerStepsFor(γ, known.L, stated, σ / (k + 1));
  if (!(steps(0) <= most))
    return noBound(
      `${most} inner steps are not certain to reach the tolerance ${exact(σ)}${steps(0) === Infinity ? `: γ = ${exact(γ)} is not below 1/(|ρ|L²)` : `; ${steps(0)} are`}`,
    );
  const s = relative(α, σ); // ε_k ≤ ε_0/(k + 1)
  if (!(s < 0.5)) return noBound(`the tolerance ${exact(σ)} is too large for the bound to fall`);
  const a = 1 + ρ / γ;
  return named('halpern-resolvent', {
    measure: 'last ‖z − Jz‖²',
    measured: { quantity: '‖z − Jz‖²', when: 'last', stepSize: γ },
    statement: `comonotone, γ > −ρ, a = 1 + ρ/γ = ${exact(a)}: ‖z − Jz‖ ≤ (2‖z₀ − z*‖/a)·Π (j + 2s)/(j + 1) over j ≤ k, s = ${s.toPrecision(2)} for inexact resolvents`,
    at(k) {
      let t = (2 * known.D) / a;
      for (let j = 1; j <= k; j++) {
        if (j === k && steps(k - 1) > most) return Infinity; // the error is no longer certain to be small
        t *= (j + 2 * s) / (j + 1);
      }
      return t * t;
    },
  });
};

/** The rules about methods that compute a resolvent to a tolerance. */
export const resolventRules: readonly Rule<KnownFacts, Bound>[] = [
  aboutConstantStep(km, kmBest),
  aboutConstantStep(proximalPoint, proximalPointLast),
  aboutConstantStep(doubleLoopHalpern, doubleLoopLast),
];
