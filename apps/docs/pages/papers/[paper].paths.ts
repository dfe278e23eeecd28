import { paperPages } from '../../generate/paper-pages.js';

export default { paths: paperPages };
