import { results } from './work.mjs';

process.stdout.write(JSON.stringify(await results()));
