import plugin from '@vscode/markdown-it-katex';
import type { MarkdownRenderer } from 'vitepress';

/** `asWritten`: formulas and code are rendered as they are written, for the search index. */
export interface Environment {
  readonly asWritten?: boolean;
}

const rules = ['math_inline', 'math_block', 'math_inline_block', 'math_inline_bare_block'];

/**
 * Converts `$…$` and `$$…$$` to HTML at build time, with MathML for screen readers. A wrong formula ends the
 * build. Vue does not parse the result, since TeX may contain two braces in a row. Code that is only searched
 * is not coloured, which is a seventh of the build.
 */
export function typeset(md: MarkdownRenderer): void {
  md.use(plugin.default, { throwOnError: true, strict: 'ignore' });
  for (const name of rules) {
    const rule = md.renderer.rules[name];
    if (rule === undefined) continue;
    md.renderer.rules[name] = (tokens, i, options, env: Environment, self) => {
      if (env.asWritten) return md.utils.escapeHtml(tokens[i]?.content ?? '');
      const html = rule(tokens, i, options, env, self);
      if (html.includes('katex-error')) throw new Error(`a formula is wrong: ${tokens[i]?.content ?? ''}`);
      return html.replaceAll('<span class="katex', '<span v-pre class="katex');
    };
  }
  const { fence } = md.renderer.rules;
  md.renderer.rules.fence = (tokens, i, options, env: Environment, self) =>
    env.asWritten || fence === undefined
      ? `<pre>${md.utils.escapeHtml(tokens[i]?.content ?? '')}</pre>`
      : fence(tokens, i, options, env, self);
}
