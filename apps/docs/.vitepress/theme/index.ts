import type { Theme } from 'vitepress';
import theme from 'vitepress/theme-without-fonts'; // the system's fonts: nothing to load
import { defineAsyncComponent } from 'vue';
import 'katex/dist/katex.min.css';
import './style.css';

export default {
  extends: theme,
  enhanceApp({ app }) {
    // loaded only by the pages that show them
    app.component(
      'GamesPlayground',
      defineAsyncComponent(() => import('../../playground/games/GamesPlayground.vue')),
    );
    app.component(
      'RingPlayground',
      defineAsyncComponent(() => import('../../playground/ring/RingPlayground.vue')),
    );
  },
} satisfies Theme;
