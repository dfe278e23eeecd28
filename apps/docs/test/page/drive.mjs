// Opens pages of a site in a frame and looks at them: the part that all driven pages share.
const errors = [];

/** Waits until a page shows what is asked for, or fails after some seconds. */
export async function until(what, seen) {
  for (let tries = 0; tries < 400; tries++) {
    const found = seen();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the page never had ${what}; its errors: ${errors.join('; ') || 'none'}`);
}

/** The path of a page of the site. */
export const at = (path) => document.body.dataset.base + path;

/** Opens a page of the playground, and waits until it has loaded and is at work. */
export async function open(url) {
  document.querySelector('iframe')?.remove();
  const frame = document.body.appendChild(document.createElement('iframe'));
  frame.style.cssText = 'width:1000px;height:800px';
  frame.src = url;
  await until(
    'begun',
    () => frame.contentWindow.location.href !== 'about:blank' && frame.contentDocument?.body,
  );
  const window = frame.contentWindow;
  window.addEventListener('error', ({ message }) => errors.push(message));
  window.addEventListener('unhandledrejection', ({ reason }) => errors.push(String(reason)));
  const { error } = window.console;
  window.console.error = (...args) => {
    errors.push(args.join(' '));
    error.apply(window.console, args);
  };
  const page = frame.contentDocument;
  await until('a playground', () => page.querySelector('.play'));
  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
  await settled();
  /** The hosts other than its own from which the page has loaded anything. */
  const hosts = () => [
    ...new Set(
      window.performance
        .getEntriesByType('resource')
        .map(({ name }) => new URL(name).host)
        .filter((host) => host !== window.location.host),
    ),
  ];
  return { page, window, settled, errors, hosts };
}

/** Sends what `work` returns, or the error's stack. */
export async function send(work) {
  let body;
  try {
    body = JSON.stringify(await work());
  } catch (error) {
    body = String(error.stack ?? error);
  }
  await fetch('/result', { method: 'POST', body });
}
