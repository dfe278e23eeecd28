// The access to Node's modules, by a function instead of imports: a bundler for a page refuses an import of
// `node:fs`, even one that never runs.
import { InputError } from '@stillpoint/operators';

/** The bytes of the classifier's weights. The relative path is the same from `src` and from `dist`. */
export async function classifierWeights(): Promise<Uint8Array> {
  // a page has no process, or a substitute without this function
  const node = globalThis.process;
  if (node?.getBuiltinModule === undefined)
    throw new InputError(
      'fashion-classifier: found no Node here, which reads the weights; expected the option weights: in a page, fetch the file data/fashion-classifier.safetensors of this package and give its bytes',
    );
  const [{ readFile }, path, url] = [
    node.getBuiltinModule('node:fs/promises'),
    node.getBuiltinModule('node:path'),
    node.getBuiltinModule('node:url'),
  ];
  const here = path.dirname(url.fileURLToPath(import.meta.url));
  return readFile(path.join(here, '..', '..', 'data', 'fashion-classifier.safetensors'));
}
