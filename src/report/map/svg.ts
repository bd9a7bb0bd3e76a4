import { COMPONENTS } from '../../core/iomesh/cluster-id.ts';
import type { MapNode, NodeMap } from '../../core/map/index.ts';
import { cutToWidth, terminalWidth } from '../width.ts';
import { Columns, fitsMatrix, lettersOf } from './layout.ts';
import { escapeMarkup } from './markup.ts';
import { CHAR, line, text } from './svg-shapes.ts';
import type { MapSource } from './source.ts';
import { type Color, fill, SVG_STYLE, stroke } from './svg-style.ts';
import { type Header, headerOf } from './svg-header.ts';
import {
  clusterLabel,
  conflictText,
  headline,
  LETTERS,
  notesOf,
  remarksOf,
  STATE_SIGNS,
  STATE_WORDS,
  shortName,
  wrapWords,
} from './words.ts';

const ROW = 24;
const MARGIN = 24;
const MAX_NODE = 40;
const MAX_LIST = 110;
/** More rows than these make a picture that many programs refuse. */
const MAX_ROWS = 2000;
const MAX_REMARKS = 60;
/** Rows after which the numbers of the columns are said again. */
const REPEAT = 40;
const STATE_WIDTH = 14 * CHAR;
const MIN_WIDTH = 720;

/** The colours of a state: its row or mark, its outline, its text. Undefined for what one expects. */
const INKS: Readonly<Partial<Record<MapNode['state'], readonly [Color, Color, Color]>>> = {
  overlap: ['overlap', 'overlap-line', 'overlap-text'],
  free: ['free', 'free-line', 'free-text'],
  undecided: ['open', 'open-line', 'open-text'],
};

/**
 * The map as a picture that stands alone: no script, nothing fetched, a title and a description for those who do
 * not see it. Ends with a line end.
 */
