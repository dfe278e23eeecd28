/**
 * What is known about a game, for step sizes, certificates and reports: exact or proven constants only. Each
 * may be a getter that computes it when it is first read (`lazyFacts`), so read only what is needed.
 */
export interface Facts {
  /** Lipschitz constant L >= 0 of F, on the points that `where` names. */
  readonly lipschitz?: number | undefined;
  /**
   * Lipschitz constant L of F from the norm of the mirror map `mirror` to its dual norm. Mirror methods take
   * 1/L as their default step size.
   */
  readonly mirrorLipschitz?: number | undefined;
  /**
   * Weak-Minty constant ρ of A + F: ⟨F(z), z − z*⟩ ≥ ρ‖F(z)‖² for all z. Sign and scale are those of Pethick
   * et al.
   */
  readonly weakMinty?: number | undefined;
  /**
   * Comonotonicity ρ of A + F: ⟨F(z) − F(z′), z − z′⟩ ≥ ρ‖F(z) − F(z′)‖² for all pairs. ρ = 0 means monotone,
   * ρ < 0 means |ρ|-cohypomonotone. With constraints it is at most 0. It implies `weakMinty`.
   */
  readonly comonotone?: number | undefined;
  /** Cocoercivity 1/ℓ of F alone, without its constraints: ⟨ΔF, Δz⟩ ≥ (1/ℓ)‖ΔF‖² for all pairs; > 0. */
  readonly cocoercive?: number | undefined;
  /** Strong monotonicity μ of F alone: ⟨ΔF, Δz⟩ ≥ μ‖Δz‖² for all pairs; > 0. */
  readonly stronglyMonotone?: number | undefined;
  /**
   * Where L, ρ, 1/ℓ and μ hold: at every point, or only on the set that the constraints describe. Default:
   * `everywhere` without constraints, `on the set` with them.
   */
  readonly where?: 'everywhere' | 'on the set' | undefined;
  /** Of a finite sum: a Lipschitz constant of every term F_i, the largest that one of them has. */
  readonly termLipschitz?: number | undefined;
  /** Of a finite sum of one player: whether every term f_i is convex. */
  readonly convexTerms?: boolean | undefined;
  /** Of a finite sum: (1/n) Σ ‖F_i(z*)‖² at the solution z*; how far its terms disagree there. */
  readonly termVariance?: number | undefined;
  /** One player: Polyak–Łojasiewicz μ > 0, ‖∇f(z)‖² ≥ 2μ(f(z) − f*). */
  readonly polyakLojasiewicz?: number | undefined;
  /** (L₀, L₁)-smoothness of one player's loss; of a game that of F, with its Jacobian for ∇²f. */
  readonly generalisedSmooth?: GeneralisedSmooth | undefined;
  /** One player: f*, the least value. */
  readonly optimum?: number | undefined;
  /** A solution z*, used for the distance in results. */
  readonly solution?: readonly number[] | undefined;
  /** The mirror map that suits the constraints: `entropy` if each player chooses from a simplex. */
  readonly mirror?: MirrorName | undefined;
  /** Two players whose losses add up to zero: then Jᵀv = S J S v with S = diag(I, −I). */
  readonly zeroSum?: boolean | undefined;
}

/**
 * (L₀, L₁)-smoothness, ‖∇²f(z)‖ ≤ L₀ + L₁‖∇f(z)‖: the curvature may grow with the gradient. In games it is
 * ‖J(z)‖ ≤ L₀ + L₁‖F(z)‖, J the Jacobian of F. Of the many pairs that a function has, one is stated. It
 * implies, wherever it holds on the line from z to z′, by Grönwall's inequality
 *   ‖F(z′) − F(z)‖ ≤ (L₀ + L₁‖F(z)‖)(exp(L₁‖z′ − z‖) − 1)/L₁.
 */
export interface GeneralisedSmooth {
  /** >= 0, in the unit of a Lipschitz constant. */
  readonly L0: number;
  /** >= 0, the inverse of a length; 0 means that ∇f is L₀-Lipschitz. */
  readonly L1: number;
  /** One player: it holds where f(z) <= below. Default: everywhere. */
  readonly below?: number | undefined;
}

/** Mirror maps by name: `euclidean` is the ordinary step. */
export type MirrorName = 'euclidean' | 'entropy';
