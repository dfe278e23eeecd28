// Trains in a worker, so that the page stays responsive.
import { messageOf } from '@stillpoint/operators';
import { trainRing } from './train.js';
import type { FromWorker, ToWorker } from './messages.js';

/** Milliseconds between two frames, and for which training may keep messages waiting. */
const FRAME = 200;
const TURN = 50;

const send = (message: FromWorker): void => {
  self.postMessage(message);
};

let resume: (() => void) | undefined;
let paused: Promise<void> | undefined;
function pause(): void {
  paused ??= new Promise((resolve) => {
    resume = resolve;
  });
}
function goOn(): void {
  resume?.();
  [paused, resume] = [undefined, undefined];
}

self.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'pause') return pause();
  if (data.kind === 'resume') return goOn();
  let framed = -Infinity;
  let turned = performance.now();
  trainRing(data.state, {
    begun(engine) {
      send({ kind: 'begun', engine });
    },
    due: () => paused !== undefined || performance.now() - framed > FRAME,
    frame(frame) {
      framed = performance.now();
      send({ kind: 'frame', frame });
    },
    turn() {
      if (performance.now() - turned < TURN && paused === undefined) return undefined;
      return new Promise((resolve) => {
        setTimeout(() => {
          turned = performance.now();
          void (paused ?? Promise.resolve()).then(resolve);
        }, 0);
      });
    },
  }).catch((error: unknown) => {
    send({ kind: 'failed', message: messageOf(error) });
  });
});
