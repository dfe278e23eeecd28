import { isRecord, type Data, type Ledger, type State, type Vector } from '../contracts/index.js';
import { crc32 } from './checksum.js';
import { InputError, shown } from '../specs/errors.js';
import { pack, unpackData, type Packed } from './pack.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';

/** What identifies a sample: the number of the call that drew it, or a set of terms. */
export type Drawn =
  | { readonly call: number; readonly player: number | null }
  | { readonly terms: readonly number[] };

/**
 * The sizes with which a run's stopping rules compare, measured at its start and in its first steps. They are
 * saved so that a continued run ends where an uninterrupted one does.
 */
export type StoppingScale = {
  /** The residual at the start. */
  readonly first: number;
  /** The size of F. */
  readonly size: number;
  /** The game's gap; 0 if it has none. */
  readonly gap: number;
  /** ‖z₀‖. */
  readonly length: number;
  /** L, stated or estimated; NaN until it is first needed. */
  readonly lipschitz: number;
};

/** All that a run needs to continue bit for bit. */
export type Checkpoint<S extends State> = {
  readonly game: string;
  /** The problem's identity, if it states one. A continued run must have the same. */
  readonly identity?: Data;
  /**
   * What computed the run, if the problem states it. On another engine a run does not continue bit for bit.
   */
  readonly engine?: Data;
  /** The differences in identity that were accepted, in the order of acceptance. */
  readonly acceptedIdentity?: readonly string[];
  readonly method: string;
  readonly options: Data;
  /** The seed of the run's random numbers (`space.random`). */
  readonly seed: number;
  readonly state: S;
  readonly ledger: Ledger;
  /** Samples drawn so far, per player. With the seed they determine the order of the data. */
  readonly draws: readonly number[];
  /** The sample last drawn, for `same` after a restart. */
  readonly last: Drawn | null;
  readonly buffers: { readonly [name: string]: Vector };
  /** Present if the run judges its points. */
  readonly stopping?: StoppingScale;
  /** How often what the run reports at its end has happened so far, as an inner solver that ran out. */
  readonly notes?: { readonly [what: string]: number };
  /**
   * What the program that makes the run adds: what it needs beside the method's state to go on, as averages
   * of its own or the step of its last picture. No driver reads it or writes it.
   */
  readonly run?: Data;
};

/** The format that is written and read. */
const FORMAT = 'stillpoint-checkpoint-3';

/** CRC-32 over the text, then each tensor in the order of names: name, type, length and bytes. */
function checksum(text: string, tensors: { readonly [name: string]: Vector }): string {
  const [add, encoder] = [crc32(), new TextEncoder()];
  let sum = add(encoder.encode(text));
  for (const [name, tensor] of Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1))) {
    add(encoder.encode(`\n${JSON.stringify(name)} ${8 * tensor.BYTES_PER_ELEMENT} ${tensor.length}\n`));
    sum = add(new Uint8Array(tensor.buffer, tensor.byteOffset, tensor.byteLength));
  }
  return sum;
}

/**
 * Encodes a checkpoint as the bytes of a safetensors file: vectors as tensors (`state.z`, …), the rest as
 * metadata, and a checksum over both.
 */
export function encodeCheckpoint<S extends State>(checkpoint: Checkpoint<S>): Uint8Array {
  const { game, method, options, seed, state, ledger, draws, last, buffers, stopping } = checkpoint;
  const { identity, engine, acceptedIdentity: accepted, notes, run } = checkpoint;
  const whole = { game, method, options, seed, state, ledger, draws, last, buffers };
  const data = {
    ...whole,
    ...(stopping ? { stopping } : {}),
    ...(notes === undefined ? {} : { notes }),
    ...(identity === undefined ? {} : { identity }),
    ...(engine === undefined ? {} : { engine }),
    ...(accepted === undefined ? {} : { acceptedIdentity: accepted }),
    ...(run === undefined ? {} : { run }),
  };
  const { text, vectors } = pack(data, 'checkpoint');
  const tensors = Object.fromEntries(
    Object.entries(vectors).map(([path, vector]) => [path.replace(/^checkpoint\./, ''), vector]),
  );
  return writeSafetensors({
    tensors,
    metadata: { format: FORMAT, data: text, checksum: checksum(text, tensors) },
  });
}

