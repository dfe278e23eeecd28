import { methodPages } from '../../generate/method-pages.js';

export default { paths: methodPages };
