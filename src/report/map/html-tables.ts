import { COMPONENTS } from '../../core/iomesh/cluster-id.ts';
import type { MapCluster, MapClaim, MapComponent, MapNode, NodeMap } from '../../core/map/index.ts';
import { ClusterColumns, claimLetters, claimText, escapeMarkup, fitsMatrix } from './layout.ts';
import {
  clusterLabel,
  clusterRemarks,
  COMPONENT_LETTERS,
  STATE_SIGNS,
  STATE_WORDS,
  shortName,
} from './words.ts';

/** With more columns, the heads are rotated. */
const MAX_HORIZONTAL = 6;
const BADGE = '<span class="badge">management</span>';
/** The longest name of a Kubernetes object. */
const MAX_NAME = 253;

/** A name up to this length is never broken into two lines. */
const MAX_UNBROKEN = 20;

/** The anchors of the nodes on the page. */
export class NodeAnchors {
  readonly #ids: ReadonlyMap<string, string>;

  constructor({ nodes }: NodeMap) {
    this.#ids = new Map(nodes.map(({ name }, index) => [name, `node-${index + 1}`]));
  }

  id(name: string): string {
    return this.#ids.get(name) ?? '';
  }

  /** The name of a node, as a link to its row if it has one. */
  link(name: string): string {
    const text = `<bdi>${escapeMarkup(shortName(name, MAX_NAME))}</bdi>`;
    const id = this.#ids.get(name);
    return id === undefined ? text : `<a href="#${id}">${text}</a>`;
  }
}

/** The table of the nodes: a column for each cluster, or one column for all if there are too many. */
export function nodesTable(map: NodeMap, anchors: NodeAnchors): string {
  const { nodes, clusters } = map;
  if (nodes.length === 0)
    return '<h2 id="nodes" tabindex="-1">Nodes</h2>\n<p>No nodes are known, and no selector names one.</p>';
  const matrix = fitsMatrix(map);
  const columns = new ClusterColumns(map);
  const heads = matrix ? clusters.map(columnHead) : ['<th scope="col">Clusters</th>'];
  const rows = nodes.map((node) => {
    const cells = matrix ? columns.row(node).map(claimCell) : [listCell(node, columns)];
    return nodeRow(node, anchors, cells);
  });
  const many = matrix && clusters.length > MAX_HORIZONTAL ? ' many' : '';
  return [
    '<h2 id="nodes" tabindex="-1">Nodes</h2>',
    filterForm(nodes),
    letterKey(map),
    '<div class="scroll" role="region" aria-labelledby="nodes" tabindex="0">',
    `<table id="map" class="map${many}">`,
    `<caption>Which components of which cluster may run on each node</caption>`,
    `<thead><tr><th scope="col" class="n">Node</th><th scope="col" class="s">State</th>${heads.join('')}</tr></thead>`,
    '<tbody>',
    ...rows,
    '</tbody>',
    '</table>',
    '</div>',
    '<p id="nothing" role="status" hidden>No node matches the filter.</p>',
  ].join('\n');
}

function columnHead({ id, management }: MapCluster): string {
  const name = escapeMarkup(shortName(id.name === '' ? '(generated name)' : id.name, MAX_NAME));
  const namespace = escapeMarkup(shortName(id.namespace, MAX_NAME));
  // The namespace usually has the name of the cluster.
  const where = id.namespace === id.name ? '' : `<span class="ns"><bdi>${namespace}</bdi></span>`;
  const badge = management ? ` ${BADGE}` : '';
  return `<th scope="col" class="c"><span>${where}<bdi>${name}</bdi>${badge}</span></th>`;
}

function nodeRow(node: MapNode, anchors: NodeAnchors, cells: readonly string[]): string {
  const { name, state } = node;
  const short = name.length <= MAX_UNBROKEN ? ' class="short"' : '';
  const sign = `<span aria-hidden="true">${STATE_SIGNS[state]} ${STATE_WORDS[state]}</span><span class="vh">${STATE_WORDS[state]}</span>`;
  return `<tr id="${anchors.id(name)}" class="${state}"><th scope="row" class="n"><bdi${short}>${escapeMarkup(shortName(name, MAX_NAME))}</bdi></th><td class="s">${sign}</td>${cells.join('')}</tr>`;
}

