import type { MapCluster } from '../../core/map/index.ts';
import { cutToWidth, terminalWidth } from '../width.ts';
import { CHAR, text } from './svg-shapes.ts';
import { fill } from './svg-style.ts';
import { columnLabel } from './words.ts';

const MAX_LABEL = 40;
/** Wider heads than these lean. */
const MAX_LYING = 760;
const NARROW = 54;
const ANGLE = 50;
const SIN = Math.sin((ANGLE * Math.PI) / 180);
const COS = Math.cos((ANGLE * Math.PI) / 180);

/** The columns of the picture: one for each cluster. */
export interface Header {
  readonly height: number;
  /** Where the last column ends. */
  readonly right: number;
  /** How far the heads reach beyond the left side of the first column. */
  readonly reach: number;
  /** True where the columns have numbers, which are said again further down. */
  readonly numbered: boolean;
  center(column: number): number;
  /** The heads above the line `y`. */
  heads(y: number): string[];
  numbers(y: number): string[];
  /** Every other column set off, where there are too many for the eye to follow. */
  bands(y: number, height: number): string[];
}

/** Lays out the heads: flat where there is room, else leaning. */
export function headerOf(clusters: readonly MapCluster[], left: number, long: boolean): Header {
  const labels = clusters.map(
    (each) => `${cutToWidth(columnLabel(each.id), MAX_LABEL)}${each.management ? '*' : ''}`,
  );
  const widths = labels.map((label) => Math.max(NARROW, terminalWidth(label) * CHAR + 16));
  const lying = widths.reduce((sum, each) => sum + each, 0) <= MAX_LYING;
  const numbered = !lying && long;
  const shown = numbered ? labels.map((label, index) => `${index + 1} ${label}`) : labels;
  const columns = lying ? widths : labels.map(() => NARROW);
  const starts: number[] = [];
  let x = left;
  for (const width of columns) {
    starts.push(x);
    x += width;
  }
  const longest = Math.max(0, ...shown.map(terminalWidth)) * CHAR;
  const center = (column: number) => (starts[column] ?? left) + (columns[column] ?? 0) / 2;
  const ends = shown.map((label, index) => center(index) - left + terminalWidth(label) * CHAR * COS + CHAR);
  return {
    height: labels.length === 0 ? 0 : lying ? 24 : Math.ceil(longest * SIN) + 16,
    right: x,
    reach: lying ? x - left : Math.ceil(Math.max(0, ...ends)),
    numbered,
    center,
    heads: (y) =>
      shown.map((label, index) =>
        lying
          ? text(center(index), y, label, { bold: true, anchor: 'middle' })
          : text(center(index), y, label, { transform: `rotate(-${ANGLE} ${center(index)} ${y})` }),
      ),
    bands: (y, height) =>
      lying
        ? []
        : starts
            .filter((_, index) => index % 2 === 1)
            .map(
              (start) => `<rect x="${start}" y="${y}" width="${NARROW}" height="${height}" ${fill('band')}/>`,
            ),
    numbers: (y) =>
      labels.map((_, index) =>
        text(center(index), y, String(index + 1), { color: 'muted', anchor: 'middle' }),
      ),
  };
}
