import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { theoremName, theorems, type TheoremKey } from '../src/certificates.js';
import {
  addressOf,
  allPublications,
  bibtex,
  identified,
  inFull,
  keyOf,
  publicationsOf,
  referenceKeys,
  references,
  referencesIn,
  shortName,
} from '../src/references.js';
import { methods, transforms } from '../src/registry.js';

// those of the list and those that a method's file adds
const all = allPublications(methods).map(({ reference }) => reference);
const known = new Set(all.flatMap(({ arxiv }) => (arxiv === undefined ? [] : [arxiv])));
const isTheorem = (key: string): key is TheoremKey => Object.hasOwn(theorems, key);

describe('the list of references', () => {
  it.each(allPublications(methods))(
    '$key: its key is the first author and the year, and it has an address',
    ({ key, reference }) => {
      expect(key).toMatch(new RegExp(`^${keyOf(reference)}[a-z]*$`));
      for (const author of reference.authors) expect(author).toMatch(/^others$|^[^,]+, [^,]+$/);
      // the paper of 1955 and those before DOIs have neither number: they have a venue
      expect(addressOf(reference) ?? reference.venue?.name).toBeTruthy();
    },
  );
  it('keys have no accents', () => {
    const { yazici2019, facchinei2003 } = references;
    expect(keyOf(yazici2019)).toBe('yazici2019');
    expect(keyOf(facchinei2003)).toBe('facchinei2003');
    expect(keyOf({ authors: ['Łabędź, Jan'], title: '', year: 2027 })).toBe('labedz2027');
  });
  it('is joined by those that a method’s file adds', () => {
    const paper = { authors: ['Doe, Jane', 'Roe, Ann'], title: 'A method', year: 2027, arxiv: '2701.00001' };
    const row = {
      reference: `${identified(paper)}; Yoon, Ryu 2021, arXiv 2102.07922`,
      publications: [paper],
    };
    expect(publicationsOf(row)).toEqual([
      { key: 'yoon2021', reference: references.yoon2021 },
      { key: 'doe2027', reference: paper },
    ]);
    // of another paper of an author and a year that the list has
    const other = { authors: ['Yoon, TaeHo'], title: 'Halpern’s, again', year: 2021, arxiv: '2101.00001' };
    expect(publicationsOf({ reference: identified(other), publications: [other] })).toEqual([
      { key: 'yoon2021halpern', reference: other },
    ]);
    const keys = allPublications([row]).map(({ key }) => key);
    expect(keys).toEqual([...referenceKeys, 'doe2027'].toSorted());
  });
  it('holds no arXiv number or DOI twice, and no key of two publications', () => {
    const own = methods.flatMap((row) => publicationsOf(row));
    for (const { key, reference } of own)
      expect(own.find((one) => one.key === key)?.reference, key).toEqual(reference);
    for (const field of ['arxiv', 'doi', 'title'] as const) {
      const values = all.flatMap((reference) => reference[field] ?? []);
      expect(values.filter((value, i) => values.indexOf(value) !== i)).toEqual([]);
    }
  });
  const files = ['methods', 'wrappers', 'transforms', 'certificates'].flatMap((folder) =>
    readdirSync(new URL(`../src/${folder}`, import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`),
  );
  it.each(files)('holds every arXiv number that %s names', (file) => {
    const source = readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8').replace(/\n \* /g, ' ');
    for (const [, number = ''] of source.matchAll(/arXiv (\d{4}\.\d{4,5})/g)) expect(known).toContain(number);
  });
  it.each([...methods, ...transforms].map((row) => [row.name, row.reference, row] as const))(
    'holds what the row of %s refers to: %s',
    (name, reference, row) => {
      if (name === 'identity') return expect(referencesIn(reference)).toEqual([]); // nobody's
      const own = 'publications' in row ? (row.publications ?? []).map(identified) : [];
      for (const part of reference.split(';').map((text) => text.trim()))
        if (!own.includes(part)) expect(referencesIn(part)).toHaveLength(1);
      return undefined;
    },
  );
  it('has no entry that no method, transform or theorem cites', () => {
    const used = new Set([
      ...[...methods, ...transforms].flatMap(({ reference }) => referencesIn(reference)),
      ...Object.values(theorems).flatMap((theorem) => theorem.references),
      ...files.flatMap((file) => {
        const source = readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8').replace(
          /\n \* /g,
          ' ',
        );
        return referenceKeys.filter((key) => {
          const { authors, year } = references[key];
          return new RegExp(`${authors[0]?.split(',')[0]}\\b.*${year}`).test(source);
        });
      }),
    ]);
    expect(referenceKeys.filter((key) => !used.has(key))).toEqual([]);
  });
});

describe('how a reference is written', () => {
  const { pethick2022, yoon2021, yazici2019, facchinei2003, babuschkin2020, fan2024, tseng2000 } = references;
  it('in short: three authors at most, or the first of them', () => {
    expect(shortName(yoon2021)).toBe('Yoon, Ryu 2021');
    expect(shortName(pethick2022)).toBe('Pethick et al. 2022');
    expect(identified(tseng2000)).toBe('Tseng 2000, doi 10.1137/S0363012998338806');
    expect(shortName(babuschkin2020)).toBe('Babuschkin et al. 2020');
  });
  it('in full', () => {
    expect(inFull(facchinei2003)).toBe(
      'Francisco Facchinei, Jong-Shi Pang: Finite-Dimensional Variational Inequalities and Complementarity Problems, Springer, 2003, doi 10.1007/b97543',
    );
    expect(inFull(babuschkin2020)).toContain('Igor Babuschkin, and others: ');
    expect(addressOf(fan2024)).toBe('https://openreview.net/forum?id=RNGUbTYSjk');
  });
  it('in BibTeX, in ASCII with its braces balanced', () => {
    expect(bibtex('yazici2019', yazici2019)).toBe(
      [
        '@inproceedings{yazici2019,',
        '  author = {Yaz{\\i}c{\\i}, Yasin and Foo, Chuan-Sheng and Winkler, Stefan and Yap, Kim-Hui and Piliouras, Georgios and Chandrasekhar, Vijay},',
        '  title = {{The Unusual Effectiveness of Averaging in GAN Training}},',
        '  booktitle = {International Conference on Learning Representations (ICLR)},',
        '  year = {2019},',
        '  eprint = {1806.04498},',
        '  archiveprefix = {arXiv},',
        '}',
      ].join('\n'),
    );
    expect(bibtex('yoon2021', yoon2021)).toContain('O(1/k$^2$)');
    for (const key of referenceKeys) {
      const entry = bibtex(key, references[key]);
      expect(entry).toMatch(/^[\x20-\x7e\n]+$/);
      let open = 0;
      for (const character of entry.replace(/\\[{}]/g, '')) {
        open += character === '{' ? 1 : character === '}' ? -1 : 0;
        expect(open).toBeGreaterThanOrEqual(0);
      }
      expect(open).toBe(0);
    }
    const odd = { authors: ['Böhm, É.'], title: '50 % & more_#$ {x} a~b^c\\', year: 2000 };
    expect(bibtex('a', { ...odd, title: 'ξ' })).toContain('title = {{ξ}}'); // as newer programs take it
    expect(bibtex('a', { ...odd, authors: ['Łabędź, Øystein'] })).toContain(
      "author = {{\\L}ab{\\k{e}}d{\\'{z}}, {\\O}ystein}",
    );
    expect(bibtex('a', odd)).toContain(
      'title = {{50 \\% \\& more\\_\\#\\$ \\{x\\} a{\\textasciitilde}b{\\textasciicircum}c{\\textbackslash}}}',
    );
    expect(bibtex('a', odd)).toContain('author = {B{\\"{o}}hm, {\\\'{E}}.}');
  });
});

describe('the names of theorems', () => {
  it.each(Object.keys(theorems).filter(isTheorem))('%s: names an author and a year, and a proof', (key) => {
    expect(theoremName(key)).toMatch(/, (after )?\p{Lu}.* \d{4}$/u);
    const { proof } = theorems[key];
    const source = readFileSync(new URL(`../src/${proof}`, import.meta.url), 'utf8');
    expect(source).toContain(key === 'tseng' || key === 'korpelevich' ? 'korpelevich' : `'${key}'`);
  });
  it('in full', () => {
    expect(theoremName('eg-plus-weak-minty')).toBe(
      'EG+ under weak Minty, Diakonikolas, Daskalakis, Jordan 2021',
    );
    expect(theoremName('rapp-weak-minty')).toBe('RAPP under weak Minty, after Pethick, Xie, Cevher 2023');
  });
});