/**
 * Reads a checkpoint as plain data; a driver's `from` checks it against the run.
 * @param name what errors call the file.
 * @throws InputError if it is damaged or of another format.
 */
export function decodeCheckpoint(bytes: Uint8Array, name = 'checkpoint'): Checkpoint<State> {
  const { tensors, metadata } = readSafetensors(bytes, name);
  const { format, data: text, checksum: stated } = metadata;
  if (format !== FORMAT)
    throw new InputError(
      `${name}: its format is ${format === undefined ? 'not stated' : shown(format)}; expected ${FORMAT}`,
    );
  if (text === undefined) throw new InputError(`${name}: it lacks its data`);
  const found = checksum(text, tensors);
  if (found !== stated)
    throw new InputError(
      `${name}: it is damaged: its content has the checksum ${found}; expected ${stated === undefined ? 'one stated in it' : shown(stated)}, as when it was written`,
    );
  const packed: Packed = {
    text,
    vectors: Object.fromEntries(
      Object.entries(tensors).map(([path, vector]) => [`checkpoint.${path}`, vector]),
    ),
  };
  const data = named(name, () => unpackData(packed, 'checkpoint'));
  const checkpoint = asCheckpoint(data);
  if (checkpoint === undefined)
    throw new InputError(
      `${name}: it lacks a part of { game, method, options, seed, state, ledger, draws, last, buffers }`,
    );
  return checkpoint;
}

/** Returns what `read` returns. An InputError that it throws is made to begin with the file's name. */
function named(name: string, read: () => Data): Data {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof InputError ? new InputError(`${name}: ${cause.message}`, { cause }) : cause;
  }
}

/**
 * The data as a checkpoint; undefined if a part is missing. The signature is a cast: the method's own part of
 * `state` is not checked here, since only the method knows it; a driver compares it with a fresh state.
 */
function asCheckpoint(data: Data): Checkpoint<State> | undefined;
function asCheckpoint(data: Data): Data | undefined {
  return hasParts(data) ? data : undefined;
}

/** Whether all parts of a checkpoint are there, with the types that are the same for every method. */
function hasParts(data: Data): boolean {
  if (!isRecord(data) || !isRecord(data['state']) || !isRecord(data['ledger']) || !isRecord(data['buffers']))
    return false;
  const { stopping, draws, last, seed, ledger, notes, acceptedIdentity: accepted } = data;
  if (
    accepted !== undefined &&
    !(Array.isArray(accepted) && accepted.every((part) => typeof part === 'string'))
  )
    return false;
  if (
    stopping !== undefined &&
    !(
      isRecord(stopping) &&
      ['first', 'size', 'gap', 'length', 'lipschitz'].every((name) => typeof stopping[name] === 'number')
    )
  )
    return false;
  const whole = (x: Data | undefined): boolean => typeof x === 'number' && Number.isSafeInteger(x) && x >= 0;
  const list = (x: Data | undefined): boolean => Array.isArray(x) && x.every(whole);
  if (notes !== undefined && !(isRecord(notes) && Object.values(notes).every(whole))) return false;
  const counted = ['steps', 'losses', 'products', 'transposedProducts', 'residuals', 'residualProducts'];
  const isDrawn =
    last === null ||
    (isRecord(last) &&
      (list(last['terms']) || (whole(last['call']) && (last['player'] === null || whole(last['player'])))));
  return (
    typeof data['game'] === 'string' &&
    typeof data['method'] === 'string' &&
    data['options'] !== undefined &&
    typeof seed === 'number' &&
    ArrayBuffer.isView(data['state']['z']) &&
    counted.every((name) => whole(ledger[name])) &&
    list(ledger['gradients']) &&
    list(draws) &&
    isDrawn &&
    Object.values(data['buffers']).every((buffer) => ArrayBuffer.isView(buffer))
  );
}
