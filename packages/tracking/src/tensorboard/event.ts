import { InputError, shown } from '@stillpoint/operators';
import { histogramProto, type Histogram } from './histogram.js';
import { imageProto } from './image.js';
import { bytes, double, float, joined, text, whole } from './protobuf.js';
import { record } from './record.js';

/** A value that TensorBoard shows: a scalar, an image as a PNG file, a histogram. */
export type EventValue = number | { readonly png: Uint8Array } | Histogram;

/** What was measured at a step. */
export interface SummaryEvent {
  /** When, in seconds since 1970, as `Date.now() / 1000`. */
  readonly wallTime: number;
  /** A whole number from 0 to 2^53 − 1. */
  readonly step: number;
  /** By tag. TensorBoard groups tags by what is before the first slash, as in `loss/generator`. */
  readonly values: { readonly [tag: string]: EventValue };
}

function checkWallTime(wallTime: number): void {
  if (!Number.isFinite(wallTime) || wallTime < 0 || wallTime >= 1e10)
    throw new InputError(`wallTime is ${shown(wallTime)}; expected seconds since 1970, as Date.now() / 1000`);
}

function checkStep(step: number): void {
  if (!Number.isSafeInteger(step) || step < 0)
    throw new InputError(`step is ${shown(step)}; expected a whole number from 0 to 2^53 − 1`);
}

/** TensorBoard takes any UTF-8 text as a tag. A control character in one is a mistake. */
function checkTag(tag: string): void {
  const found = /[\p{Cc}\p{Cs}]/u.exec(tag);
  if (tag === '' || found)
    throw new InputError(
      found
        ? `tag ${shown(tag)}: character ${found.index + 1} cannot be in a tag; expected text without control characters and lone surrogates`
        : 'a tag is empty; expected text, such as "loss/generator"',
    );
}

/** The message Summary.Value of `summary.proto`. */
function valueProto(tag: string, value: EventValue): Uint8Array {
  checkTag(tag);
  if (typeof value === 'number') return joined(text(1, tag), float(2, value));
  if (typeof value === 'object' && value !== null && 'png' in value)
    return joined(text(1, tag), bytes(4, imageProto(shown(tag), value.png)));
  if (typeof value === 'object' && value !== null && 'limits' in value)
    return joined(text(1, tag), bytes(5, histogramProto(shown(tag), value)));
  throw new InputError(
    `${shown(tag)} is ${shown(value)}; expected a number, an image as { png }, or a histogram, as histogramOf(values)`,
  );
}

const eventRecord = (wallTime: number, step: number, what: Uint8Array): Uint8Array =>
  record(joined(double(1, wallTime), whole(2, step), what));

/**
 * The record that an event file starts with: the format's version, and what wrote the file.
 * @throws InputError if the time is none.
 */
export function versionRecord(wallTime: number, writer = '@stillpoint/tracking'): Uint8Array {
  checkWallTime(wallTime);
  if (typeof writer !== 'string')
    throw new InputError(`writer is ${shown(writer)}; expected the name of a program`);
  return eventRecord(wallTime, 0, joined(text(3, 'brain.Event:2'), bytes(10, text(1, writer))));
}

/**
 * The record of a run that goes on from a step: readers drop what was written before it for this step and
 * later ones. A SessionLog with status START, as PyTorch's SummaryWriter writes for its `purge_step`.
 * @throws InputError if time or step are none.
 */
export function restartRecord(wallTime: number, step: number): Uint8Array {
  checkWallTime(wallTime);
  checkStep(step);
  return eventRecord(wallTime, step, bytes(7, whole(1, 1)));
}

/**
 * An event as a record: the message Event of `event.proto`. Scalars are a `simple_value`, rounded to float32;
 * NaN and ±∞ are kept. Images are an `image` and histograms a `histo`. TensorBoard's dashboards turn these
 * into tensors as they read (`tensorboard/data_compat.py`), and `Scalars`, `Images` and `Histograms` of its
 * `EventAccumulator` return these alone, not tensors; PyTorch's SummaryWriter writes them too. The `.proto`
 * files are in `tensorboard/compat/proto` of https://github.com/tensorflow/tensorboard, tag 2.21.0.
 * @throws InputError if time, step, a tag or a value is none.
 */
export function summaryRecord(event: SummaryEvent): Uint8Array {
  if (typeof event !== 'object' || event === null)
    throw new InputError(`the event is ${shown(event)}; expected { wallTime, step, values }`);
  const { wallTime, step, values } = event;
  checkWallTime(wallTime);
  checkStep(step);
  if (typeof values !== 'object' || values === null)
    throw new InputError(`values are ${shown(values)}; expected an object, as { 'loss/generator': 0.7 }`);
  const all = Object.entries(values).map(([tag, value]) => bytes(1, valueProto(tag, value)));
  return eventRecord(wallTime, step, bytes(5, joined(...all)));
}
