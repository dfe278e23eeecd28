import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '@stillpoint/operators';
import { type Builder, createBuilder } from '../builder.js';
import { type DType, printType, type Value } from '../graph.js';
import { attributesOf } from './attributes.js';
import { outsideFault } from './faults.js';
import type { Kernel } from './kernel.js';
import { constantOf } from './kernels/shapes.js';
import { atPlace } from './place.js';

interface Entry {
  readonly value: Value;
  references: number;
}

function graphType(dtype: tf.DataType, what: string): DType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new InputError(`${what} of type ${dtype} cannot be compiled; a graph holds float32, int32 and bool`);
}

function hostData(values: tf.BackendValues): ArrayLike<number | boolean> {
  if (
    values instanceof Float32Array ||
    values instanceof Int32Array ||
    values instanceof Uint8Array ||
    values instanceof Uint8ClampedArray
  )
    return values;
  throw new InputError('a tensor of strings cannot be compiled');
}

/** A tfjs backend that computes no data. It is used for one trace, and holds the graph under construction. */
export class TraceBackend extends tf.KernelBackend {
  readonly build: Builder = createBuilder();
  /** Where each constant was made, for the error if it turns out to differ between two traces. */
  readonly origins: Map<Value, Error> = new Map();
  private readonly tensors: tf.Tensor[] = [];
  private readonly entries = new WeakMap<object, Entry>();
  private count = 0;

  private hold(value: Value): object {
    const dataId = {};
    this.entries.set(dataId, { value, references: 1 });
    this.count++;
    return dataId;
  }

  private info(value: Value): tf.TensorInfo {
    return { dataId: this.hold(value), shape: [...value.shape], dtype: value.dtype };
  }

  /** A tensor without data that stands for a graph value. */
  tensor(value: Value): tf.Tensor {
    const tensor = tf.engine().makeTensorFromTensorInfo(this.info(value), this);
    this.tensors.push(tensor);
    return tensor;
  }

  /** Disposes the remaining tensors: if a gradient throws, tfjs keeps those it has saved for it. */
  clear(): void {
    for (const tensor of this.tensors) if (!tensor.isDisposed) tensor.dispose();
  }

  /** The graph value behind a tensor. Throws for a tensor made outside the traced function. */
  value(info: tf.TensorInfo): Value {
    const entry = this.entries.get(info.dataId);
    if (entry === undefined) throw outsideFault(info);
    if (
      entry.value.shape.length === info.shape.length &&
      entry.value.shape.every((d, i) => d === info.shape[i])
    )
      return entry.value;
    return this.build.add({ op: 'Reshape', shape: info.shape }, entry.value);
  }

  /** Runs one kernel: takes operands and returns new values of the graph. */
  call(
    name: string,
    kernel: Kernel,
    inputs: tf.NamedTensorInfoMap,
    attributes: tf.NamedAttrMap | undefined,
  ): tf.TensorInfo | tf.TensorInfo[] {
    const named = new Map<string, Value>();
    for (const [key, info] of Object.entries(inputs))
      if (info !== undefined && info !== null) named.set(key, this.value(info));
    const result = this.apply(name, kernel, named, attributes);
    return 'id' in result ? this.tensor(result) : result.map((value) => this.tensor(value));
  }

  private apply(
    name: string,
    kernel: Kernel,
    named: ReadonlyMap<string, Value>,
    attributes: tf.NamedAttrMap | undefined,
  ): Value | readonly Value[] {
    const input = (key: string): Value => {
      const value = named.get(key);
      if (value === undefined) throw new Error(`operand ${key} is missing`);
      return value;
    };
    try {
      return kernel({
        build: this.build,
        inputs: [...named.values()],
        input,
        has: (key) => named.has(key),
        attributes: attributesOf(name, attributes),
      });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const operands = [...named].map(([key, value]) => `${key}: ${printType(value)}`).join(', ');
      // What kernels, shape rules and tfjs's checks throw themselves is about the operands they were given.
      const Kind = error.name === 'Error' || error instanceof InputError ? InputError : Error;
      throw new Kind(`tfjs kernel ${name}(${operands})${atPlace(error)}: ${error.message}`, {
        cause: error,
      });
    }
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    const here = new Error('constant');
    const type = graphType(dtype, `a constant${atPlace(here)}`);
    const value = this.build.constant(constantOf(hostData(values ?? new Float32Array(0)), type), shape, type);
    this.origins.set(value, here);
    return this.hold(value);
  }

  override move(): void {
    throw new InputError('a tensor cannot be moved into a trace; pass its values as an input');
  }

  override refCount(dataId: tf.DataId): number {
    return this.entries.get(dataId)?.references ?? 0;
  }

  override incRef(dataId: tf.DataId): void {
    const entry = this.entries.get(dataId);
    if (entry !== undefined) entry.references++;
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    const entry = this.entries.get(dataId);
    if (entry === undefined || entry.references === 0) return true;
    entry.references = force ? 0 : entry.references - 1;
    if (entry.references > 0) return false;
    this.count--; // the value stays: tf.logSigmoid's gradient uses an operand that tfjs has disposed of
    return true;
  }

  override numDataIds(): number {
    return this.count;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {}
}
