import type { MapNode, NodeMap } from '../../core/map/index.ts';
import { cutToWidth, terminalWidth } from '../width.ts';
import { ClusterColumns, claimLetters, escapeMarkup, fitsMatrix, legend } from './layout.ts';
import { CHAR_WIDTH, SVG_STYLE, type SvgColor, svgFill, svgLine, svgStroke, svgText } from './svg-shapes.ts';
import { type SvgHeader, svgHeader } from './svg-header.ts';
import {
  clusterLabel,
  headline,
  type MapSource,
  mapConflictText,
  mapNotes,
  remarkLines,
  STATE_SIGNS,
  STATE_WORDS,
  shortName,
  wrapWords,
} from './words.ts';

const ROW = 24;
/** From the top of a row to the baseline of its text. */
const BASELINE = ROW / 2 + 4.5;
const MARGIN = 24;
const MAX_NODE = 40;
const MAX_LIST = 110;
/** Many programs cannot open a picture with more rows. */
const MAX_ROWS = 2000;
const MAX_REMARKS = 60;
/** The numbers of the columns are repeated after so many rows. */
const REPEAT = 40;
const STATE_WIDTH = 14 * CHAR_WIDTH;
const MIN_WIDTH = 720;

/** The colours of a state: its mark, its outline, its text. Undefined for the usual state. */
const STATE_COLORS: Readonly<
  Partial<Record<MapNode['state'], readonly [mark: SvgColor, outline: SvgColor, text: SvgColor]>>
> = {
  overlap: ['overlap', 'overlap-line', 'overlap-text'],
  free: ['free', 'free-line', 'free-text'],
  undecided: ['open', 'open-line', 'open-text'],
};

/** The left sides of the columns and the right side of the table. */
interface TableEdges {
  readonly state: number;
  readonly claims: number;
  readonly right: number;
}

/**
 * The map as a self-contained picture: without script or external resource, with a title and a description for screen
 * readers. Ends with a newline.
 */
export function mapSvg(map: NodeMap, source: MapSource): string {
  const nodes = map.nodes.slice(0, MAX_ROWS);
  const names = nodes.map(({ name }) => cutToWidth(shortName(name), MAX_NODE));
  const state = MARGIN + Math.max(8, ...names.map(terminalWidth)) * CHAR_WIDTH + 36;
  const claims = state + STATE_WIDTH;
  const matrix = fitsMatrix(map);
  const header = svgHeader(matrix ? map.clusters : [], claims, nodes.length > REPEAT);
  const columns = new ClusterColumns(map);
  const lists = matrix ? undefined : nodes.map((node) => claimList(node, columns));
  const listWidth = Math.max(0, ...(lists ?? []).map(terminalWidth)) * CHAR_WIDTH;
  const right = matrix ? header.right : claims + listWidth;
  const width = Math.max(MIN_WIDTH, right + MARGIN, claims + header.reach + MARGIN);
  const top = 92 + header.height;
  const rows = nodes.length + (header.numbered ? Math.floor((nodes.length - 1) / REPEAT) : 0);
  const bottom = top + rows * ROW;
  const shapes = [
    svgText(MARGIN, 40, 'IOMesh node map', { size: 22, bold: true }),
    svgText(MARGIN, 64, headline(map), { color: 'muted', sans: true }),
    ...header.heads(top - 10),
    ...header.bands(top, rows * ROW),
    ...tableRows(columns, nodes, names, lists, header, top, { state, claims, right }),
    ...(nodes.length > 0 ? [svgLine(MARGIN, bottom, right, bottom)] : []),
  ];
  let y = bottom + 8;
  for (const { text, color } of footerLines(map, source, Math.floor((width - 2 * MARGIN) / CHAR_WIDTH))) {
    y += text === '' ? 8 : 20;
    if (text !== '') shapes.push(svgText(MARGIN, y, text, { color }));
  }
  return document(map, source, shapes, width, y + MARGIN);
}

