import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { formatData } from '@stillpoint/operators';
import { theorems } from '@stillpoint/optimizers/certificates';
import { referenceKeys, references } from '@stillpoint/optimizers/references';
import { problemFrom, problemKinds, problemsOf } from '@stillpoint/problems';
import MiniSearch from 'minisearch';
import { beforeAll, describe, expect, it } from 'vitest';
import { folder } from '../../../testing/folder.js';
import sentences from '../generate/api-sentences.json' with { type: 'json' };
import { commandNames } from '../generate/commands.js';
import { figure } from '../generate/markdown.js';
import { searchSections } from '../generate/problem-pages.js';
import { problemsByKind, registries, type Documented } from '../generate/registries.js';
import { shown } from '../generate/shown.js';
import { searchOptions } from '../generate/search.js';
import { docs, typedoc } from './examples.js';
import { playgroundInChromium } from './playground-in-chromium.js';
import { buildSite, textOf, type Site } from './site.js';

const base = '/under/';
const cli = fileURLToPath(new URL('../../cli/bin/stillpoint.mjs', import.meta.url));
let site: Site;
beforeAll(() => {
  site = buildSite('one-more-row.mjs', base);
});

const page = (name: string): string => site.files.get(`${name}.html`) ?? '';
const words = (text: string): string => text.replace(/\s+/g, ' ');

