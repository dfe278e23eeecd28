import { testReadme } from '../../../testing/readme.js';

testReadme(new URL('../README.md', import.meta.url));
