const WIDTH = 110;
/** Strings, templates of one line, and regular expressions: these stand behind a bracket or an operator. */
const literals =
  /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|(?<=(?:^|[(,=:[!&|?])\s*)\/(?:[^/\\]|\\.)+\//g;

/** Lines that are too wide where their literals and links do not count. */
export function wide(file, text) {
  const found = [];
  let inTemplate = false;
  for (const [i, line] of text.split('\n').entries()) {
    const comment = !inTemplate && /^\s*(\/\/|\/?\*)/.test(line);
    const openTemplate = inTemplate || (line.match(/(?<!\\)`/g) ?? []).length % 2 === 1;
    const excused = /https?:/.test(line) || (!comment && (openTemplate || line.includes('${')));
    const counted = comment ? line : line.replace(literals, '');
    if (counted.length > WIDTH && !excused)
      found.push(`${file}:${i + 1}: ${line.length} columns; expected at most ${WIDTH}`);
    if (!comment && (line.match(/(?<!\\)`/g) ?? []).length % 2 === 1) inTemplate = !inTemplate;
  }
  return found;
}
