import { InputError, shown } from '@stillpoint/operators';
import type { BuiltDataset } from './built.js';
import { listOf, within } from './files.js';
import { refuseHeldOut, withHeldOut } from './held-out.js';
import { IMAGE_NAME, imageFolder, type ImageFiles } from './image-files.js';
import type { Fit } from './picture.js';

/** Options of the row `image-folder`; null: not given. */
export interface ImageFolderData {
  readonly path: string;
  readonly height: number | null;
  readonly width: number | null;
  readonly fit: Fit;
  readonly channels: 1 | 3 | null;
  readonly background: readonly [number, number, number] | null;
  readonly heldOut: number | null;
}

/** Names of a folder that holds the test set beside one that is named train. */
const TEST_FOLDERS: readonly string[] = ['test', 'val', 'valid', 'validation'];

/** The folder beside `train` that holds the test set; undefined if folders are classes. */
function testFolderOf(path: string, folders: readonly string[]): string | undefined {
  const tests = folders.filter((name) => TEST_FOLDERS.includes(name));
  if (!folders.includes('train') || tests.length === 0) return undefined;
  if (folders.length > 2)
    throw new InputError(
      `${path}: found the folders ${folders.map((name) => shown(name)).join(', ')}; expected train and one of ${TEST_FOLDERS.join(', ')}, or folders that are classes: give one of them as path, such as ${shown(within(path, 'train'))}`,
    );
  return tests[0];
}

const dimensions = ({ images }: ImageFiles): string => images.shape.join('×');

/** The images of a folder, with a test set of its own or a part of them held out. */
export async function imageFolderData(options: ImageFolderData): Promise<BuiltDataset> {
  const { path, height, width, channels, background, fit, heldOut } = options;
  const name = 'image-folder';
  if ((height === null) !== (width === null))
    throw new InputError(
      `${name}: height is ${height}, width is ${width}; expected both, or none where all images have one size`,
    );
  const load = (folder: string): Promise<ImageFiles> =>
    imageFolder(folder, {
      name,
      fit,
      ...(height !== null && width !== null && { size: [height, width] }),
      ...(channels !== null && { channels }),
      ...(background !== null && { background }),
    });
  const { files, folders } = await listOf(path);
  const testFolder = files.some((file) => IMAGE_NAME.test(file)) ? undefined : testFolderOf(path, folders);
  if (testFolder === undefined) {
    const { images, classes } = await load(path);
    return { ...withHeldOut(images, heldOut), ...(classes && { classes }) };
  }
  refuseHeldOut(name, heldOut, within(path, testFolder));
  const train = await load(within(path, 'train'));
  const test = await load(within(path, testFolder));
  if (dimensions(train) !== dimensions(test))
    throw new InputError(
      `${path}: the images of train are ${dimensions(train)}, those of ${testFolder} are ${dimensions(test)}; expected the same: give height, width and channels`,
    );
  const [known = [], found = []] = [train.classes, test.classes];
  if (known.join('/') !== found.join('/')) {
    const odd = [...known, ...found].find((one) => !(known.includes(one) && found.includes(one)));
    throw new InputError(
      `${path}: only one of train and ${testFolder} has the folder ${shown(odd)}; expected the same classes in both`,
    );
  }
  return { train: train.images, test: test.images, ...(train.classes && { classes: train.classes }) };
}
