import { crc32 } from 'node:zlib';
import { InputError, shown } from '@stillpoint/operators';

// A line of a run's files is a JSON object whose last part, `checksum`, is the CRC-32 of all that stands
// before it, as eight hexadecimal digits. So a line in which a digit was changed is not read as another
// number.

const PART = ',"checksum":"';
const END = '"}';

const checksumOf = (text: string): string => crc32(text).toString(16).padStart(8, '0');

/** The JSON text of an object with parts, with its checksum as the last of them. */
export function sealed(json: string): string {
  const open = json.slice(0, -1);
  return `${open}${PART}${checksumOf(open)}${END}`;
}

/** A sealed line without its checksum. @throws InputError if it has none, or one of another text. */
export function unsealed(line: string): string {
  const at = line.lastIndexOf(PART);
  if (at < 0 || !line.endsWith(END))
    throw new InputError('it has no checksum as its last part; expected the line as the run wrote it');
  const [open, stated] = [line.slice(0, at), line.slice(at + PART.length, -END.length)];
  const found = checksumOf(open);
  if (found !== stated)
    throw new InputError(
      `its checksum is ${shown(stated)}, and that of what it holds ${found}; expected the line as the run wrote it`,
    );
  return `${open}}`;
}
