import { project } from '../../testing/project.js';

export default project('cli');
