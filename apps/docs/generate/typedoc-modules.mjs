// A TypeDoc plugin: it makes a page, with a sentence, for each module of a package (a file or folder of its
// src).
import { readFileSync } from 'node:fs';
import { Application, Comment, DeclarationReflection, ReflectionGroup, ReflectionKind } from 'typedoc';

// A sentence for every module; a test reports modules without one.
const sentences = JSON.parse(readFileSync(new URL('api-sentences.json', import.meta.url), 'utf8'));

const kinds = [
  'Function',
  'Variable',
  'Class',
  'Interface',
  'TypeAlias',
  'Enum',
  'Namespace',
  'Reference',
  'Module',
].map((name) => ReflectionKind[name]);

/** Sets the children of a module, in groups by their kind. */
function hold(module, children) {
  module.children = children;
  module.groups = kinds.flatMap((kind) => {
    const alike = children.filter((child) => child.kind === kind);
    if (alike.length === 0) return [];
    const group = new ReflectionGroup(ReflectionKind.pluralString(kind), module);
    group.children = alike;
    return [group];
  });
}

const saying = (text) => new Comment([{ kind: 'text', text }]);

/** Moves the children of a module into modules of `home`, by the source file that declares them. */
function split(project, module, home, words) {
  const made = new Map();
  for (const child of module.children ?? []) {
    const path = project.getSymbolIdFromReflection(child)?.packagePath;
    const name = path
      ?.replace(/^src\//, '')
      .split('/')[0]
      .replace(/\.ts$/, '');
    // A reference is documented at its target.
    if (name === undefined || child.kind === ReflectionKind.Reference) continue;
    let part = made.get(name);
    if (part === undefined) {
      part = new DeclarationReflection(name, ReflectionKind.Module, home);
      part.comment = words[name] === undefined ? undefined : saying(words[name]);
      project.registerReflection(part, undefined, undefined);
      made.set(name, part);
    }
    child.parent = part;
    part.children = [...(part.children ?? []), child];
  }
  const order = Object.keys(words);
  for (const part of made.values()) hold(part, part.children);
  return [...made.values()].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

export function load(app) {
  app.on(Application.EVENT_PROJECT_REVIVE, (project) => {
    for (const home of project.children ?? []) {
      const words = sentences[home.name.replace(/^.*\//, '')] ?? {};
      const entries = home.children?.filter(({ kind }) => kind === ReflectionKind.Module) ?? [];
      const main = entries.find(({ name }) => name === 'main');
      if (entries.length === 0) {
        const parts = split(project, home, home, words);
        hold(home, parts);
        continue;
      }
      // Several entries: the children of the main one become modules beside the others; an entry of
      // references alone is removed.
      const parts = main === undefined ? [] : split(project, main, home, words);
      const rest = entries.filter(
        (entry) => entry !== main && entry.children?.some(({ kind }) => kind !== ReflectionKind.Reference),
      );
      for (const entry of entries)
        if (entry !== main && !rest.includes(entry)) project.removeReflection(entry);
      if (main !== undefined) {
        main.children = [];
        main.groups = [];
        project.removeReflection(main);
      }
      for (const entry of rest) {
        entry.comment = words[entry.name] === undefined ? entry.comment : saying(words[entry.name]);
        hold(entry, entry.children ?? []);
      }
      hold(home, [...parts, ...rest]);
    }
  });
}
