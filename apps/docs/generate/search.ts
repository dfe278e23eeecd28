import { basename, dirname } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { searchText } from './method-pages.js';
import { registries } from './registries.js';
import type { Environment } from './typeset.js';

interface Section {
  readonly anchor: string;
  /** The heading, after those that it stands under. */
  readonly titles: string[];
  readonly text: string;
}

const textOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&ZeroWidthSpace;|\u200b/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** A page's sections: what stands between its headings. */
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
 * A method's page before all others that name the method, guides and methods before fragments of the API with
 * the same words. The function runs in the browser, where nothing of this file is known.
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
 * The search index. The methods' pages are made at build time and stand in no file, so VitePress does not
 * read them: what they say is put in here.
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
        return row === undefined
          ? sectionsOf(html)
          : [{ anchor: '', titles: [row.name], text: searchText(row) }];
      },
    },
  },
};
