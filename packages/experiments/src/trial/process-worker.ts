import { fork } from 'node:child_process';
import { messageOf } from '@stillpoint/operators';
import { readFromTrial, type FromTrial, type ToTrial } from './messages.js';
import type { OpenWorker } from './worker.js';

/** The line of a process's stderr that says what went wrong; empty if there is none. */
const complaint = (noise: string): string =>
  noise
    .split('\n')
    .find((line) => /Error|error/.test(line))
    ?.trim() ?? '';

/** A worker in a process of its own: it can hang, exhaust its memory or die without harm to the others. */
export const processWorker: OpenWorker = (on) => {
  const child = fork(new URL('./process.js', import.meta.url), [String(process.pid)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
    serialization: 'advanced',
  });
  let noise = '';
  const send = (message: ToTrial): void => {
    // if it cannot be sent, the process has ended, which `close` below reports
    if (child.connected) child.send(message, () => {});
  };
  child.stderr?.on('data', (chunk: Buffer) => {
    noise = (noise + chunk.toString()).slice(-2000);
  });
  const received = (message: unknown): FromTrial => {
    try {
      return readFromTrial(message);
    } catch (error) {
      child.kill('SIGKILL'); // nor can its next messages be trusted
      return { kind: 'error', message: messageOf(error) };
    }
  };
  child.on('message', (message: unknown) => on(received(message)));
  child.on('error', (error) => {
    noise += `${error.message}\n`;
  });
  child.on('close', (code, killedBy) => {
    const why = complaint(noise);
    on({
      kind: 'exit',
      reason: `Its process ended with ${killedBy ?? `status ${code}`}${why ? `: ${why}` : ''}.`,
    });
  });
  return {
    start: (trial) => send({ kind: 'trial', trial }),
    stop: () => send({ kind: 'stop' }),
    leave: () => send({ kind: 'leave' }),
    kill: () => {
      child.kill('SIGKILL');
    },
  };
};
