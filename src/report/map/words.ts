import type { ClusterId, Component } from '../../core/iomesh/cluster-id.ts';
import { displayName } from '../../core/base/model.ts';
import type {
  MapCluster,
  MapComponent,
  MapConflict,
  NodeMap,
  NodeState,
  PlacementState,
} from '../../core/map/index.ts';
import { joined, truncate } from '../../core/base/text.ts';
import { sanitize } from '../../core/base/sanitize.ts';
import { count } from '../summary.ts';
import { cutToWidth, terminalWidth } from '../width.ts';

/** Where a map was read from. */
export interface MapSource {
  readonly from:
    | { readonly kind: 'files'; readonly files: number; readonly objects: number }
    | { readonly kind: 'cluster'; readonly server: string; readonly context: string };
  /** The day on which it was read, in UTC: `2026-11-23`. */
  readonly day: string;
  /** The input that could not be read, a sentence each. */
  readonly missing: readonly string[];
}

/** The longest name in a sentence, and the most names in a list. */
const MAX_NAME = 80;
const MAX_NAMES = 12;
const MAX_SELECTOR = 300;

/** A component as one letter. */
export const COMPONENT_LETTERS: Readonly<Record<Component, string>> = {
  chunk: 'C',
  meta: 'M',
  redirector: 'R',
  zookeeper: 'Z',
};

/** The states of a node in words. */
export const STATE_WORDS: Readonly<Record<NodeState, string>> = {
  claimed: 'claimed',
  overlap: 'overlap',
  free: 'unclaimed',
  undecided: 'undecided',
  'control-plane': 'control plane',
};

/** A sign for each state, so that states differ by more than their colour. */
export const STATE_SIGNS: Readonly<Record<NodeState, string>> = {
  claimed: '●',
  overlap: '▲',
  free: '○',
  undecided: '?',
  'control-plane': '–',
};

/** An untrusted name on one line, cut at `most` characters. */
export function shortName(text: string, most = MAX_NAME): string {
  return truncate(sanitize(text), most);
}

/** The name of a cluster in a sentence: `iomesh-system/iomesh`. */
export function clusterLabel(id: ClusterId, most = MAX_NAME): string {
  return shortName(displayName(id), most);
}

/** The name of a cluster in a narrow column: without the namespace if both are equal. */
export function columnLabel(id: ClusterId): string {
  return id.namespace === id.name ? shortName(id.name) : clusterLabel(id);
}

/** Lines of at most `width` columns, broken between words; a longer word is cut. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && terminalWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((each) => cutToWidth(each, width));
}

/** The state of a node next to a number. */
export function countWord(state: NodeState): string {
  return state === 'overlap' ? 'overlapping' : STATE_WORDS[state];
}

/** The counts of a map: `2 clusters, 7 nodes: 5 claimed, 1 overlapping, 1 unclaimed`. */
export function headline({ clusters, nodes }: NodeMap): string {
  const counts = stateCounts(nodes).map(([state, number]) => `${number} ${countWord(state)}`);
  const parts = counts.length === 0 ? '' : `: ${counts.join(', ')}`;
  return `${count(clusters.length, 'cluster')}, ${count(nodes.length, 'node')}${parts}`;
}

/** The number of nodes in each state that has any. */
export function stateCounts(nodes: NodeMap['nodes']): readonly (readonly [NodeState, number])[] {
  return (Object.keys(STATE_WORDS) as NodeState[])
    .map((state) => [state, nodes.filter((node) => node.state === state).length] as const)
    .filter(([, number]) => number > 0);
}

/** The limits of what the map shows, a sentence or more each. */
export function mapNotes(map: NodeMap, source: MapSource): readonly string[] {
  const notes = [...source.missing];
  const undecided = map.clusters.some(({ components }) =>
    components.some(({ state }) => state === 'undecided'),
  );
  if (map.known === 'none')
    notes.push(
      'The nodes of the Kubernetes cluster are unknown. The map shows the nodes that selectors name, but no unclaimed nodes. List the nodes in the configuration (nodes), or read a live cluster.',
    );
  else if (map.known === 'names' && undecided)
    notes.push('Some selectors use labels, but for some nodes only the name is known.');
  if (!map.clusters.some(({ management }) => management))
    notes.push(`The management cluster ${clusterLabel(map.managementCluster)} was not found.`);
  return notes.map((note) => truncate(sanitize(note), 500));
}

/** What the cells of a cluster do not show, one line for all components with the same remark. */
export function clusterRemarks({ components }: MapCluster): readonly string[] {
  const groups = new Map<string, Component[]>();
  for (const each of components)
    for (const remark of componentRemarks(each))
      groups.set(remark, [...(groups.get(remark) ?? []), each.component]);
  return [...groups].map(([remark, members]) => `${joined(members)}: ${remark}`);
}

/** The remarks of all clusters: `iomesh-system/iomesh, meta: is missing`. */
export function remarkLines({ clusters }: NodeMap): string[] {
  return clusters.flatMap((cluster) =>
    clusterRemarks(cluster).map((remark) => `${clusterLabel(cluster.id)}, ${remark}`),
  );
}

/** Written after the component, and before its selector in parentheses. */
const REMARKS: Readonly<Record<PlacementState, string | undefined>> = {
  placed: undefined,
  undecided: 'the nodes are unknown, because the selector uses unknown labels',
  unmatched: 'no known node matches the selector',
  empty: 'no node can match the selector',
  anywhere: 'may run on any node, because it requires none',
  preferred: 'may run on any node, because it only prefers some',
  shared: undefined,
  unreadable: 'the selector is invalid; run iomesh-guard lint',
  absent: 'not found',
};

function componentRemarks({ state, selector, unknownNodes }: MapComponent): string[] {
  const remarks: string[] = [];
  const remark = REMARKS[state];
  if (remark !== undefined)
    remarks.push(
      selector === undefined || selector === ''
        ? remark
        : `${remark} (${truncate(sanitize(selector), MAX_SELECTOR)})`,
    );
  if (unknownNodes.length > 0) remarks.push(`unknown nodes: ${nameList(unknownNodes)}`);
  return remarks;
}

/** A conflict of two clusters in a sentence. */
export function mapConflictText(conflict: MapConflict): string {
  const { certain, nodes, more, exampleNode } = conflict;
  const [first, second] = conflictSides(conflict);
  const sides = `${first} and ${second}`;
  const example = exampleNode === undefined ? undefined : truncate(sanitize(exampleNode), MAX_SELECTOR);
  if (certain && nodes.length > 0) return `${sides} overlap on ${nameList(nodes)}${more ? ' and more' : ''}`;
  if (certain) return `${sides} overlap on ${example ?? 'the same nodes'}`;
  if (example === undefined) return `${sides} have selectors too large to compare`;
  return `${sides} may overlap on ${example}`;
}

/** The two clusters of a conflict, each with its components: `iomesh-system/iomesh (chunk, meta)`. */
export function conflictSides({ clusters, components }: MapConflict): readonly [string, string] {
  const side = (index: 0 | 1) => `${clusterLabel(clusters[index])} (${components[index].join(', ')})`;
  return [side(0), side(1)];
}

function nameList(names: readonly string[]): string {
  return joined(
    names.map((name) => shortName(name)),
    MAX_NAMES,
  );
}
