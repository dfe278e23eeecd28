import {
  InputError, findRow, integer, number, order, parseOptions, parseSpec, stepSize,
  type Data, type Facts, type Given, type Method, type OptionTable, type Spec, type State,
} from '@stillpoint/operators';
import { adam, type AdamOptions } from './methods/adam.js';
import { alternatingAdam, type AlternatingAdamOptions } from './methods/alternating-adam.js';
import { alternatingGda, type AlternatingGdaOptions } from './methods/alternating-gda.js';
import { extraAdam } from './methods/extra-adam.js';
import { extragradient, type ExtragradientOptions } from './methods/extragradient.js';
import { gda, type GdaOptions } from './methods/gda.js';
import { pastExtragradient, type PastExtragradientOptions } from './methods/past-extragradient.js';
import { rappAdam, type RappAdamOptions } from './methods/rapp-adam.js';
import { rapp, type RappOptions } from './methods/rapp.js';
import { lookahead, type LookaheadOptions } from './wrappers/lookahead.js';

/** Which methods may be ranked in one table: their step sizes and their noise mean different things. */
export type Family = 'gradient' | 'adam';

/** Oracle calls: of the first step, and of every later one. */
export interface Oracle {
  readonly first: number;
  readonly perStep: number;
}

interface Words {
  readonly name: string;
  /** One sentence: what it does. */
  readonly about: string;
  /** Under what the theory holds, and how much of it there is. */
  readonly assumptions: string;
  /** Vectors of the game's length held in all, z included. */
  readonly memory: string;
  /** Every entry is treated alike, so that many starts may be stacked in one vector. */
  readonly elementwise: boolean;
  readonly reference: string;
}

/** A row of the registry: the only place that names a method outside its file. */
export interface MethodRow extends Words {
  readonly options: OptionTable<Given>;
  /** Whether it takes a method: `lookahead(adam(…), …)`. */
  readonly wraps: boolean;
  /** Of a wrapper: the inner method's. */
  readonly family: Family | 'inner';
  oracle(given: Given, inner?: Oracle): Oracle;
  build(given: Given, inner?: Method<State>): Method<State>;
}

function row<O extends object>(words: Words & { readonly family: Family; oracle(options: O): number }, options: OptionTable<O>, make: (options: O) => Method<State>): MethodRow {
  const parse = (given: Given): O => parseOptions(`method ${words.name}`, options, given);
  return {
    ...words, options, wraps: false, build: (given) => make(parse(given)),
    oracle(given) {
      const perStep = words.oracle(parse(given));
      return { first: perStep, perStep };
    },
  };
}

function wrapperRow<O extends object>(words: Words, options: OptionTable<O>, make: (inner: Method<State>, options: O) => Method<State>): MethodRow {
  return {
    ...words, options, wraps: true, family: 'inner',
    build(given, inner) {
      if (inner === undefined) throw new InputError(`${words.name} needs a method to wrap: ${words.name}(gda, …)`);
      return make(inner, parseOptions(`method ${words.name}`, options, given));
    },
    oracle: (_, inner) => inner ?? { first: 1, perStep: 1 },
  };
}

const moments = {
  beta1: number({ about: 'decay of the first moment', symbol: 'β₁', from: 0, below: 1, default: 0.9 }),
  beta2: number({ about: 'decay of the second moment', symbol: 'β₂', from: 0, below: 1, default: 0.999 }),
  epsilon: number({ about: 'added to √v̂', symbol: 'ε', above: 0, default: 1e-8 }),
};
const proximal = {
  innerSteps: integer({ about: 'inner steps towards the resolvent', symbol: 'τ', from: 1, default: 3 }),
  weight: number({ about: 'how far to move towards it', symbol: 'λ', above: 0, to: 1, default: 0.5 }),
};
const busiest = (turns: readonly number[] | null | undefined): number => (turns ? Math.max(...turns.map((p) => turns.filter((q) => q === p).length)) : 1);

