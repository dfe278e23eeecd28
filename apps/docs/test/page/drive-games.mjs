// Drives the page of games as a visitor does, and sends what it saw to testing/chromium.ts.
import { at, open, send } from './drive.mjs';

await send(async () => {
  const { page, window, settled, errors, hosts } = await open(
    at(
      'playground/games.html?game=bilinear&method=gda(stepSize=0.5)&method=extragradient(stepSize=0.5)&start=1,1&calls=0',
    ),
  );
  const find = (name) => page.querySelector(`[data-of="${name}"]`);
  const press = async (name) => {
    find(name).click();
    await settled();
  };
  const runs = () =>
    [...page.querySelectorAll('[data-method]')].map(({ dataset: { method, z, calls, steps } }) => ({
      method,
      z: z.split(',').map(Number),
      calls: Number(calls),
      steps: Number(steps),
    }));
  const seen = {};
  seen.start = runs();
  await press('call');
  seen.call = runs();
  await press('step');
  seen.step = runs();
  for (let k = 0; k < 5; k++) await press('call');
  seen.calls = runs();
  seen.shown = find('calls').textContent;

  // a drag of the start, from where it is by a quarter of the plane's width to the left
  const grip = find('start');
  const { width } = grip.ownerSVGElement.getBoundingClientRect();
  const { left, top, width: w, height: h } = grip.getBoundingClientRect();
  const from = { clientX: left + w / 2, clientY: top + h / 2 };
  const pointer = (type, at) =>
    grip.dispatchEvent(new window.PointerEvent(type, { ...at, pointerId: 1, bubbles: true }));
  grip.setPointerCapture = () => {}; // there is no pointer behind these events
  pointer('pointerdown', from);
  pointer('pointermove', { clientX: from.clientX - width / 4, clientY: from.clientY });
  pointer('pointerup', from);
  await settled();
  // without this a finger would scroll the page instead of dragging
  const touch = new window.Event('touchstart', { bubbles: true, cancelable: true });
  grip.dispatchEvent(touch);
  seen.held = touch.defaultPrevented;
  seen.dragged = { start: [find('x').value, find('y').value].map(Number), runs: runs() };
  grip.dispatchEvent(
    new window.KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true, cancelable: true }),
  );
  await settled();
  seen.nudged = [find('x').value, find('y').value].map(Number);

  await new Promise((resolve) => setTimeout(resolve, 500));
  const link = window.location.pathname + window.location.search;
  seen.link = link;
  const last = runs();
  const again = await open(link);
  const same = [...again.page.querySelectorAll('[data-method]')].map(({ dataset }) => dataset.z);
  seen.again = same.join(' ') === last.map(({ z }) => z.join(',')).join(' ');
  const bad = await open(at('playground/games.html?game=forsakn&calls=3'));
  seen.bad = {
    message: bad.page.querySelector('[role=alert]').textContent,
    game: bad.page.querySelector('[data-of="game"]').value,
  };
  bad.page.querySelector('[data-of="play"]').click();
  await new Promise((resolve) => setTimeout(resolve, 1200));
  seen.played = bad.page.querySelector('[data-method]').dataset.calls > 3;
  return { ...seen, errors, hosts: hosts() };
});
