// testing/page.ts puts the file to run in the place of `work`.
import { results } from 'work';

const body = await results().then(
  (rows) => JSON.stringify(rows),
  (error) => String(error?.stack ?? error),
);
await fetch('/result', { method: 'POST', body });
