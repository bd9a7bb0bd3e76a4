import { COMPONENTS } from '../../core/iomesh/cluster-id.ts';
import type { MapCluster, MapComponent, NodeMap } from '../../core/map/index.ts';
import { escapeMarkup } from './markup.ts';
import { clusterLabel, remarksOf } from './words.ts';

const MAX_NAME = 253;

/** What stands in a component's cell where it is not simply a number of nodes. */
const SHORT: Readonly<Partial<Record<MapComponent['state'], string>>> = {
  undecided: 'not known',
  anywhere: 'any',
  preferred: 'any',
  unreadable: 'not known',
  absent: '–',
};

/** The clusters: how many nodes each component has, and what the nodes do not show. */
export function clustersTable({ clusters }: NodeMap): string {
  if (clusters.length === 0) return '';
  const heads = ['Cluster', 'Nodes', ...COMPONENTS, 'Remarks'];
  return [
    '<h2 id="clusters">Clusters</h2>',
    '<div class="scroll" role="region" aria-labelledby="clusters" tabindex="0">',
    '<table class="clusters">',
    '<caption>On how many nodes each component of a cluster may run</caption>',
    `<thead><tr>${heads.map((head, index) => `<th scope="col"${isNumber(index) ? ' class="num"' : ''}>${head}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...clusters.map(row),
    '</tbody>',
    '</table>',
    '</div>',
  ].join('\n');
}

function isNumber(column: number): boolean {
  return column > 0 && column <= COMPONENTS.length + 1;
}

function row(cluster: MapCluster): string {
  const { id, management, nodes, components } = cluster;
  const badge = management ? ' <span class="badge">management</span>' : '';
  const remarks = remarksOf(cluster).map((remark) => `<li>${escapeMarkup(remark)}</li>`);
  const cells = [
    `<th scope="row"><bdi>${escapeMarkup(clusterLabel(id, MAX_NAME))}</bdi>${badge}</th>`,
    `<td class="num">${nodes}</td>`,
    ...components.map((each) => `<td class="num">${SHORT[each.state] ?? each.nodes}</td>`),
    `<td>${remarks.length === 0 ? '' : `<ul>${remarks.join('')}</ul>`}</td>`,
  ];
  return `<tr>${cells.join('')}</tr>`;
}