function claimCell(claim: MapClaim | undefined): string {
  return claim === undefined ? '<td class="c"></td>' : `<td class="c">${claimMark(claim)}</td>`;
}

function claimMark(claim: MapClaim): string {
  const depends = claim.conditional.length > 0 ? ' q' : '';
  return `<span class="k${depends}" aria-hidden="true">${claimLetters(claim)}</span><span class="vh">${claimText(claim)}</span>`;
}

function listCell({ claims }: MapNode, columns: ClusterColumns): string {
  const items = claims.map((claim) => {
    const badge = columns.isManagement(claim) ? ` ${BADGE}` : '';
    return `<li><bdi>${escapeMarkup(clusterLabel(claim.cluster, MAX_NAME))}</bdi>${badge} ${claimMark(claim)}</li>`;
  });
  return items.length === 0 ? '<td></td>' : `<td><ul class="all">${items.join('')}</ul></td>`;
}

function filterForm(nodes: readonly MapNode[]): string {
  const of = (...states: MapNode['state'][]) => nodes.filter(({ state }) => states.includes(state)).length;
  const box = (id: string, word: string, number: number) =>
    `<label${number === 0 ? ' class="off"' : ''}><input type="checkbox" id="${id}"${number === 0 ? ' disabled' : ''}>${word} (${number})</label>`;
  return [
    '<form id="filter" class="filter" role="search" aria-label="Filter the nodes" hidden>',
    '<label class="text" for="text">Node or cluster <input type="search" id="text" autocomplete="off" spellcheck="false"></label>',
    '<fieldset><legend>Only</legend>',
    box('overlap', 'overlaps', of('overlap')),
    box('free', 'unclaimed', of('free', 'undecided')),
    '</fieldset>',
    '<button type="reset">Show all</button>',
    '<output id="shown" for="text overlap free"></output>',
    '</form>',
  ].join('\n');
}

function letterKey({ nodes }: NodeMap): string {
  const items = COMPONENTS.map(
    (component) => `<li><kbd>${COMPONENT_LETTERS[component]}</kbd> ${component}</li>`,
  );
  if (nodes.some(({ claims }) => claims.some(({ conditional }) => conditional.length > 0)))
    items.push('<li><kbd>c</kbd> small letter: if the unknown labels of the node match</li>');
  return `<ul class="key" aria-label="Letters">${items.join('')}</ul>`;
}

/** The text of a component's cell instead of a number of nodes. */
const STATE_CELLS: Readonly<Partial<Record<MapComponent['state'], string>>> = {
  undecided: 'unknown',
  anywhere: 'any',
  preferred: 'any',
  shared: 'any',
  unreadable: 'unknown',
  absent: '–',
};

/** The table of the clusters: the number of nodes of each component, and remarks. */
export function clustersTable({ clusters }: NodeMap): string {
  if (clusters.length === 0) return '';
  const heads = ['Cluster', 'Nodes', ...COMPONENTS, 'Remarks'];
  return [
    '<h2 id="clusters">Clusters</h2>',
    '<div class="scroll" role="region" aria-labelledby="clusters" tabindex="0">',
    '<table class="clusters">',
    '<caption>The number of nodes on which each component of a cluster may run</caption>',
    `<thead><tr>${heads.map((head, index) => `<th scope="col"${isNumberColumn(index) ? ' class="num"' : ''}>${head}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...clusters.map(clusterRow),
    '</tbody>',
    '</table>',
    '</div>',
  ].join('\n');
}

function isNumberColumn(column: number): boolean {
  return column > 0 && column <= COMPONENTS.length + 1;
}

function clusterRow(cluster: MapCluster): string {
  const { id, management, nodes, components } = cluster;
  const badge = management ? ` ${BADGE}` : '';
  const remarks = clusterRemarks(cluster).map((remark) => `<li>${escapeMarkup(remark)}</li>`);
  const cells = [
    `<th scope="row"><bdi>${escapeMarkup(clusterLabel(id, MAX_NAME))}</bdi>${badge}</th>`,
    `<td class="num">${nodes}</td>`,
    ...components.map((each) => `<td class="num">${STATE_CELLS[each.state] ?? each.nodes}</td>`),
    `<td>${remarks.length === 0 ? '' : `<ul>${remarks.join('')}</ul>`}</td>`,
  ];
  return `<tr>${cells.join('')}</tr>`;
}
