import { escapeMarkup } from './layout.ts';

/**
 * The colours of the picture. Elements have the light ones as attributes, for programs that ignore style sheets; the
 * style sheet replaces them in dark mode.
 */
const COLORS = {
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

/** The name of a colour. */
export type SvgColor = keyof typeof COLORS;

/** The attribute `fill="…"`. */
export function svgFill(color: SvgColor): string {
  return `fill="${COLORS[color].light}"`;
}

/** The attribute `stroke="…"`. */
export function svgStroke(color: SvgColor): string {
  return `stroke="${COLORS[color].light}"`;
}

/** The style sheet for dark mode; a print is always light. */
export const SVG_STYLE = `@media screen and (prefers-color-scheme: dark) { ${Object.values(COLORS)
  .map(({ light, dark }) => `[fill="${light}"] { fill: ${dark}; } [stroke="${light}"] { stroke: ${dark}; }`)
  .join(' ')} }`;

/** The width of a character, slightly more than it takes, because fonts cannot be measured here. */
export const CHAR_WIDTH = 8;

/** A line, at half pixels so that it is sharp. */
export function svgLine(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1}" y1="${y1 + 0.5}" x2="${x2}" y2="${y2 + 0.5}" ${svgStroke('line')}/>`;
}

/** Text at a position. `raw` is untrusted and is escaped here. */
export function svgText(
  x: number,
  y: number,
  raw: string,
  look: {
    readonly color?: SvgColor | undefined;
    readonly bold?: boolean | undefined;
    readonly size?: number | undefined;
    readonly anchor?: 'middle' | undefined;
    readonly sans?: boolean | undefined;
    readonly transform?: string | undefined;
  } = {},
): string {
  const { color = 'text', bold = false, size, anchor, sans = false, transform } = look;
  const attributes = [
    `x="${x}"`,
    `y="${y}"`,
    svgFill(color),
    ...(bold ? ['font-weight="600"'] : []),
    ...(size === undefined ? [] : [`font-size="${size}"`]),
    ...(anchor === undefined ? [] : [`text-anchor="${anchor}"`]),
    ...(sans || size !== undefined ? ['font-family="system-ui, sans-serif"'] : []),
    ...(transform === undefined ? [] : [`transform="${transform}"`]),
  ];
  return `<text ${attributes.join(' ')}>${escapeMarkup(raw)}</text>`;
}
