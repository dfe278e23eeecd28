import { problemPages } from '../../generate/problem-pages.js';

export default { paths: problemPages };
