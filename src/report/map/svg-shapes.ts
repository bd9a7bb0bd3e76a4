import { escapeMarkup } from './markup.ts';
import { type Color, fill, stroke } from './svg-style.ts';

/** One character of the picture's letters, a little more than it takes: no program can be asked here. */
export const CHAR = 8;

/** A line, sharp where the picture is not scaled. */
export function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${x1}" y1="${y1 + 0.5}" x2="${x2}" y2="${y2 + 0.5}" ${stroke('line')}/>`;
}

/** Text at a place. `raw` comes from outside and is escaped here. */
export function text(
  x: number,
  y: number,
  raw: string,
  look: {
    readonly color?: Color | undefined;
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
    fill(color),
    ...(bold ? ['font-weight="600"'] : []),
    ...(size === undefined ? [] : [`font-size="${size}"`]),
    ...(anchor === undefined ? [] : [`text-anchor="${anchor}"`]),
    ...(sans || size !== undefined ? ['font-family="system-ui, sans-serif"'] : []),
    ...(transform === undefined ? [] : [`transform="${transform}"`]),
  ];
  return `<text ${attributes.join(' ')}>${escapeMarkup(raw)}</text>`;
}
