import { workerData } from 'node:worker_threads';

// A thread beside a trial: ends the process once the program that began it is gone, also during a step that
// lasts.

const parent = Number(workerData);

function gone(): boolean {
  if (process.platform !== 'win32') return process.ppid !== parent; // an orphan gets another parent
  try {
    process.kill(parent, 0);
    return false;
  } catch {
    return true;
  }
}

setInterval(() => {
  if (gone()) process.kill(process.pid, 'SIGKILL');
}, 200);
