/**
 * The look of the picture. Elements carry the colours of the light one as attributes, for programs that read no
 * style sheets; where these are read, a dark surrounding gets the dark ones.
 */
export const COLORS = {
  page: { light: '#ffffff', dark: '#0d1117' },
  band: { light: '#f6f8fa', dark: '#151b23' },
  line: { light: '#d1d9e0', dark: '#30363d' },
  text: { light: '#1f2328', dark: '#f0f6fc' },
  muted: { light: '#59636e', dark: '#9da7b3' },
  claim: { light: '#ddf4ff', dark: '#10305a' },
  'claim-line': { light: '#54aeff', dark: '#1f6feb' },
  'claim-text': { light: '#0a3069', dark: '#cae8ff' },
  overlap: { light: '#ffebe9', dark: '#4b1218' },
  'overlap-line': { light: '#cf222e', dark: '#f85149' },
  'overlap-text': { light: '#a40e26', dark: '#ffc1ba' },
  free: { light: '#dafbe1', dark: '#103b20' },
  'free-line': { light: '#1a7f37', dark: '#2ea043' },
  'free-text': { light: '#10562a', dark: '#aff5b4' },
  open: { light: '#fff8c5', dark: '#3b2b05' },
  'open-line': { light: '#9a6700', dark: '#bb8009' },
  'open-text': { light: '#6b4300', dark: '#f8e3a1' },
} as const;

export type Color = keyof typeof COLORS;

/** `fill="…"` with a class by which the style sheet finds it. */
export function fill(color: Color): string {
  return `fill="${COLORS[color].light}"`;
}

export function stroke(color: Color): string {
  return `stroke="${COLORS[color].light}"`;
}

/** Rules for a dark surrounding; a program that prints shows the light one. */
export const SVG_STYLE = `@media screen and (prefers-color-scheme: dark) { ${Object.values(COLORS)
  .map(({ light, dark }) => `[fill="${light}"] { fill: ${dark}; } [stroke="${light}"] { stroke: ${dark}; }`)
  .join(' ')} }`;
