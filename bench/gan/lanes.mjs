// The lanes: ours on each engine, and the peers. A lane is a command that uses protocol.mjs.
import { fileURLToPath } from 'node:url';

const path = (file) => fileURLToPath(new URL(file, import.meta.url));
const node = (file, ...args) => ({ command: process.execPath, args: [path(file), ...args] });

/** Python leaves no compiled files in this folder. */
export const tidy = { PYTHONDONTWRITEBYTECODE: '1' };

const ours = (engine) => ({
  about: `Stillpoint, engine ${engine}`,
  ours: true,
  start: ({ workload, threads }) => node('lane-stillpoint.mjs', workload, threads, engine),
});
const python = (about, file, ...args) => ({
  about,
  python: true,
  // A new cache, since torch.compile would else reuse what an earlier run has compiled.
  start: ({ workload, threads, folder, python: command }) => ({
    command,
    args: [path(file), workload, threads, ...args, folder],
    env: { TORCHINDUCTOR_CACHE_DIR: folder, ...tidy },
  }),
});
const tfjs = (about, backend) => ({
  about,
  // They set TensorFlow's number of threads; the other two backends have no threads.
  start: ({ workload, threads, peers }) => ({
    ...node('lane-tfjs.mjs', workload, threads, backend, ...peers),
    env: { TF_NUM_INTRAOP_THREADS: threads, TF_NUM_INTEROP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '2' },
  }),
});
const single = (name, lane) => ({ ...lane, moreThreads: `single-threaded: see ${name} with 1 thread` });

export const lanes = {
  native: ours('native'),
  wasm: ours('wasm'),
  tensorflow: ours('tensorflow'),
  cpu: single('cpu', ours('cpu')),
  torch: { ...python('PyTorch eager, Adam as it comes', 'lane_torch.py', 'default'), eager: true },
  'torch-fused': { ...python('PyTorch eager, fused Adam', 'lane_torch.py', 'fused'), eager: true },
  'torch-compile': python('PyTorch, both losses through torch.compile', 'lane_torch.py', 'compile'),
  jax: python('JAX, the whole step in one jit', 'lane_jax.py'),
  'tfjs-node': tfjs('tfjs-node, op by op', 'tensorflow'),
  'tfjs-wasm': single('tfjs-wasm', tfjs('stock tfjs wasm, op by op', 'wasm')),
  'tfjs-cpu': single('tfjs-cpu', tfjs('stock tfjs cpu, op by op', 'cpu')),
};

export const laneNames = Object.keys(lanes);
