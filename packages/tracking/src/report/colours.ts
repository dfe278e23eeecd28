/** Colours by position, distinct on light and dark pages: those of Okabe and Ito, and four more. */
const palette = [
  '#0a7fc2',
  '#e08a00',
  '#00976b',
  '#d5542a',
  '#b95f9c',
  '#4fb0e0',
  '#8d7a2f',
  '#8a8f98',
  '#7566d8',
  '#c2337a',
];

export function colour(index: number): string {
  return palette[index % palette.length] ?? '#888';
}