export function mapSvg(map: NodeMap, source: MapSource): string {
  const nodes = map.nodes.slice(0, MAX_ROWS);
  const names = nodes.map(({ name }) => cutToWidth(shortName(name), MAX_NODE));
  const nameWidth = Math.max(8, ...names.map(terminalWidth)) * CHAR + 36;
  const matrix = fitsMatrix(map);
  const left = MARGIN + nameWidth + STATE_WIDTH;
  const header = headerOf(matrix ? map.clusters : [], left, nodes.length > REPEAT);
  const lists = matrix ? undefined : nodes.map((node) => listText(node));
  const listWidth = Math.max(0, ...(lists ?? []).map(terminalWidth)) * CHAR;
  const right = lists === undefined ? header.right : left + listWidth;
  const width = Math.max(MIN_WIDTH, right + MARGIN, left + header.reach + MARGIN);

  const top = 92 + header.height;
  const shapes: string[] = [
    text(MARGIN, 40, 'IOMesh node map', { size: 22, bold: true }),
    text(MARGIN, 64, headline(map), { color: 'muted', sans: true }),
    ...header.heads(top - 10),
  ];
  const rows = nodes.length + (header.numbered ? Math.floor((nodes.length - 1) / REPEAT) : 0);
  shapes.push(...header.bands(top, rows * ROW));
  let y = top;
  const columns = new Columns(map);
  nodes.forEach((node, index) => {
    if (index > 0 && index % REPEAT === 0 && header.numbered) {
      shapes.push(`<rect x="${MARGIN}" y="${y}" width="${right - MARGIN}" height="${ROW}" ${fill('band')}/>`);
      shapes.push(...header.numbers(y + ROW / 2 + 4.5));
      y += ROW;
    }
    shapes.push(...row(node, names[index] ?? '', y, right, nameWidth));
    const list = lists?.[index];
    if (list !== undefined) shapes.push(text(left, y + ROW / 2 + 4.5, list));
    else shapes.push(...chips(node, columns, header, y));
    y += ROW;
  });
  if (nodes.length > 0) shapes.push(line(MARGIN, y, right, y));
  const below = belowLines(map, source, Math.floor((width - 2 * MARGIN) / CHAR));
  y += 8;
  for (const { said, color } of below) {
    y += said === '' ? 8 : 20;
    if (said !== '') shapes.push(text(MARGIN, y, said, { color }));
  }
  const height = y + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title id="title">IOMesh node map: ${escapeMarkup(headline(map))}</title>`,
    `<desc id="desc">${escapeMarkup(description(map, source))}</desc>`,
    `<style>${SVG_STYLE}</style>`,
    `<rect width="${width}" height="${height}" ${fill('page')}/>`,
    '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', \'Liberation Mono\', monospace" font-size="13">',
    ...shapes,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function row(node: MapNode, name: string, y: number, right: number, nameWidth: number): string[] {
  const shapes = [line(MARGIN, y, right, y)];
  const inks = INKS[node.state];
  const middle = y + ROW / 2 + 4.5;
  const x = MARGIN + nameWidth;
  if (node.state === 'overlap')
    shapes.push(
      `<rect x="${MARGIN}" y="${y + 0.5}" width="${right - MARGIN}" height="${ROW - 1}" ${fill('overlap')}/>`,
      `<rect x="${MARGIN}" y="${y + 0.5}" width="5" height="${ROW - 1}" ${fill('overlap-line')}/>`,
    );
  else if (inks !== undefined)
    shapes.push(
      `<rect x="${x - 6}" y="${y + 3}" width="${STATE_WIDTH - 12}" height="${ROW - 6}" rx="9" ${fill(inks[0])} ${stroke(inks[1])} stroke-dasharray="4 2"/>`,
    );
  const color = inks?.[2] ?? 'muted';
  const bold = inks !== undefined;
  shapes.push(
    text(MARGIN + 12, middle, name, {
      color: node.state === 'overlap' ? 'overlap-text' : 'text',
      bold: node.state === 'overlap',
    }),
    text(x, middle, `${STATE_SIGNS[node.state]} ${STATE_WORDS[node.state]}`, { color, bold }),
  );
  return shapes;
}

function chips(node: MapNode, columns: Columns, header: Header, y: number): string[] {
  return node.claims.flatMap((claim) => {
    const x = header.center(columns.of(claim));
    const overlap = node.state === 'overlap';
    const dashes = claim.conditional.length > 0 ? ' stroke-dasharray="3 2"' : '';
    return [
      `<rect x="${x - 21}" y="${y + 3}" width="42" height="${ROW - 6}" rx="4" ${fill(overlap ? 'page' : 'claim')} ${stroke(overlap ? 'overlap-line' : 'claim-line')}${overlap ? ' stroke-width="2"' : ''}${dashes}/>`,
      text(x, y + ROW / 2 + 4.5, lettersOf(claim), {
        color: overlap ? 'overlap-text' : 'claim-text',
        bold: true,
        anchor: 'middle',
      }),
    ];
  });
}

function listText({ claims }: MapNode): string {
  return cutToWidth(
    claims.map((claim) => `${clusterLabel(claim.cluster, 60)} ${lettersOf(claim)}`).join(', '),
    MAX_LIST,
  );
}

/** A line of text below the table. */
interface Said {
  readonly said: string;
  readonly color: Color;
}

function belowLines(map: NodeMap, source: MapSource, width: number): Said[] {
  const rest = map.nodes.length - MAX_ROWS;
  const small = map.nodes.some(({ claims }) => claims.some(({ conditional }) => conditional.length > 0));
  const key = [
    COMPONENTS.map((each) => `${LETTERS[each]} ${each}`).join(', '),
    ...(small ? ['small: if the labels of the node fit'] : []),
    ...(map.clusters.some(({ management }) => management) ? ['* management cluster'] : []),
  ].join('; ');
  const all: Said[] = [
    ...conflictLines(map).map((said): Said => ({ said, color: 'text' })),
    ...remarkLines(map).map((said): Said => ({ said, color: 'text' })),
  ];
  const left = all.length - MAX_REMARKS;
  const muted = (said: string): Said => ({ said, color: 'muted' });
  return [
    ...(rest > 0 ? [muted(`and ${rest} more nodes`)] : []),
    muted(key),
    ...notesOf(map, source).map((note): Said => ({ said: `Note: ${note}`, color: 'text' })),
    ...(all.length > 0 ? [muted('')] : []),
    ...all.slice(0, MAX_REMARKS),
    ...(left > 0 ? [muted(`and ${left} more remarks`)] : []),
  ].flatMap(({ said, color }) => wrapWords(said, width).map((each) => ({ said: each, color })));
}

function conflictLines({ conflicts }: NodeMap): string[] {
  return conflicts.map((each) => `${each.certain ? '▲ Overlap' : '? Undecided'}: ${conflictText(each)}`);
}

function remarkLines({ clusters }: NodeMap): string[] {
  return clusters.flatMap((cluster) =>
    remarksOf(cluster).map((remark) => `${clusterLabel(cluster.id)}, ${remark}`),
  );
}

function description(map: NodeMap, source: MapSource): string {
  const said = [...conflictLines(map), ...remarkLines(map)].slice(0, MAX_REMARKS);
  return [
    'A table: a row for each node, a column for each cluster, and in it the components that may run there.',
    ...notesOf(map, source),
    ...said.map((each) => `${each}.`),
  ].join(' ');
}