/** Every method, by name. */
export const methods: readonly MethodRow[] = [
  row<GdaOptions>({
    name: 'gda', family: 'gradient', about: 'simultaneous gradient descent–ascent', memory: '1', elementwise: true, oracle: () => 1,
    assumptions: 'cocoercive F, γ < 2/ℓ; diverges on bilinear games', reference: 'Arrow, Hurwicz, Uzawa 1958',
  }, { stepSize: stepSize() }, gda),
  row<AlternatingGdaOptions>({
    name: 'alternating-gda', family: 'gradient', about: 'gradient descent–ascent, one player after another', memory: '1', elementwise: true, oracle: ({ order: turns }) => busiest(turns),
    assumptions: 'bounded, not convergent, on bilinear games', reference: 'Zhang, Wang, Lessard, Grosse 2022, arXiv 2102.09468',
  }, { stepSize: stepSize(), order: order() }, alternatingGda),
  row<ExtragradientOptions>({
    name: 'extragradient', family: 'gradient', about: 'looks one step ahead, then steps with the gradient found there', memory: '2', elementwise: true, oracle: () => 2,
    assumptions: 'F monotone and L-Lipschitz, γ < 1/L', reference: 'Korpelevich 1976',
  }, { stepSize: stepSize() }, extragradient),
  row<PastExtragradientOptions>({
    name: 'past-extragradient', family: 'gradient', about: 'extragradient that looks ahead with the last gradient: one call a step', memory: '3', elementwise: true, oracle: () => 1,
    assumptions: 'F monotone and L-Lipschitz, γ < 1/(2L)', reference: 'Popov 1980; Gidel et al. 2019, arXiv 1802.10551',
  }, { stepSize: stepSize() }, pastExtragradient),
  row<RappOptions>({
    name: 'rapp', family: 'gradient', about: 'relaxed approximate proximal point: steps part of the way to the resolvent', memory: '2', elementwise: true, oracle: ({ innerSteps = 3 }) => innerSteps,
    assumptions: 'ρ-comonotone, ρ > −1/(2L), γ in (−2ρ, 1/L)', reference: 'Pethick, Xie, Cevher 2023, arXiv 2310.13459',
  }, { stepSize: stepSize(), ...proximal }, rapp),
  row<AdamOptions>({
    name: 'adam', family: 'adam', about: 'Adam on all players at once', memory: '3', elementwise: true, oracle: () => 1,
    assumptions: 'no guarantee for games', reference: 'Kingma, Ba 2015, arXiv 1412.6980',
  }, { stepSize: stepSize(), ...moments }, adam),
  row<AlternatingAdamOptions>({
    name: 'alternating-adam', family: 'adam', about: 'Adam, one player after another: how GANs are usually trained', memory: '3', elementwise: true, oracle: ({ order: turns }) => busiest(turns),
    assumptions: 'no guarantee for games', reference: 'Kingma, Ba 2015, arXiv 1412.6980; Goodfellow et al. 2014, arXiv 1406.2661',
  }, { stepSize: stepSize(), ...moments, order: order() }, alternatingAdam),
  row<AdamOptions>({
    name: 'extra-adam', family: 'adam', about: 'extragradient with Adam’s direction, one set of moments', memory: '4', elementwise: true, oracle: () => 2,
    assumptions: 'no guarantee for games', reference: 'Gidel et al. 2019, arXiv 1802.10551',
  }, { stepSize: stepSize(), ...moments }, extraAdam),
  row<RappAdamOptions>({
    name: 'rapp-adam', family: 'adam', about: 'RAPP with Adam’s direction inside', memory: '4', elementwise: true, oracle: ({ innerSteps = 3 }) => innerSteps,
    assumptions: 'no guarantee; RAPP’s theory covers its gradient form', reference: 'Pethick, Xie, Cevher 2023, arXiv 2310.13459',
  }, { stepSize: stepSize(), ...moments, ...proximal }, rappAdam),
  wrapperRow<LookaheadOptions>({
    name: 'lookahead', about: 'lets a method run ahead, then goes part of the way', memory: '1 + the method’s', elementwise: true,
    assumptions: 'the method’s τ-fold map nonexpansive; the method itself need not converge', reference: 'Zhang et al. 2019, arXiv 1907.08610; Chavdarova et al. 2021, arXiv 2006.14567',
  }, {
    steps: integer({ about: 'inner steps between interpolations', symbol: 'τ', from: 1, default: 5 }),
    weight: number({ about: 'how far the slow point moves towards the fast one', symbol: 'λ', above: 0, to: 1, default: 0.5 }),
  }, lookahead),
];

