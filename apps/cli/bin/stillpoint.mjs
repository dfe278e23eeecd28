#!/usr/bin/env node
import { main } from '../dist/main.js';

// A reader that leaves (| head) is no failure; a full disk is.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') process.stderr.write(`stillpoint: cannot write to stdout: ${error.message}\n`);
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});
process.exitCode = await main(process.argv.slice(2));
