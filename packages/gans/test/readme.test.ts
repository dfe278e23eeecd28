import { testReadme } from '../../../testing/readme.js';

const readme = new URL('../README.md', import.meta.url);
testReadme(readme);
testReadme(readme, 2);
