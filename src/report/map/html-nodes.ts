import { COMPONENTS } from '../../core/iomesh/cluster-id.ts';
import type { MapCluster, MapNode, MapClaim, NodeMap } from '../../core/map/index.ts';
import { Columns, claimText, fitsMatrix, lettersOf } from './layout.ts';
import { escapeMarkup } from './markup.ts';
import { clusterLabel, LETTERS, STATE_SIGNS, STATE_WORDS, shortName } from './words.ts';

/** More columns than these have their heads upright. */
const MAX_LYING = 6;
/** The longest name a Kubernetes object can have. */
const MAX_NAME = 253;

/** A name up to here is not broken over two lines, however narrow the page is. */
const MAX_UNBROKEN = 20;

/** Where on the page a node stands. */
export class Anchors {
  readonly #ids: ReadonlyMap<string, string>;

  constructor({ nodes }: NodeMap) {
    this.#ids = new Map(nodes.map(({ name }, index) => [name, `node-${index + 1}`]));
  }

  id(name: string): string {
    return this.#ids.get(name) ?? '';
  }

  /** A node's name, leading to its row if it has one. */
  link(name: string): string {
    const text = `<bdi>${escapeMarkup(shortName(name, MAX_NAME))}</bdi>`;
    const id = this.#ids.get(name);
    return id === undefined ? text : `<a href="#${id}">${text}</a>`;
  }
}

/** The nodes with their clusters: a column for each of these, or all in one where they are too many. */
export function nodesTable(map: NodeMap, anchors: Anchors): string {
  const { nodes, clusters } = map;
  if (nodes.length === 0)
    return '<h2 id="nodes" tabindex="-1">Nodes</h2>\n<p>No node is known, and no selector names one.</p>';
  const matrix = fitsMatrix(map);
  const columns = new Columns(map);
  const heads = matrix ? clusters.map(columnHead) : ['<th scope="col">Clusters</th>'];
  const rows = nodes.map((node) => {
    const cells = matrix ? columns.row(node).map(cell) : [listCell(node)];
    return row(node, anchors, cells);
  });
  const many = matrix && clusters.length > MAX_LYING ? ' many' : '';
  return [
    '<h2 id="nodes" tabindex="-1">Nodes</h2>',
    filter(nodes),
    key(map),
    '<div class="scroll" role="region" aria-labelledby="nodes" tabindex="0">',
    `<table id="map" class="map${many}">`,
    `<caption>Which components of which cluster may run on each node</caption>`,
    `<thead><tr><th scope="col" class="n">Node</th><th scope="col" class="s">State</th>${heads.join('')}</tr></thead>`,
    '<tbody>',
    ...rows,
    '</tbody>',
    '</table>',
    '</div>',
  ].join('\n');
}

function columnHead({ id, management }: MapCluster): string {
  const name = escapeMarkup(shortName(id.name === '' ? '(generated name)' : id.name, MAX_NAME));
  const namespace = escapeMarkup(shortName(id.namespace, MAX_NAME));
  // The namespace mostly goes by the cluster's name; said twice it only takes room.
  const where = id.namespace === id.name ? '' : `<span class="ns"><bdi>${namespace}</bdi></span>`;
  const badge = management ? ' <span class="badge">management</span>' : '';
  return `<th scope="col" class="c"><span>${where}<bdi>${name}</bdi>${badge}</span></th>`;
}

function row(node: MapNode, anchors: Anchors, cells: readonly string[]): string {
  const { name, state } = node;
  const short = name.length <= MAX_UNBROKEN ? ' class="short"' : '';
  const sign = `<span aria-hidden="true">${STATE_SIGNS[state]} ${STATE_WORDS[state]}</span><span class="vh">${STATE_WORDS[state]}</span>`;
  return `<tr id="${anchors.id(name)}" class="${state}"><th scope="row" class="n"><bdi${short}>${escapeMarkup(shortName(name, MAX_NAME))}</bdi></th><td class="s">${sign}</td>${cells.join('')}</tr>`;
}

function cell(claim: MapClaim | undefined): string {
  return claim === undefined ? '<td class="c"></td>' : `<td class="c">${mark(claim)}</td>`;
}

function mark(claim: MapClaim): string {
  const depends = claim.conditional.length > 0 ? ' q' : '';
  return `<span class="k${depends}" aria-hidden="true">${lettersOf(claim)}</span><span class="vh">${claimText(claim)}</span>`;
}

function listCell({ claims }: MapNode): string {
  const items = claims.map(
    (claim) => `<li><bdi>${escapeMarkup(clusterLabel(claim.cluster, MAX_NAME))}</bdi> ${mark(claim)}</li>`,
  );
  return items.length === 0 ? '<td></td>' : `<td><ul class="all">${items.join('')}</ul></td>`;
}

function filter(nodes: readonly MapNode[]): string {
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

function key({ nodes }: NodeMap): string {
  const items = COMPONENTS.map((component) => `<li><kbd>${LETTERS[component]}</kbd> ${component}</li>`);
  if (nodes.some(({ claims }) => claims.some(({ conditional }) => conditional.length > 0)))
    items.push('<li><kbd>c</kbd> a small letter: if the labels of the node fit, which are not known</li>');
  return `<ul class="key" aria-label="Letters">${items.join('')}</ul>`;
}
