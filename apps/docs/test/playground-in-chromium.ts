import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extragradient, gda, solve } from '@stillpoint/optimizers';
import { bilinear } from '@stillpoint/problems';
import { describe, expect, it } from 'vitest';
import { chromium, openPage } from '../../../testing/chromium.js';
import { trainRing, type Frame } from '../playground/ring/train.js';
import { docs } from './examples.js';
import type { Site } from './site.js';

const skipped = chromium === undefined;

/** Tests of the built pages of the playground, as a visitor meets them. */
export function playgroundInChromium(site: () => Site, base: string): void {
  /** Opens the site in Chromium, and drives its pages by a module of test/page. */
  async function driven(module: string): Promise<unknown> {
    const { root } = site();
    for (const file of ['drive.mjs', module])
      copyFileSync(join(docs, 'test', 'page', file), join(root, file));
    writeFileSync(
      join(root, 'index.html'),
      `<!doctype html><meta charset="utf-8"><body data-base="${base}"><script type="module" src="./${module}"></script>`,
    );
    const text = await openPage(chromium!, root, 120_000);
    if (!text.startsWith('{')) throw new Error(text); // the page's own error
    return JSON.parse(text);
  }

  describe.skipIf(skipped)(`the playground in a browser${skipped ? ' (skipped: no Chromium)' : ''}`, () => {
    it('steps through games as solve does in Node, and keeps its state in the address', async () => {
      const methods = { gda: gda({ stepSize: 0.5 }), extragradient: extragradient({ stepSize: 0.5 }) };
      /** What the page must show of both methods after so many steps of each. */
      const after = (steps: readonly [number, number], calls: number, start = [1, 1]): unknown[] =>
        Object.entries(methods).map(([name, method], i) => {
          const { z } = solve(bilinear(), method, { steps: steps[i]!, start: Float64Array.from(start) });
          return { method: `${name}(stepSize=0.5)`, z: Array.from(z), calls, steps: steps[i]! };
        });
      const seen = await driven('drive-games.mjs');
      // the plane is 3.6 wide: a quarter of it is 0.9; a key moves by a fortieth of half of it
      const dragged = [0.1, 1];
      expect(seen).toMatchObject({
        start: after([0, 0], 0),
        call: after([1, 0], 1),
        step: after([2, 1], 2),
        calls: after([7, 3], 7),
        shown: '7',
        held: true,
        again: true,
        bad: {
          game: 'forsaken',
          message: expect.stringContaining('did you mean forsaken? This is forsaken.'),
        },
        played: true,
        errors: [],
        hosts: [],
      });
      const {
        dragged: moved,
        nudged,
        link,
      }: { dragged: { start: number[]; runs: unknown }; nudged: number[]; link: string } = JSON.parse(
        JSON.stringify(seen),
      );
      // two pixels
      for (const i of [0, 1]) expect(Math.abs(moved.start[i]! - dragged[i]!)).toBeLessThan(0.02);
      expect(moved.runs).toEqual(after([7, 3], 7, moved.start));
      expect(nudged).toEqual([moved.start[0], Number((moved.start[1]! + 0.045).toFixed(3))]);
      expect(link).toBe(
        `${base}playground/games.html?game=bilinear&method=gda(stepSize=0.5)&method=extragradient(stepSize=0.5)&start=${nudged.join(',')}&calls=7`,
      );
    }, 150_000);

    it('trains the ring GAN in a worker as Node does, pauses and goes on', async () => {
      const frames: Frame[] = [];
      await trainRing(
        { method: 'extra-adam(stepSize=0.001, beta1=0.9)', seed: 3, steps: 40 },
        { begun() {}, due: () => false, frame: (frame) => frames.push(frame), turn: () => undefined },
      );
      const { modes, highQuality } = frames.at(-1)!.quality;
      const lookahead = 'lookahead(extra-adam(stepSize=0.001, beta1=0.9), steps=200)';
      expect(await driven('drive-ring.mjs')).toMatchObject({
        idle: 'idle',
        ended: { steps: 40, quality: [modes, highQuality] },
        reset: ['idle', 0],
        paused: ['paused', 0],
        lookahead: ['idle', lookahead],
        refused: 'sag needs a problem with terms, a finite sum; this one has none',
        link: `${base}playground/ring-gan.html?method=${lookahead.replaceAll(' ', '%20')}&seed=3&steps=100000`,
        errors: [],
        hosts: [],
      });
    }, 150_000);
  });
}
