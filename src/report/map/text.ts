import type { MapCluster, MapNode, NodeMap, NodeState } from '../../core/map/index.ts';
import type { Colors } from '../colors.ts';
import { cutToWidth, padToWidth, terminalWidth } from '../width.ts';
import { ClusterColumns, claimLetters, legend } from './layout.ts';
import {
  clusterLabel,
  columnLabel,
  headline,
  type MapSource,
  mapConflictText,
  mapNotes,
  remarkLines,
  STATE_WORDS,
  shortName,
} from './words.ts';

const MAX_NODE = 40;
const MAX_CLUSTER = 44;
const MAX_CONFLICTS = 20;
/** The most clusters of a node in a table with one column for all. */
const MAX_CLAIMS = 6;
const GAP = '  ';

/** A line of the table, and the state of its node. */
interface TableLine {
  readonly cells: readonly string[];
  readonly state?: NodeState | undefined;
}

/**
 * The map as a table for a terminal of `width` columns: a column for each cluster if all fit, else one column for all
 * clusters of a node. With `only`, the table has the nodes in that state alone. Ends with a newline.
 */
export function mapText(
  map: NodeMap,
  source: MapSource,
  colors: Colors,
  width: number,
  only?: NodeState,
): string {
  const shown = { ...map, nodes: map.nodes.filter(({ state }) => only === undefined || state === only) };
  const table =
    matrixLines(shown, clusterLabel, width) ?? matrixLines(shown, columnLabel, width) ?? listLines(shown);
  const parts = [
    ...(shown.nodes.length > 0 ? [tableText(table, colors)] : []),
    ...(shown.nodes.length > 0 ? [`${legend(map)}\n`] : []),
    ...section('Remarks', remarkLines(map)),
    ...section('Conflicts', conflictLines(map, colors)),
    mapNotes(map, source)
      .map((note) => `note: ${note}\n`)
      .join(''),
    `${headline(map)}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function matrixLines(
  map: NodeMap,
  label: (id: MapCluster['id']) => string,
  width: number,
): readonly TableLine[] | undefined {
  const { nodes, clusters } = map;
  const columns = new ClusterColumns(map);
  const heads = clusters.map(({ id, management }) => columnHead(label(id), management));
  const needed = heads.reduce((sum, head) => sum + terminalWidth(head) + GAP.length, 0);
  if (clusters.length > width || needed > width) return undefined;
  const lines = nodes.map((node): TableLine => {
    const cells = columns.row(node).map((claim) => (claim === undefined ? '·' : claimLetters(claim)));
    return { cells: [nodeName(node), ...cells, stateText(node)], state: node.state };
  });
  const table = [{ cells: ['NODE', ...heads, ''] }, ...lines];
  return columnWidths(table).reduce((sum, each) => sum + each + GAP.length, 0) <= width + GAP.length
    ? table
    : undefined;
}

function listLines(map: NodeMap): readonly TableLine[] {
  const columns = new ClusterColumns(map);
  const lines = map.nodes.map((node): TableLine => {
    const claims = node.claims
      .slice(0, MAX_CLAIMS)
      .map(
        (claim) =>
          `${columnHead(clusterLabel(claim.cluster), columns.isManagement(claim))} ${claimLetters(claim)}`,
      );
    const rest = node.claims.length - claims.length;
    const text = [...claims, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
    return { cells: [nodeName(node), stateText(node), text], state: node.state };
  });
  return [{ cells: ['NODE', '', 'CLUSTERS'] }, ...lines];
}

function tableText(table: readonly TableLine[], colors: Colors): string {
  const columns = columnWidths(table);
  return table
    .map(({ cells, state }) => {
      const line = cells.map((cell, column) => padToWidth(cell, columns[column] ?? 0)).join(GAP);
      return `${colored(line.trimEnd(), state, colors)}\n`;
    })
    .join('');
}

function colored(line: string, state: NodeState | undefined, colors: Colors): string {
  if (state === undefined) return colors.bold(line);
  if (state === 'overlap') return colors.red(line);
  return state === 'free' || state === 'undecided' ? colors.yellow(line) : line;
}

function columnWidths(table: readonly TableLine[]): readonly number[] {
  const columns: number[] = [];
  for (const { cells } of table)
    for (const [column, cell] of cells.entries())
      columns[column] = Math.max(columns[column] ?? 0, terminalWidth(cell));
  return columns;
}

function nodeName({ name }: MapNode): string {
  return cutToWidth(shortName(name), MAX_NODE);
}

function columnHead(label: string, management: boolean): string {
  return `${cutToWidth(label, MAX_CLUSTER)}${management ? '*' : ''}`;
}

/** The last column: empty for the usual state. */
function stateText({ state }: MapNode): string {
  return state === 'claimed' ? '' : state === 'overlap' ? 'OVERLAP' : STATE_WORDS[state];
}

function conflictLines({ conflicts }: NodeMap, colors: Colors): string[] {
  const lines = conflicts
    .slice(0, MAX_CONFLICTS)
    .map((each) => (each.certain ? colors.red : colors.yellow)(mapConflictText(each)));
  const rest = conflicts.length - lines.length;
  return rest > 0 ? [...lines, `and ${rest} more conflicts`] : lines;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`];
}
