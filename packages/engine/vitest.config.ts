import { project } from '../../testing/project.js';

export default project('engine', { isolate: true });
