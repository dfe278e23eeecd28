// Vitest runs this before each test file, also before those that share a process.
import { afterAll } from 'vitest';
import { removeFolders } from './folder.js';

afterAll(removeFolders);
