import { InputError, shown } from '@stillpoint/operators';

/** Throws InputError unless these are the bytes of a file. */
export function expectBytes(bytes: Uint8Array, name: string): void {
  if (!(bytes instanceof Uint8Array))
    throw new InputError(`${name}: found ${shown(bytes)}; expected the bytes of a file as a Uint8Array`);
}
