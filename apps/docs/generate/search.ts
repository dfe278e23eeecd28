import { basename, dirname } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { searchText } from './method-pages.js';
import { searchSections } from './problem-pages.js';
import { registries } from './registries.js';
import type { Environment } from './typeset.js';

interface Section {
  readonly anchor: string;
  /** The headings above it, and its own. */
  readonly titles: string[];
  readonly text: string;
}

const textOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&ZeroWidthSpace;|\u200b/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** A page's sections: the text after each of its headings. */
export function sectionsOf(html: string): Section[] {
  const headings = [...html.matchAll(/<h([1-6])[^>]*? id="([^"]*)"[^>]*>(.*?)<\/h\1>/gs)];
  const above: string[] = [];
  return headings.map(({ 0: { length }, 1: level, 2: anchor = '', 3: heading = '', index }, i) => {
    above.length = Math.min(above.length, Number(level) - 1);
    above.push(textOf(heading.replace(/<a class="header-anchor".*?<\/a>/s, '')));
    return { anchor, titles: [...above], text: textOf(html.slice(index + length, headings[i + 1]?.index)) };
  });
}

/**
 * Ranks a method's page before all others that name the method, and guides and methods before API pages with
 * the same words. The function runs in the browser, so that it must not use anything of this file.
 */
export const searchOptions = {
  fuzzy: 0.1,
  boostDocument(id: string, term: string): number {
    if (id.endsWith(`/methods/${term}.html`)) return 8;
    if (id.includes('/api/')) return 0.2;
    return /\/(?:methods|guide)\//.test(id) ? 2 : 1;
  },
};

/**
 * The search index. The pages of methods and of kinds of problems are made at build time and are in no file,
 * so that VitePress does not read them: their text is added here.
 */
export const search: NonNullable<DefaultTheme.Config['search']> = {
  provider: 'local',
  options: {
    _render(source, env, md) {
      const environment: Environment = { asWritten: true };
      return md.render(source, Object.assign(env, environment));
    },
    miniSearch: {
      searchOptions,
      _splitIntoSections(path, html) {
        const row = dirname(path).endsWith('methods')
          ? registries.methods.find(({ name }) => `${name}.md` === basename(path))
          : undefined;
        if (row !== undefined) return [{ anchor: '', titles: [row.name], text: searchText(row) }];
        const problems = dirname(path).endsWith('reference')
          ? searchSections(basename(path, '.md'))
          : undefined;
        return problems ?? sectionsOf(html);
      },
    },
  },
};
