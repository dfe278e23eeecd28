import type { DiagnosisPage } from '../results/diagnosis.js';
import { renumbered } from './draw.js';
import { definitions, escape, legend, page, table, verdictBox } from './html.js';
import { gradientsPlot, rotationPlot, smoothnessPlot } from './plots/along.js';
import { spectrumPlot } from './plots/spectrum.js';

const list = (items: readonly string[]): string =>
  items.length === 0 ? '' : `<ul>${items.map((item) => `<li>${escape(item)}</li>`).join('')}</ul>`;

const figure = (title: string, svg: string, words: string, below = ''): string =>
  svg === ''
    ? ''
    : `<h3>${escape(title)}</h3><p class="soft">${escape(words)}</p><figure>${svg}</figure>${below}`;

/** A diagnosis as one HTML page, without scripts and external requests. A pure function. */
export function diagnosisReport(shown: DiagnosisPage): string {
  const { title, about, advice, unless, kinds, estimates, spectra, regions, players, methods } = shown;
  const { verified, limits, command, environment } = shown;
  const body = [
    `<h1>${escape(title)}</h1><p class="soft">${escape(about)}</p>`,
    verdictBox(advice),
    unless.length > 0 ? `<h3>What would change the advice</h3>${list(unless)}` : '',
    verified.length > 0 ? `<h3>Tried</h3>${list(verified)}` : '',
    `<h2>What it is</h2>${list(kinds)}`,
    figure(
      'The spectrum of its Jacobian',
      spectrumPlot(shown),
      `${spectra.map(({ at, whole }, i) => `${i === 0 ? '○' : '×'} at the ${at}${whole ? '' : ', along a Krylov space'}`).join('; ')}. A method is stable for a linear F if all eigenvalues lie inside its line.`,
      legend(regions.map(({ label }) => label)),
    ),
    figure(
      'Rotation along a run',
      rotationPlot(shown),
      'The share of imaginary parts in the sum of all |λ|: 1 is a pure rotation.',
    ),
    figure(
      'Gradients along a run',
      gradientsPlot(shown),
      'A player whose gradient stays while another’s falls has not converged.',
      players.length > 1 ? legend(players) : '',
    ),
    figure(
      'Smoothness against the gradient',
      smoothnessPlot(shown),
      'A rising cloud is what clipping is for.',
    ),
    `<h2>Estimates</h2>${definitions(
      Object.fromEntries(
        estimates.map(({ symbol, value, stated, about: what, from }) => [
          `${symbol} ${value}`,
          `${what}${stated === '' ? '' : ` (stated: ${stated})`}. From ${from}.`,
        ]),
      ),
    )}`,
    methods.length === 0
      ? ''
      : `<h2>Methods</h2><div class="told">${table(
          ['', 'trial', 'calls a digit', 'numbers', 'theory'],
          methods.map((one) => [
            `<code>${escape(one.spec)}</code>`,
            escape(one.trial),
            escape(one.rate),
            escape(one.chosen),
            `<span class="${one.covered ? 'yes' : 'soft'}">${escape(one.theory)}</span>`,
          ]),
        )}</div>`,
    `<h2>What this cannot know</h2>${list(limits)}`,
    `<h2>Make it again</h2><pre><code>${escape(command)}</code></pre>${definitions(environment)}`,
    '<footer>Made by Stillpoint. An estimate is not a constant: it says what was seen at some points.</footer>',
  ];
  return page(`${title}: a diagnosis`, renumbered(body.filter(Boolean).join('\n')));
}
