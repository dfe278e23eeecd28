export { compile, graphOf, type Compiled, type CompileOptions } from './compile.js';
export { floatingPointOperations } from './cost.js';
export { emit, inputName, outputName } from './emit/emit.js';
export { usageData } from './load.js';
export {
  type Constant,
  type DType,
  type Graph,
  type Node,
  type Port,
  printGraph,
  type Shape,
  type Value,
} from './graph.js';
export type { Operation } from './operations.js';
export { type EngineName, engineNames, type EngineStatus, findEngines } from './run/engines.js';
export {
  type OnnxArray,
  type OnnxModel,
  type OnnxOptions,
  type OnnxPort,
  type OnnxTensor,
  type OnnxType,
  runOnnx,
} from './run/onnx.js';
export { type StoredTensor, toOnnx, type ToOnnxOptions } from './to-onnx.js';
export type { Traceable } from './trace/trace.js';
