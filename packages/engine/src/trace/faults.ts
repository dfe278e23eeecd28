import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@stillpoint/operators';
import { atPlace } from './place.js';

/**
 * The error for a function that no engine may run, since it depends on more than its inputs or does more than
 * return outputs. Other errors may be one engine's limits.
 */
export class Fault extends InputError {}

/**
 * The tfjs ops that draw random numbers on the host, by the name of the scope that tfjs opens around every op
 * (in minified builds too).
 */
const draws: ReadonlySet<string> = new Set([
  'randomNormal',
  'randomStandardNormal',
  'randomUniform',
  'randomUniformInt',
  'randomGamma',
  'truncatedNormal',
  'rand',
  'multinomial',
]);

/** The tfjs ops that read values to find the size of their result. booleanMaskAsync calls whereAsync. */
const sizedOps = ['booleanMaskAsync', 'whereAsync', 'setdiff1dAsync'] as const;

const scopeName = (name: string | undefined): string => (name ?? '').replace(/__op$/, '');

function refuseRandom(name: string | undefined): void {
  if (!draws.has(scopeName(name))) return;
  const outer = tf.engine().state.scopeStack.map((scope) => scopeName(scope.name));
  const op = outer.find((known) => known === 'dropout' || draws.has(known)) ?? scopeName(name);
  throw new Fault(
    `tf.${op} inside a compiled function${atPlace(new Error('random'))}: its numbers would be drawn once and frozen into the graph; make the noise an input and feed fresh numbers to every run()`,
  );
}

function readFault(): Fault {
  const error = new Error('host read');
  const sized = sizedOps.find((op) => error.stack?.includes(op));
  return new Fault(
    sized !== undefined
      ? `tf.${sized}${atPlace(error)}: how large its result is depends on values, and the sizes in a graph are fixed; keep every element, and weigh it by tf.where or a mask of 0 and 1`
      : `the compiled function reads a tensor's values${atPlace(error)} (data, dataSync, array, arraySync or print); ` +
          'there are none while it is traced: keep to tensor operations (tf.where for a condition), or return the tensor and read it after run()',
  );
}

/** The error for a tensor that the function did not make. */
export function outsideFault(info: tf.TensorInfo): Fault {
  const variable = Object.entries(tf.engine().registeredVariables).find(
    ([, { dataId }]) => dataId === info.dataId,
  )?.[0];
  const what =
    variable === undefined
      ? `a tensor ${info.dtype}[${info.shape.join(',')}] made outside the compiled function`
      : `the variable ${variable}`;
  return new Fault(
    `${what} is used inside it${atPlace(new Error('outside'))}; pass its values as an input, or make the constant inside the function with tf.tensor(…)`,
  );
}

/** An object's method as it is now, to be called while another replaces it. */
export function methodOf(target: object, name: string): (...operands: readonly unknown[]) => unknown {
  const method: unknown = Reflect.get(target, name);
  if (typeof method !== 'function') throw new Error(`tfjs-core ${tf.version_core} has no method ${name}`);
  return (...operands) => Reflect.apply(method, target, operands);
}

/** Replaces an object's methods while `body` runs. */
export function replacing<T>(
  target: object,
  methods: { readonly [name: string]: unknown },
  body: () => T,
): T {
  const before = Object.keys(methods).map(
    (name) => [name, Object.getOwnPropertyDescriptor(target, name)] as const,
  );
  for (const [name, value] of Object.entries(methods))
    Object.defineProperty(target, name, { value, configurable: true, writable: true });
  try {
    return body();
  } finally {
    for (const [name, property] of before) {
      if (property === undefined) Reflect.deleteProperty(target, name);
      else Object.defineProperty(target, name, property);
    }
  }
}

/**
 * Runs `body`, which calls a compiled function, and throws a fault if it draws random numbers, reads values,
 * makes or changes variables, or keeps tensors alive.
 */
export function withoutEffects<T>(body: () => T): T {
  const engine = tf.engine();
  const startScope = methodOf(engine, 'startScope');
  const tensors = engine.state.numTensors;
  // the first host read is kept, because the promises of data() and array() may never be awaited
  let read: Fault | undefined;
  const refuseRead = (): Fault => (read ??= readFault());
  const methods = {
    startScope(name?: string) {
      refuseRandom(name);
      startScope(name);
    },
    readSync() {
      throw refuseRead();
    },
    // a promise that never settles: a rejection that nobody awaits would end the process
    read() {
      refuseRead();
      return new Promise(() => {});
    },
    makeVariable(_: tf.Tensor, __: boolean, name = '') {
      throw new Fault(
        `the compiled function makes a tf.variable${name === '' ? '' : ` (${name})`}${atPlace(new Error('variable'))}; parameters are inputs: pass their values to every run()`,
      );
    },
  };
  const assign = {
    assign(this: tf.Variable) {
      throw new Fault(
        `the compiled function assigns to the variable ${this.name}${atPlace(new Error('assign'))}; return the new value as an output instead`,
      );
    },
  };
  let result: T;
  try {
    result = replacing(engine, methods, () => replacing(tf.Variable.prototype, assign, body));
  } catch (error) {
    throw read ?? error;
  }
  if (read !== undefined) throw read;
  const left = engine.state.numTensors - tensors;
  if (left > 0)
    throw new Fault(
      `the compiled function keeps ${left} tensor${left > 1 ? 's' : ''} alive (tf.keep); return what you need as an output`,
    );
  return result;
}

/** What a function made when it was called once: its constants, where each was made, and the rest as text. */
export interface Called {
  readonly constants: readonly {
    readonly values: ArrayLike<number | boolean | string> | number;
    readonly origin: Error;
  }[];
  readonly text: string;
}

function sameValues(a: Called['constants'][number]['values'], b: typeof a): boolean {
  if (typeof a === 'number' || typeof b === 'number') return Object.is(a, b);
  return a.length === b.length && Array.from(a).every((x, i) => Object.is(x, b[i]));
}

/**
 * Throws if two calls of one function differ. It then depends on something besides its inputs, whose present
 * value would become a constant of the graph.
 */
export function checkPure(first: Called, second: Called): void {
  const cure = 'what it draws or reads on the host would be frozen into the graph; make it an input';
  for (const [i, { values, origin }] of first.constants.entries()) {
    const other = second.constants[i];
    if (other !== undefined && !sameValues(values, other.values)) {
      throw new Fault(
        `a constant of the compiled function${atPlace(origin)} has different values each time it is made (Math.random, a clock, a counter?); ${cure}`,
      );
    }
  }
  if (first.constants.length !== second.constants.length || first.text !== second.text)
    throw new Fault(`the compiled function makes another graph each time it is called; ${cure}`);
}
