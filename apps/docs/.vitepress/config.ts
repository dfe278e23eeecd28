import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { fill } from '../generate/blocks.js';
import { commandSections } from '../generate/commands.js';
import { homePicture } from '../generate/home.js';
import { methodSidebar } from '../generate/method-pages.js';
import { paperSidebar, paperTable } from '../generate/paper-pages.js';
import { problemLinks } from '../generate/problem-pages.js';
import { search } from '../generate/search.js';
import { typeset } from '../generate/typeset.js';
import { checkDocumented } from '../generate/registries.js';
import api from '../pages/api/typedoc-sidebar.json' with { type: 'json' };

checkDocumented();
const made = { 'home picture': await homePicture(), commands: await commandSections(), papers: paperTable() };

// A point inside an open ring. It is inline, so that the page needs no file that a host might not have.
const icon =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 32 32%22%3E%3Cpath d=%22M28 16a12 12 0 1 1-5-9.7%22 fill=%22none%22 stroke=%22%230a7fc2%22 stroke-width=%223%22 stroke-linecap=%22round%22/%3E%3Ccircle cx=%2216%22 cy=%2216%22 r=%224%22 fill=%22%23e08a00%22/%3E%3C/svg%3E';

export default defineConfig({
  title: 'Stillpoint',
  description: 'Methods for GANs, min-max problems and games that gradient steps do not solve.',
  lang: 'en',
  srcDir: 'pages',
  base: process.env['DOCS_BASE'] ?? '/',
  cleanUrls: false,
  head: [['link', { rel: 'icon', href: icon }]],
  vite: {
    worker: { format: 'es' }, // the engine is loaded when it is needed, for which a worker must be a module
    // The playground runs on wasm alone: without this, 40 MB for other engines would lie in the site unused.
    resolve: {
      alias: { 'onnxruntime-web/webgpu': fileURLToPath(new URL('no-webgpu.js', import.meta.url)) },
    },
  },
  markdown: {
    attrs: { allowedAttributes: ['id'] }, // other braces are mathematics
    breaks: true, // docstrings in the API pages keep their lines
    // filled in before parsing, so that tables get anchors, an outline, dead-link checks and a place in the
    // search index
    config: (md) => {
      md.core.ruler.before('normalize', 'generated', (state) => {
        state.src = fill(state.src, made);
      });
      typeset(md);
    },
  },
  themeConfig: {
    search,
    outline: [2, 3],
    nav: [
      { text: 'Guide', link: '/guide/getting-started' },
      { text: 'Which method?', link: '/guide/which-method' },
      {
        text: 'Playground',
        items: [
          { text: 'Games', link: '/playground/games' },
          { text: 'A GAN, live', link: '/playground/ring-gan' },
        ],
      },
      { text: 'Papers', link: '/papers/' },
      { text: 'Reference', link: '/reference/methods' },
      { text: 'API', link: '/api/' },
    ],
    sidebar: [
      {
        text: 'Guide',
        items: [
          { text: 'Getting started', link: '/guide/getting-started' },
          { text: 'Which method?', link: '/guide/which-method' },
          { text: 'Train, stop, resume, look', link: '/guide/train-stop-resume' },
          { text: 'Read your own training', link: '/guide/read-your-training' },
          { text: 'What curves to expect', link: '/guide/what-curves' },
          { text: 'My GAN collapses', link: '/guide/my-gan-collapses' },
          { text: 'Does clipping help me?', link: '/guide/clipping' },
          { text: 'When the discriminator should move greedily', link: '/guide/greedy-discriminator' },
          { text: 'The global optimum of a small network', link: '/guide/global-optimum' },
          { text: 'One-sided convergence', link: '/guide/one-sided' },
          { text: 'Wide networks and momentum', link: '/guide/wide-networks' },
          { text: 'Differential equations', link: '/guide/pinns' },
          { text: 'Weights of a few bits', link: '/guide/few-bits' },
          { text: 'Sparse solutions and screening', link: '/guide/screening' },
          { text: 'Scaled starts', link: '/guide/scaled-starts' },
          { text: 'Contraction and fractals', link: '/guide/contraction' },
          { text: 'Residual networks as control problems', link: '/guide/neural-ode' },
          { text: 'Training for the AUC, with workers', link: '/guide/auc' },
          { text: 'Your own losses', link: '/guide/own-losses' },
          { text: 'Problems inside problems', link: '/guide/multilevel' },
          { text: 'Export a generator', link: '/guide/export' },
          { text: 'Specs', link: '/guide/specs' },
          { text: 'Reading a report', link: '/guide/report' },
          { text: 'Sweeps and workers', link: '/guide/sweeps' },
          { text: 'How fast', link: '/guide/speed' },
          { text: 'TensorFlow.js here', link: '/guide/tensorflow-js' },
          { text: 'The contract, explained with one method', link: '/guide/contract' },
        ],
      },
      {
        text: 'Reference',
        items: [
          { text: 'Commands', link: '/reference/commands' },
          { text: 'Methods', link: '/reference/methods' },
          { text: 'Transforms', link: '/reference/transforms' },
          ...problemLinks(),
          { text: 'Functions and sets', link: '/reference/functions' },
          { text: 'Probes', link: '/reference/probes' },
          { text: 'Presets', link: '/reference/presets' },
          { text: 'Models', link: '/reference/models' },
          { text: 'Networks', link: '/reference/networks' },
          { text: 'Layers', link: '/reference/layers' },
          { text: 'Initialisers', link: '/reference/initialisers' },
          { text: 'Losses', link: '/reference/losses' },
          { text: 'Penalties', link: '/reference/penalties' },
          { text: 'Metrics', link: '/reference/metrics' },
          { text: 'Extractors', link: '/reference/extractors' },
          { text: 'Data sets', link: '/reference/datasets' },
          { text: 'References', link: '/reference/references' },
        ],
      },
      { text: 'Papers', items: [...paperSidebar()] },
      { text: 'Methods, one by one', collapsed: true, items: methodSidebar() },
      { text: 'API', collapsed: true, items: api },
    ],
  },
});
