// Writes to a file system, for Node only: no module of the main entry may import this.
export { fileAt, type Found } from './files/at.js';
export { openEvents, type EventFile, type EventFileOptions } from './files/events.js';
export { discardFolders, makeFolders } from './files/folders.js';
export { openGrowing, type GrowingFile } from './files/growing.js';
export {
  hashesOf,
  moduleDifference,
  moduleFiles,
  moduleHash,
  type ModuleFile,
  type ModuleHashes,
} from './files/modules.js';
export { checkWritable, wholeName, writeWhole } from './files/whole.js';
