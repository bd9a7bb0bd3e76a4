import { clusterText, COMPONENTS } from '../../core/iomesh/cluster-id.ts';
import type { MapCluster, MapNode, NodeMap, NodeState } from '../../core/map/index.ts';
import type { Colors } from '../colors.ts';
import { cutToWidth, padToWidth, terminalWidth } from '../width.ts';
import { Columns, lettersOf } from './layout.ts';
import type { MapSource } from './source.ts';
import {
  clusterLabel,
  columnLabel,
  conflictText,
  headline,
  LETTERS,
  notesOf,
  remarksOf,
  STATE_WORDS,
  shortName,
} from './words.ts';

const MAX_NODE = 40;
const MAX_CLUSTER = 44;
const MAX_CONFLICTS = 20;
/** Clusters that are named at one node where there is no column for each. */
const MAX_CLAIMS = 6;
const GAP = '  ';

/** A line of a table: its cells, and in what state the node is. */
interface Line {
  readonly cells: readonly string[];
  readonly state?: NodeState | undefined;
}

/**
 * The map as a table for a terminal of `width` columns: a column for each cluster where they all fit, else the
 * clusters of each node in one. Ends with a line end.
 */
export function mapText(map: NodeMap, source: MapSource, colors: Colors, width: number): string {
  const table = matrix(map, clusterLabel, width) ?? matrix(map, columnLabel, width) ?? list(map);
  const parts = [
    ...(map.nodes.length > 0 ? [tableText(table, colors)] : []),
    ...(map.nodes.length > 0 ? [legend(map)] : []),
    ...section('Not in the table', remarkLines(map)),
    ...section('Clusters that meet', conflictLines(map, colors)),
    notesOf(map, source)
      .map((note) => `note: ${note}\n`)
      .join(''),
    `${headline(map)}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function matrix(
  map: NodeMap,
  label: (id: MapCluster['id']) => string,
  width: number,
): readonly Line[] | undefined {
  const { nodes, clusters } = map;
  const columns = new Columns(map);
  const heads = clusters.map(({ id, management }) => columnHead(label(id), management));
  const needed = heads.reduce((sum, head) => sum + terminalWidth(head) + GAP.length, 0);
  if (clusters.length > width || needed > width) return undefined;
  const lines = nodes.map((node): Line => {
    const cells = columns.row(node).map((claim) => (claim === undefined ? '·' : lettersOf(claim)));
    return { cells: [nodeName(node), ...cells, stateText(node)], state: node.state };
  });
  const table = [{ cells: ['NODE', ...heads, ''] }, ...lines];
  return widths(table).reduce((sum, each) => sum + each + GAP.length, 0) <= width + GAP.length
    ? table
    : undefined;
}

function list({ nodes, clusters }: NodeMap): readonly Line[] {
  const management = new Set(clusters.filter((each) => each.management).map(({ id }) => clusterText(id)));
  const lines = nodes.map((node): Line => {
    const claims = node.claims
      .slice(0, MAX_CLAIMS)
      .map(
        (claim) =>
          `${columnHead(clusterLabel(claim.cluster), management.has(clusterText(claim.cluster)))} ${lettersOf(claim)}`,
      );
    const rest = node.claims.length - claims.length;
    const text = [...claims, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
    return { cells: [nodeName(node), stateText(node), text], state: node.state };
  });
  return [{ cells: ['NODE', '', 'CLUSTERS'] }, ...lines];
}

function tableText(table: readonly Line[], colors: Colors): string {
  const columns = widths(table);
  return table
    .map(({ cells, state }) => {
      const line = cells.map((cell, column) => padToWidth(cell, columns[column] ?? 0)).join(GAP);
      return `${ink(line.trimEnd(), state, colors)}\n`;
    })
    .join('');
}

function ink(line: string, state: NodeState | undefined, colors: Colors): string {
  if (state === undefined) return colors.bold(line);
  if (state === 'overlap') return colors.red(line);
  return state === 'free' || state === 'undecided' ? colors.yellow(line) : line;
}

function widths(table: readonly Line[]): readonly number[] {
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

/** What is claimed is what one expects; only the rest is pointed out. */
function stateText({ state }: MapNode): string {
  return state === 'claimed' ? '' : state === 'overlap' ? 'OVERLAP' : STATE_WORDS[state];
}

function legend({ nodes, clusters }: NodeMap): string {
  const said = [COMPONENTS.map((each) => `${LETTERS[each]} ${each}`).join(', ')];
  if (nodes.some(({ claims }) => claims.some(({ conditional }) => conditional.length > 0)))
    said.push('small: if the labels of the node fit');
  if (clusters.some(({ management }) => management)) said.push('* management cluster');
  return `${said.join('; ')}\n`;
}

function remarkLines({ clusters }: NodeMap): string[] {
  return clusters.flatMap((cluster) =>
    remarksOf(cluster).map((remark) => `${clusterLabel(cluster.id)}, ${remark}`),
  );
}

function conflictLines({ conflicts }: NodeMap, colors: Colors): string[] {
  const lines = conflicts
    .slice(0, MAX_CONFLICTS)
    .map((each) => (each.certain ? colors.red : colors.yellow)(conflictText(each)));
  const rest = conflicts.length - lines.length;
  return rest > 0 ? [...lines, `and ${rest} more`] : lines;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`];
}
