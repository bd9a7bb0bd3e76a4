import type { MapCluster } from '../../core/map/index.ts';
import { cutToWidth, terminalWidth } from '../width.ts';
import { CHAR_WIDTH, svgFill, svgText } from './svg-shapes.ts';
import { columnLabel } from './words.ts';

const MAX_LABEL = 40;
/** Wider heads are rotated. */
const MAX_HORIZONTAL = 760;
const NARROW = 54;
const ANGLE = 50;
const SIN = Math.sin((ANGLE * Math.PI) / 180);
const COS = Math.cos((ANGLE * Math.PI) / 180);

/** The columns of the picture: one for each cluster. */
export interface SvgHeader {
  readonly height: number;
  /** The right end of the last column. */
  readonly right: number;
  /** The width of the heads from the left side of the first column. */
  readonly reach: number;
  /** True if the columns have numbers, which are repeated further down. */
  readonly numbered: boolean;
  center(column: number): number;
  /** The heads above the line `y`. */
  heads(y: number): string[];
  numbers(y: number): string[];
  /** A background for every other column, if the heads are rotated. */
  bands(y: number, height: number): string[];
}

/** Lays out the heads: horizontal if there is room, else rotated. */
export function svgHeader(clusters: readonly MapCluster[], left: number, long: boolean): SvgHeader {
  const labels = clusters.map(
    (each) => `${cutToWidth(columnLabel(each.id), MAX_LABEL)}${each.management ? '*' : ''}`,
  );
  const widths = labels.map((label) => Math.max(NARROW, terminalWidth(label) * CHAR_WIDTH + 16));
  const horizontal = widths.reduce((sum, each) => sum + each, 0) <= MAX_HORIZONTAL;
  const numbered = !horizontal && long;
  const titles = numbered ? labels.map((label, index) => `${index + 1} ${label}`) : labels;
  const columns = horizontal ? widths : labels.map(() => NARROW);
  const starts: number[] = [];
  let x = left;
  for (const width of columns) {
    starts.push(x);
    x += width;
  }
  const longest = Math.max(0, ...titles.map(terminalWidth)) * CHAR_WIDTH;
  const center = (column: number) => (starts[column] ?? left) + (columns[column] ?? 0) / 2;
  const ends = titles.map(
    (label, index) => center(index) - left + terminalWidth(label) * CHAR_WIDTH * COS + CHAR_WIDTH,
  );
  return {
    height: labels.length === 0 ? 0 : horizontal ? 24 : Math.ceil(longest * SIN) + 16,
    right: x,
    reach: horizontal ? x - left : Math.ceil(Math.max(0, ...ends)),
    numbered,
    center,
    heads: (y) =>
      titles.map((label, index) =>
        horizontal
          ? svgText(center(index), y, label, { bold: true, anchor: 'middle' })
          : svgText(center(index), y, label, { transform: `rotate(-${ANGLE} ${center(index)} ${y})` }),
      ),
    bands: (y, height) =>
      horizontal
        ? []
        : starts
            .filter((_, index) => index % 2 === 1)
            .map(
              (start) =>
                `<rect x="${start}" y="${y}" width="${NARROW}" height="${height}" ${svgFill('band')}/>`,
            ),
    numbers: (y) =>
      labels.map((_, index) =>
        svgText(center(index), y, String(index + 1), { color: 'muted', anchor: 'middle' }),
      ),
  };
}
