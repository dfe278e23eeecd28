import { InputError, formatSpec, parseSpec, type Data, type Spec } from '@stillpoint/operators';

const isSpec = (value: Data): value is Spec =>
  value !== null && typeof value === 'object' && 'name' in value && 'inner' in value && 'options' in value;
/** A value as a spec’s grammar reads it; specs inside stay texts. */
const asTexts = (value: Data): Data =>
  isSpec(value)
    ? formatSpec(value)
    : Array.isArray(value)
      ? value.map((entry: Data) => asTexts(entry))
      : value;

/** A value as a user types it: a number, a word, a list or a spec’s text; any other text is itself. */
export function readData(text: string): Data {
  try {
    return asTexts(parseSpec(`set(value=${text})`).options['value'] ?? null);
  } catch {
    return text; // no text of the grammar; the check of what is accepted says what is expected
  }
}

/** The parts of `--set key=value`. @throws InputError that shows the example if there is no key. */
export function readPair(pair: string, example: string): readonly [key: string, text: string] {
  const at = pair.indexOf('=');
  if (at < 1) throw new InputError(`--set "${pair}"; expected key=value, as --set ${example}`);
  return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
}

/** @throws InputError if a key is given twice. */
export function refuseTwice(keys: readonly string[]): void {
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twice !== undefined) throw new InputError(`--set ${twice}=… is given twice`);
}