describe('the built site', () => {
  it('is built', () => {
    expect(site.status, site.output).toBe(0);
  });

  it.each(Object.entries({ ...registries, ...problemsByKind }))(
    'tells every row of the registry of %s, with its options, defaults and reference',
    (kind, rows: readonly Documented[]) => {
      const file =
        kind === 'gamePresets' ? 'presets' : kind.replace(/ ?[A-Z]| /g, (x) => `-${x.trim().toLowerCase()}`);
      const html = page(`reference/${file}`);
      expect(rows.length).toBeGreaterThan(0);
      for (const { name, about, reference = '', assumptions = '', options = {} } of rows) {
        expect(html, `${name} has an anchor`).toContain(`id="${name}"`);
        const text = textOf(html) + (kind === 'methods' ? textOf(page(`methods/${name}`)) : '');
        for (const said of [name, about, assumptions]) expect(text).toContain(words(said));
        for (const part of reference.split(/arXiv \d+\.\d+/)) expect(text).toContain(words(part).trim());
        for (const [option, { about: what, symbol = '', default: value }] of Object.entries(options))
          for (const said of [option, what, symbol, value === undefined ? '' : formatData(value)])
            expect(text).toContain(words(said));
      }
    },
  );

  it('has a page for everything that `list` lists, but for the engines, which depend on the machine', () => {
    const { stderr } = spawnSync(process.execPath, [cli, 'list'], { encoding: 'utf8' });
    const kinds = /list needs one of: (.*)/.exec(stderr)?.[1]?.split(', ') ?? [];
    expect(kinds).toContain('methods');
    for (const kind of kinds.filter((name) => name !== 'engines'))
      expect(page(`reference/${kind}`), kind).toContain('<h1');
  });

  it('has a section for every command, with what its help prints', () => {
    const run = (...args: readonly string[]): string =>
      spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' }).stdout;
    const names = commandNames(run('help'));
    expect(names).toEqual(expect.arrayContaining(['compare', 'train', 'resume', 'evaluate', 'doctor']));
    const html = page('reference/commands');
    for (const name of names) expect(html, name).toContain(`id="${name}"`);
    const text = textOf(html);
    for (const line of run('help', 'train').split('\n')) expect(text).toContain(words(line).trim());
  });

  it('shows a run of every transform and every problem, with what the program prints', () => {
    const runsOf = (kind: string): readonly (readonly [command: string, printed: string])[] =>
      [
        ...textOf(page(`reference/${kind}`)).matchAll(
          /npx stillpoint (solve .*?--steps \d+).*?text (\S.*?\.)(?= |$)/g,
        ),
      ].map(([, command = '', printed = '']) => [command, printed]);
    for (const [kind, rows] of [
      ['transforms', registries.transforms],
      ...problemKinds.map(
        ({ name, plural }) => [plural.replaceAll(' ', '-'), problemsOf(name).rows] as const,
      ),
    ] as const) {
      const runs = runsOf(kind);
      expect(runs).toHaveLength(rows.length);
      for (const { name } of rows)
        expect(
          runs.filter(([command]) => new RegExp(`\\b${name}\\b`).test(command)).length,
          name,
        ).toBeGreaterThanOrEqual(1);
      const first = runs[0]!;
      const { stdout } = spawnSync('sh', ['-c', `'${process.execPath}' '${cli}' ${first[0]}`], {
        encoding: 'utf8',
      });
      expect(words(textOf(page(`reference/${kind}`)))).toContain(`text ${words(stdout.split('\n')[0]!)}`);
    }
  });

  it('shows the prox of every function and set at a point', () => {
    const text = textOf(page('reference/functions')).replace(/\s/g, '');
    for (const { example } of registries.functions)
      expect(text, example).toContain(`proxFrom('${example}').prox(z,1);`.replace(/\s/g, ''));
    // soft thresholding by ½, and the nearest point of a box
    expect(text).toContain("proxFrom('l1(weight=0.5)').prox(z,1);//zisnow2.5,-0.5,1.5,0");
    expect(text).toContain("proxFrom('linf-ball(radius=0.7)').prox(z,1);//zisnow0.7,-0.7,0.7,0.5");
  });

  it('lists every reference and every theorem, and method pages link to their references', () => {
    const html = page('reference/references');
    for (const key of referenceKeys) {
      expect(html).toContain(`id="${key}"`);
      expect(textOf(html)).toContain(words(references[key].title));
    }
    for (const key of Object.keys(theorems)) expect(textOf(html)).toContain(key);
    expect(page('methods/rapp')).toContain(`href="${base}reference/references.html#pethick2023"`);
  });

  it('has a page, and a place in the menu, for a kind of problems that was just added', () => {
    const text = textOf(page('reference/puzzles-to-solve'));
    for (const said of [
      'Puzzles to solve',
      'with <tags> of their own',
      'rolling-ball(depth=3.25)',
      'δ',
      '3.25',
    ])
      expect(text).toContain(said);
    expect(text).toMatch(/npx stillpoint solve rolling-ball --method \S+ --steps 100 text \S+/);
    expect(page('reference/methods')).toContain(`href="${base}reference/puzzles-to-solve.html"`);
  });

  it('tells a method that was just added to the registry, and leaves its words as they are', () => {
    const html = page('reference/methods');
    expect(html).toContain('id="one-more"');
    expect(textOf(html)).toContain('a method that <nobody> | has {{ heard }} of');
    expect(textOf(html)).toContain('one-more(stepSize=0.1, zeal=1)');
    expect(textOf(page('methods/one-more'))).toContain('A method that <nobody> | has {{ heard }} of');
  });

  it('has a page for every method: docstring, options, an example with pictures, what theory promises, and the source', () => {
    for (const { name, group, wraps } of registries.methods) {
      const html = page(`methods/${name}`);
      const text = textOf(html).replace(/\s/g, '');
      const file = fileURLToPath(
        new URL(
          `../../../packages/optimizers/src/${wraps ? 'wrappers' : `methods/${group.replaceAll(' ', '-').toLowerCase()}`}/${name}.ts`,
          import.meta.url,
        ),
      );
      expect(text, name).toContain(readFileSync(file, 'utf8').replace(/\s/g, ''));
      // the residual, and on two numbers the plane
      const { game } = shown[name] ?? {};
      const pictures = game === undefined || problemFrom(game).exact.dim === 2 ? 2 : 1;
      expect(html.match(/<svg/g)?.length ?? 0, name).toBeGreaterThanOrEqual(pictures);
      expect(textOf(html), name).toMatch(/A theorem bounds this run:|No theorem bounds this run:/);
      // Vue would drop it in the browser only
      expect(html, name).not.toMatch(/<figure[^>]*>(?:(?!<\/figure>)[^])*<style/);
    }
    expect(textOf(page('methods/feg'))).toContain(
      'A theorem bounds this run: FEG, last iterate, Lee, Kim 2021',
    );
  });

  it('has the API of every package, a page for each module with a sentence, and the words of its exports', () => {
    for (const name of [
      'datasets',
      'engine',
      'experiments/index', // of several entries
      'gans',
      'metrics',
      'networks',
      'operators',
      'problems',
      'tracking/index', // of several entries
    ])
      expect(page(`api/@stillpoint/${name}`), name).toContain('<h1');
    expect(textOf(page('api/@stillpoint/tracking/index'))).toContain(
      'The results of a comparison as plain data',
    );
    expect(textOf(page('api/@stillpoint/optimizers/methods'))).toContain('always from the anchor z');
    expect(textOf(page('api/@stillpoint/optimizers/certificates'))).toContain(
      'Theorems about a method on a game, as bounds',
    );
    const known: { readonly [home: string]: { readonly [module: string]: string } } = sentences;
    for (const [name] of site.files) {
      const [, home = '', module] = /^api\/@stillpoint\/([^/.]+)\/([^/]+)\.html$/.exec(name) ?? [];
      if (module === undefined || module === 'index') continue;
      const sentence = known[home]?.[module];
      expect(sentence, `${name}: add a sentence on the module to generate/api-sentences.json`).toBeDefined();
      const [first = ''] = sentence?.replace(/`/g, '').split('. ') ?? [];
      expect(textOf(page(name.replace(/\.html$/, ''))), name).toContain(words(first));
    }
  });

  it('typesets formulas, and holds none that was refused', () => {
    for (const name of ['methods/extragradient', 'methods/rapp', 'guide/which-method', 'index']) {
      expect(page(name), name).toContain('class="katex"');
    }
    for (const [name, text] of site.files) expect(text, name).not.toContain('katex-error');
  });

  it('opens with a picture: a game on which gradient steps go round, and a method that does not', () => {
    expect(page('index').match(/<figure[^>]*>.*?<svg/gs)).toHaveLength(2);
    expect(textOf(page('index'))).toMatch(
      /lookahead\(gda\(stepSize=0\.08\), steps=40\)\s+converges in \d+ oracle calls/,
    );
  });

  it.each(problemKinds)('tells the constants of the default build of all $plural', ({ name, plural }) => {
    const text = textOf(page(`reference/${plural.replaceAll(' ', '-')}`));
    for (const row of problemsOf(name).rows) {
      const { players, facts = {} } = row.build({}).exact;
      const { lipschitz, stronglyMonotone, optimum } = facts;
      const weakMinty = players.length === 1 ? undefined : facts.weakMinty;
      const solution = (facts.solution?.length ?? 0) > 12 ? [] : (facts.solution ?? []);
      for (const x of [lipschitz, weakMinty, stronglyMonotone, optimum, ...solution])
        if (x !== undefined) expect(text).toContain(figure(x));
    }
  });

  it.each(problemKinds)('tells each constant of $plural in its own column', ({ name: kind, plural }) => {
    const table = /<table[^]*?<\/table>/.exec(page(`reference/${plural.replaceAll(' ', '-')}`))?.[0] ?? '';
    const cellsOf = (row: string): readonly string[] =>
      Array.from(row.matchAll(/<t[hd][^>]*>([^]*?)<\/t[hd]>/g), ([, cell = '']) => textOf(cell).trim());
    const [titles = [], ...rows] = Array.from(table.matchAll(/<tr[^]*?<\/tr>/g), ([row]) => cellsOf(row));
    for (const { name } of problemsOf(kind).rows) {
      const { players, terms, facts = {} } = problemFrom(name).exact;
      const row = rows.find(([first]) => first === name) ?? [];
      const { generalisedSmooth: smooth } = facts;
      const shownNumber = (x: number | undefined): string => (x === undefined ? '–' : figure(x));
      const wanted: { readonly [title: string]: string } = {
        L: shownNumber(facts.lipschitz),
        ρ: players.length === 1 ? '–' : shownNumber(facts.weakMinty),
        'L₀, L₁': smooth === undefined ? '–' : `${figure(smooth.L0)}, ${figure(smooth.L1)}`,
        μ: shownNumber(facts.stronglyMonotone),
        'least value': shownNumber(facts.optimum),
        players: players.map((player) => `${player.name} (${player.end - player.start})`).join(', '),
        terms: terms === undefined ? '–' : String(terms.count),
      };
      for (const [title, text] of Object.entries(wanted))
        if (titles.includes(title)) expect(row[titles.indexOf(title)], `${name}: ${title}`).toBe(text);
        else expect(text, `${name}: ${title}`).toBe('–');
    }
  });

  it('says what a problem is, where it starts, and of how many terms it is', () => {
    const text = textOf(page('reference/games'));
    expect(text).toContain('A rotation with limit cycles at'); // the docstring of polar
    expect(text).toContain('Start: (1, 0.5)');
    expect(text).toContain('xy on the box'); // a formula keeps its letters
    expect(textOf(page('reference/minimisations'))).toContain(
      `A finite sum: ${problemFrom('ridge').problem.terms!.count} terms`,
    );
  });

  it('leads a search to sections that are there', () => {
    for (const { plural } of problemKinds) {
      const slug = plural.replaceAll(' ', '-');
      const found = searchSections(slug) ?? [];
      expect(found.length).toBeGreaterThan(0);
      for (const { anchor } of found) expect(page(`reference/${slug}`)).toContain(`id="${anchor}"`);
    }
  });

  it('shows the sources of extragradient and Lookahead as they are', () => {
    const text = textOf(page('guide/contract')).replace(/\s/g, '');
    for (const file of ['methods/monotone/extragradient.ts', 'wrappers/lookahead.ts'])
      expect(text).toContain(
        readFileSync(
          fileURLToPath(new URL(`../../../packages/optimizers/src/${file}`, import.meta.url)),
          'utf8',
        ).replace(/\s/g, ''),
      );
  });

  it('has no link or anchor that leads nowhere, and stays under its base', () => {
    let links = 0;
    for (const [name, html] of site.files) {
      if (!name.endsWith('.html') || name === '404.html') continue;
      for (const [, href = ''] of html.matchAll(/<a\b[^>]*\shref="([^"]*)"/g)) {
        if (/^(https?|data):/.test(href)) continue;
        links++;
        const url = new URL(href, `http://site${base}${name}`);
        expect(url.pathname, `${name}: ${href}`).toMatch(new RegExp(`^${base}`));
        const path = url.pathname.slice(base.length).replace(/(^|\/)$/, '$1index.html');
        const target = site.files.get(path) ?? site.files.get(`${path}.html`);
        expect(target, `${name}: ${href} leads nowhere`).toBeDefined();
        if (url.hash)
          expect(target, `${name}: ${href} has no such anchor`).toContain(
            `id="${decodeURIComponent(url.hash.slice(1))}"`,
          );
      }
    }
    expect(links).toBeGreaterThan(50);
  });

  it('has the playground in its menu, and loads its code on its own pages only', () => {
    for (const name of ['playground/games', 'playground/ring-gan']) {
      expect(page(name), name).toContain('<h1');
      expect(page('index')).toContain(`href="${base}${name}.html"`);
    }
    const loads = [...site.files].filter(([, html]) =>
      /<(?:script|link)\b[^>]*(?:Games|Ring)Playground/.test(html),
    );
    expect(loads.map(([name]) => name).toSorted()).toEqual([
      'playground/games.html',
      'playground/ring-gan.html',
    ]);
    const parts = [...site.files.keys()].filter((name) => /(?:Games|Ring)Playground\.[^/]*\.js$/.test(name));
    expect(parts).toHaveLength(2);
  });

  it('asks no other host for anything', () => {
    for (const [name, text] of site.files) {
      if (name.endsWith('.html'))
        for (const [tag] of text.matchAll(/<(?:link|script|img|iframe|source)\b[^>]*>/g))
          expect(tag, name).not.toMatch(/\s(?:src|href)="(?:https?:)?\/\//);
      if (name.endsWith('.css')) expect(text, name).not.toMatch(/url\(["']?(?:https?:)?\/\/|@import/);
    }
    expect(page('index')).toContain('<link rel="icon" href="data:image/svg+xml,');
  });

  it.each([
    ['rapp', /^methods\/rapp$/],
    ['lookahead', /^methods\/lookahead$/],
    ['one-more', /^methods\/one-more$/],
    ['extragradient', /^methods\/extragradient$/],
    ['mode collapse', /^guide\/my-gan-collapses/],
    ['weak minty', /^(?:guide|methods)\//],
    ['speed', /^guide\/speed/],
    ['how deep the valley', /^reference\/puzzles-to-solve/],
    ['Braess', /^reference\/games/],
  ])('a search for "%s" finds its guide or method first', async (query, expected) => {
    const file = [...site.files.keys()].find((name) => name.includes('localSearchIndexroot')) ?? '';
    const { href } = pathToFileURL(join(site.out, file));
    const { default: json }: { readonly default: string } = await import(href);
    const fields = { fields: ['title', 'titles', 'text'], storeFields: ['title', 'titles'] };
    // As VitePress searches in the browser.
    const asTheme = { prefix: true, boost: { title: 4, text: 2, titles: 1 } };
    const found = MiniSearch.loadJSON(json, fields).search(query, { ...asTheme, ...searchOptions });
    const pages = found.map(({ id }) => String(id).replace(base, '').replace('.html', ''));
    expect(pages[0], pages.slice(0, 8).join('\n')).toMatch(expected);
  });
});

playgroundInChromium(() => site, base);

it('is not built while an option says nothing about itself, and the message names it', () => {
  const broken = buildSite('silent-option.mjs', '/');
  expect(broken.status).not.toBe(0);
  expect(broken.output).toContain('methods: rapp: option innerSteps has no "about"');
});

it('the API is not built while an export says nothing about itself, and the message names it', () => {
  const place = folder();
  writeFileSync(
    join(place, 'index.ts'),
    '/** Said. */\nexport const loud = 1;\nexport function mute(): void {}\n',
  );
  writeFileSync(join(place, 'tsconfig.json'), '{ "compilerOptions": { "types": [] }, "include": ["*.ts"] }');
  const own: { packageOptions: { requiredToBeDocumented: string[]; validation: object } } = JSON.parse(
    readFileSync(join(docs, 'typedoc.json'), 'utf8'),
  );
  writeFileSync(
    join(place, 'typedoc.json'),
    JSON.stringify({
      ...own.packageOptions,
      entryPoints: ['index.ts'],
      treatValidationWarningsAsErrors: true,
      emit: 'none',
    }),
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [typedoc, '--options', join(place, 'typedoc.json'), '--tsconfig', join(place, 'tsconfig.json')],
    { cwd: place, encoding: 'utf8' },
  );
  expect(status).not.toBe(0);
  expect(stdout + stderr).toMatch(/mute.*does not have any documentation/);
  expect(stdout + stderr).not.toMatch(/loud/);
});