function document(
  map: NodeMap,
  source: MapSource,
  shapes: readonly string[],
  width: number,
  height: number,
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title id="title">IOMesh node map: ${escapeMarkup(headline(map))}</title>`,
    `<desc id="desc">${escapeMarkup(description(map, source))}</desc>`,
    `<style>${SVG_STYLE}</style>`,
    `<rect width="${width}" height="${height}" ${svgFill('page')}/>`,
    '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', \'Liberation Mono\', monospace" font-size="13">',
    ...shapes,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function tableRows(
  columns: ClusterColumns,
  nodes: readonly MapNode[],
  names: readonly string[],
  lists: readonly string[] | undefined,
  header: SvgHeader,
  top: number,
  edges: TableEdges,
): string[] {
  const shapes: string[] = [];
  let y = top;
  for (const [index, node] of nodes.entries()) {
    if (index > 0 && index % REPEAT === 0 && header.numbered) {
      shapes.push(
        `<rect x="${MARGIN}" y="${y}" width="${edges.right - MARGIN}" height="${ROW}" ${svgFill('band')}/>`,
        ...header.numbers(y + BASELINE),
      );
      y += ROW;
    }
    shapes.push(...nodeCells(node, names[index] ?? '', y, edges));
    const list = lists?.[index];
    if (list !== undefined) shapes.push(svgText(edges.claims, y + BASELINE, list));
    else shapes.push(...claimChips(node, columns, header, y));
    y += ROW;
  }
  return shapes;
}

/** The name and the state of a node. */
function nodeCells({ state }: MapNode, name: string, y: number, edges: TableEdges): string[] {
  const shapes = [svgLine(MARGIN, y, edges.right, y)];
  const colors = STATE_COLORS[state];
  if (state === 'overlap')
    shapes.push(
      `<rect x="${MARGIN}" y="${y + 0.5}" width="${edges.right - MARGIN}" height="${ROW - 1}" ${svgFill('overlap')}/>`,
      `<rect x="${MARGIN}" y="${y + 0.5}" width="5" height="${ROW - 1}" ${svgFill('overlap-line')}/>`,
    );
  else if (colors !== undefined)
    shapes.push(
      `<rect x="${edges.state - 6}" y="${y + 3}" width="${STATE_WIDTH - 12}" height="${ROW - 6}" rx="9" ${svgFill(colors[0])} ${svgStroke(colors[1])} stroke-dasharray="4 2"/>`,
    );
  shapes.push(
    svgText(MARGIN + 12, y + BASELINE, name, {
      color: state === 'overlap' ? 'overlap-text' : 'text',
      bold: state === 'overlap',
    }),
    svgText(edges.state, y + BASELINE, `${STATE_SIGNS[state]} ${STATE_WORDS[state]}`, {
      color: colors?.[2] ?? 'muted',
      bold: colors !== undefined,
    }),
  );
  return shapes;
}

/** The letters of each claim of a node, in the column of its cluster. */
function claimChips(node: MapNode, columns: ClusterColumns, header: SvgHeader, y: number): string[] {
  return node.claims.flatMap((claim) => {
    const x = header.center(columns.of(claim));
    const overlap = node.state === 'overlap';
    const dashes = claim.conditional.length > 0 ? ' stroke-dasharray="3 2"' : '';
    return [
      `<rect x="${x - 21}" y="${y + 3}" width="42" height="${ROW - 6}" rx="4" ${svgFill(overlap ? 'page' : 'claim')} ${svgStroke(overlap ? 'overlap-line' : 'claim-line')}${overlap ? ' stroke-width="2"' : ''}${dashes}/>`,
      svgText(x, y + BASELINE, claimLetters(claim), {
        color: overlap ? 'overlap-text' : 'claim-text',
        bold: true,
        anchor: 'middle',
      }),
    ];
  });
}

function claimList({ claims }: MapNode, columns: ClusterColumns): string {
  return cutToWidth(
    claims
      .map(
        (claim) =>
          `${clusterLabel(claim.cluster, 60)}${columns.isManagement(claim) ? '*' : ''} ${claimLetters(claim)}`,
      )
      .join(', '),
    MAX_LIST,
  );
}

/** A line of text under the table. */
interface FooterLine {
  readonly text: string;
  readonly color: SvgColor;
}

function footerLines(map: NodeMap, source: MapSource, width: number): FooterLine[] {
  const remarks = [...conflictLines(map), ...remarkLines(map)];
  const moreNodes = map.nodes.length - MAX_ROWS;
  const moreRemarks = remarks.length - MAX_REMARKS;
  const line = (color: SvgColor) => (text: string) => ({ text, color });
  const [normal, muted] = [line('text'), line('muted')];
  return [
    ...(moreNodes > 0 ? [muted(`and ${moreNodes} more nodes`)] : []),
    muted(legend(map)),
    ...mapNotes(map, source).map((note) => normal(`Note: ${note}`)),
    ...(remarks.length > 0 ? [muted('')] : []),
    ...remarks.slice(0, MAX_REMARKS).map(normal),
    ...(moreRemarks > 0 ? [muted(`and ${moreRemarks} more remarks`)] : []),
  ].flatMap(({ text, color }) => wrapWords(text, width).map((part) => ({ text: part, color })));
}

function conflictLines({ conflicts }: NodeMap): string[] {
  return conflicts.map((each) => `${each.certain ? '▲ Overlap' : '? Undecided'}: ${mapConflictText(each)}`);
}

function description(map: NodeMap, source: MapSource): string {
  const remarks = [...conflictLines(map), ...remarkLines(map)].slice(0, MAX_REMARKS);
  return [
    'A table with a row for each node and a column for each cluster. A cell has the components that may run on the node.',
    ...mapNotes(map, source),
    ...remarks.map((each) => `${each}.`),
  ].join(' ');
}