/** Decorates every method built, the innermost first. */
export type Decorate = <S extends State>(method: Method<S>) => Method<S>;
const plain: Decorate = (method) => method;

/** What fills in an option that was not given: `stepSize` is 1/L where the game states L. */
function withDefaults(row: MethodRow, given: Given, facts: Facts): Given {
  return 'stepSize' in row.options && given['stepSize'] === undefined && facts.lipschitz !== undefined ? { ...given, stepSize: 1 / facts.lipschitz } : given;
}

function resolve(spec: Spec, rows: readonly MethodRow[]): { readonly row: MethodRow; readonly inner: Spec | undefined } {
  const row = findRow('method', rows, spec.name);
  const [inner, ...more] = spec.inner;
  if (inner !== undefined && !row.wraps) throw new InputError(`method ${spec.name} wraps no method; found ${inner.name}`);
  if (more[0] !== undefined) throw new InputError(`${spec.name} wraps one method; found ${inner?.name ?? ''} and ${more[0].name}`);
  return { row, inner };
}

/**
 * The method a spec names: `lookahead(alternating-adam(stepSize=[2e-4,1e-4]), steps=5)`.
 * @param facts of the game: a step size that is not given becomes 1/L.
 * @throws InputError for an unknown name or option, an unacceptable value, or a step size nobody supplies.
 */
export function methodFrom(spec: string | Spec, facts: Facts = {}, decorate: Decorate = plain, rows: readonly MethodRow[] = methods): Method<State> {
  const parsed = typeof spec === 'string' ? parseSpec(spec) : spec;
  const { row, inner } = resolve(parsed, rows);
  const within = inner === undefined ? undefined : methodFrom(inner, facts, decorate, rows);
  return decorate(row.build(withDefaults(row, parsed.options, facts), within));
}

/** Oracle calls that a method declares. */
export function oracleOf(spec: string | Spec, facts: Facts = {}, rows: readonly MethodRow[] = methods): Oracle {
  const parsed = typeof spec === 'string' ? parseSpec(spec) : spec;
  const { row, inner } = resolve(parsed, rows);
  return row.oracle(withDefaults(row, parsed.options, facts), inner === undefined ? undefined : oracleOf(inner, facts, rows));
}

/** The family of a method; a wrapper's is that of the method inside. */
export function familyOf(spec: string | Spec, rows: readonly MethodRow[] = methods): Family {
  const parsed = typeof spec === 'string' ? parseSpec(spec) : spec;
  const { row, inner } = resolve(parsed, rows);
  return row.family !== 'inner' ? row.family : inner === undefined ? 'gradient' : familyOf(inner, rows);
}

/** The full spec of a built method, from its name and options: what a report prints to reproduce a run. */
export function specOf({ name, options }: Pick<Method<State>, 'name' | 'options'>): Spec {
  const { method: inner, ...own } = fields(options);
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== null));
  const within = fields(inner ?? null);
  const innerName = within['name'];
  return { name, inner: typeof innerName === 'string' ? [specOf({ name: innerName, options: within['options'] ?? null })] : [], options: given };
}

function fields(data: Data): { readonly [key: string]: Data } {
  return data !== null && typeof data === 'object' && !Array.isArray(data) && !ArrayBuffer.isView(data) ? Object.fromEntries(Object.entries(data)) : {};
}
