import { workerData } from 'node:worker_threads';

// A thread beside a trial. It ends the process once the program that began it has ended, even during a long
// step.

const parent = Number(workerData);

function gone(): boolean {
  if (process.platform !== 'win32') return process.ppid !== parent; // an orphaned process gets another parent
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
