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
import type { MapSource } from './source.ts';

/** Longest name a sentence shows whole, and how many names it lists. */
const MAX_NAME = 80;
const MAX_NAMES = 12;
const MAX_SELECTOR = 300;

/** How a component is marked where there is no room for its name. */
export const LETTERS: Readonly<Record<Component, string>> = {
  chunk: 'C',
  meta: 'M',
  redirector: 'R',
  zookeeper: 'Z',
};

export const STATE_WORDS: Readonly<Record<NodeState, string>> = {
  claimed: 'claimed',
  overlap: 'overlap',
  free: 'unclaimed',
  undecided: 'undecided',
  'control-plane': 'control plane',
};

/** Signs beside the words, so that states differ by more than their colour. */
export const STATE_SIGNS: Readonly<Record<NodeState, string>> = {
  claimed: '●',
  overlap: '▲',
  free: '○',
  undecided: '?',
  'control-plane': '–',
};

/** A name from outside, on one line and not too long. */
export function shortName(text: string, most = MAX_NAME): string {
  return truncate(sanitize(text), most);
}

export function clusterLabel(id: ClusterId, most = MAX_NAME): string {
  return shortName(displayName(id), most);
}

/** A cluster at the head of its column: the namespace mostly goes by the cluster's name, and then is not said twice. */
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

/** What nodes are, where they are counted. */
export function countWord(state: NodeState): string {
  return state === 'overlap' ? 'overlapping' : STATE_WORDS[state];
}

/** `2 clusters, 7 nodes: 5 claimed, 1 overlapping, 1 unclaimed`. */
export function headline({ clusters, nodes }: NodeMap): string {
  const counts = stateCounts(nodes).map(([state, number]) => `${number} ${countWord(state)}`);
  const parts = counts.length === 0 ? '' : `: ${counts.join(', ')}`;
  return `${count(clusters.length, 'cluster')}, ${count(nodes.length, 'node')}${parts}`;
}

/** How many nodes there are in each state, those left out in which there are none. */
export function stateCounts(nodes: NodeMap['nodes']): readonly (readonly [NodeState, number])[] {
  return (Object.keys(STATE_WORDS) as NodeState[])
    .map((state) => [state, nodes.filter((node) => node.state === state).length] as const)
    .filter(([, number]) => number > 0);
}

/** What must be known to read the map rightly. */
export function notesOf(map: NodeMap, source: MapSource): readonly string[] {
  const notes = [...source.missing];
  const undecided = map.clusters.some(({ components }) =>
    components.some(({ state }) => state === 'undecided'),
  );
  if (map.known === 'none')
    notes.push(
      'Which nodes there are is not known: these are the nodes that selectors name, so unclaimed ones do not show. List them in the configuration (nodes), or read a live cluster.',
    );
  else if (map.known === 'names' && undecided)
    notes.push('Of some nodes only the names are known, not the labels that selectors ask for.');
  if (!map.clusters.some(({ management }) => management))
    notes.push(`The management cluster, ${clusterLabel(map.managementCluster)}, is not among the clusters.`);
  return notes.map((note) => truncate(sanitize(note), 500));
}

/** What the cells of a cluster do not tell, a sentence for all components it is true of. */
export function remarksOf({ components }: MapCluster): readonly string[] {
  const groups = new Map<string, { says: string; who: Component[] }>();
  for (const each of components) {
    for (const says of remarks(each)) {
      const group = groups.get(says);
      if (group === undefined) groups.set(says, { says, who: [each.component] });
      else group.who.push(each.component);
    }
  }
  return [...groups.values()].map(({ says, who }) => `${joined(who)}: ${says}`);
}

const REMARKS: Readonly<Record<PlacementState, string | undefined>> = {
  placed: undefined,
  undecided: 'which nodes cannot be told, for it asks for labels that are not known',
  unmatched: 'none of the nodes here is as it asks',
  empty: 'can run on no node',
  anywhere: 'requires no node and may run on any',
  preferred: 'only prefers nodes and may run on any',
  unreadable: 'where it runs could not be read; see iomesh-guard lint',
  absent: 'is not here',
};

function remarks({ state, selector, unknownNodes }: MapComponent): string[] {
  const said: string[] = [];
  const remark = REMARKS[state];
  if (remark !== undefined)
    said.push(selector === undefined ? remark : `${remark} (${truncate(sanitize(selector), MAX_SELECTOR)})`);
  if (unknownNodes.length > 0) said.push(`lists nodes that are not known: ${names(unknownNodes)}`);
  return said;
}

/** What stands between two clusters, in a sentence. */
export function conflictText(conflict: MapConflict): string {
  const { certain, nodes, more, exampleNode } = conflict;
  const [first, second] = partiesOf(conflict);
  const who = `${first} and ${second}`;
  const like = exampleNode === undefined ? undefined : truncate(sanitize(exampleNode), MAX_SELECTOR);
  if (certain && nodes.length > 0) return `${who} meet on ${names(nodes)}${more ? ' or more' : ''}`;
  if (certain) return `${who} meet on ${like ?? 'the same nodes'}`;
  if (like === undefined) return `${who} have selectors too large to compare`;
  return `${who} are not kept apart: both could use ${like}`;
}

/** The two clusters of a conflict, each with the components that meet. */
export function partiesOf({ clusters, components }: MapConflict): readonly [string, string] {
  const party = (index: 0 | 1) => `${clusterLabel(clusters[index])} (${components[index].join(', ')})`;
  return [party(0), party(1)];
}

function names(all: readonly string[]): string {
  return joined(
    all.map((name) => shortName(name)),
    MAX_NAMES,
  );
}
