// Drives the page of the ring GAN as a visitor does, and sends what it saw to testing/chromium.ts.
import { at, open, send, until } from './drive.mjs';

await send(async () => {
  const query = '?method=extra-adam(stepSize=0.001,%20beta1=0.9)&seed=3&steps=40';
  const { page, window, settled, errors, hosts } = await open(at(`playground/ring-gan.html${query}`));
  const find = (name) => page.querySelector(`[data-of="${name}"]`);
  const steps = () => Number(find('progress').dataset.steps);
  const status = () => find('doing').dataset.status;
  const seen = { idle: status() };

  find('toggle').click();
  await until('ended', () => status() === 'ended');
  seen.ended = { steps: steps(), quality: JSON.parse(find('quality').dataset.quality) };

  // a longer run: its steps rise, it pauses and goes on
  const enter = async (name, value) => {
    find(name).value = value;
    find(name).dispatchEvent(new window.Event('change', { bubbles: true }));
    await settled();
  };
  await enter('steps', '100000');
  seen.reset = [status(), steps()];
  find('toggle').click();
  await until('made steps', () => steps() > 0);
  const first = steps();
  await until('made more steps', () => steps() > first);
  find('toggle').click();
  await new Promise((resolve) => setTimeout(resolve, 600));
  const paused = steps();
  await new Promise((resolve) => setTimeout(resolve, 600));
  seen.paused = [status(), steps() - paused];
  find('toggle').click();
  await until('gone on', () => steps() > paused);

  find('lookahead').click();
  await settled();
  seen.lookahead = [status(), find('spec').value];
  await enter('spec', 'sag(stepSize=0.1)');
  seen.refused = page.querySelector('[role=alert]').textContent;
  await new Promise((resolve) => setTimeout(resolve, 500));
  seen.link = window.location.pathname + window.location.search;
  return { ...seen, errors, hosts: hosts() };
});
