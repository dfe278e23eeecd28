// Runs once for each file of tests, also where the files of a package share their modules.
import { afterAll } from 'vitest';
import { removeFolders } from './folder.js';

afterAll(removeFolders);
