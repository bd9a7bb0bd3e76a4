/** The nodes of a new pool: known ones that no other cluster claims. */
import { clusterText } from '../iomesh/cluster.ts';
import { labelSelection } from '../iomesh/default-affinity.ts';
import { claimsOf, nodesToOffer } from '../iomesh/node-claims.ts';
import { asksForNamesOnly, isWorker, type KnownNodes, knownNodes } from '../iomesh/nodes.ts';
import { placedObjects } from '../iomesh/placement.ts';
import { HOSTNAME_LABEL, type KnownNode, matches, type Selection } from '../node-selector/index.ts';
import { isDnsSubdomain, MAX_LABEL } from '../base/names.ts';
import { compareNames, joined } from '../base/text.ts';
import type { World } from '../world.ts';
import { requestedId, type PoolRequest, type Refusal, ZOOKEEPER_REPLICAS } from './request.ts';

/** No IOMesh cluster has more nodes. */
const MAX_NODES = 1000;
const MAX_NAMED = 12;

export interface ChosenNodes {
  /** The values of their hostname labels. */
  readonly hostnames: readonly string[];
  readonly notes: readonly string[];
}

/** The requested nodes, or every reason why the pool cannot have them. */
export function chooseNodes(world: World, request: PoolRequest): ChosenNodes | readonly Refusal[] {
  const known = knownNodes(world);
  const free = freeNodes(world, request);
  const help = helpOf(free, request);
  const wanted = new Set(request.nodes);
  if (wanted.size === 0) return [{ message: 'the pool needs nodes; name them with --nodes a,b,c', ...help }];
  if (wanted.size > MAX_NODES)
    return [{ message: `--nodes names ${wanted.size} nodes, but a pool can have at most ${MAX_NODES}` }];
  const refusals: Refusal[] = [];
  if (wanted.delete('')) refusals.push({ message: '--nodes contains an empty name' });
  const twice = [...wanted].filter((name) => request.nodes.filter((each) => each === name).length > 1);
  if (twice.length > 0) refusals.push({ message: `--nodes names ${joined(twice)} more than once` });
  const named = new Map(known?.all.map((node) => [node.name, node]));
  const holdersOf = claimsByNode(world, request);
  const hostnames: string[] = [];
  const notes: string[] = [];
  for (const name of wanted) {
    const node = known === undefined ? expectedNode(name) : named.get(name);
    if (node === undefined) {
      refusals.push(notFound(name, known, free));
      continue;
    }
    const holders = holdersOf(node);
    if (holders.length > 0)
      refusals.push({ message: `node ${JSON.stringify(name)} is claimed by ${joined(holders, 4)}` });
    if (!isWorker(node)) notes.push(`node ${name} belongs to the control plane`);
    hostnames.push(node.labels[HOSTNAME_LABEL] ?? node.name);
  }
  if (known === undefined)
    notes.push(
      'the node names were not checked, because no nodes are known; list them as nodes in iomesh-guard.yaml',
    );
  const short = tooFew(request, wanted.size);
  if (short !== undefined) refusals.push({ message: short });
  // The free nodes are listed once, at the end.
  const last = refusals.pop();
  return last === undefined ? { hostnames, notes } : [...refusals, { ...help, ...last }];
}

/** Worker nodes that no cluster and no other configured pool claims; undefined if nodes are not known. */
function freeNodes(world: World, request: PoolRequest): readonly string[] | undefined {
  const reserved = otherPools(world, request);
  return nodesToOffer(world)
    ?.filter((node) => !reserved.some(({ selection }) => matches(selection, node)))
    .map(({ name }) => name)
    .sort(compareNames);
}

function helpOf(free: readonly string[] | undefined, { nodes }: PoolRequest): { help?: string } {
  if (free === undefined) return {};
  const others = free.filter((each) => !nodes.includes(each));
  const none = free.length === 0 ? 'no node is free' : 'no other node is free';
  return { help: others.length === 0 ? none : `free nodes: ${listed(others)}` };
}

/** In the syntax of `--nodes`, with the number of those left out. */
function listed(names: readonly string[]): string {
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  return `${names.slice(0, MAX_NAMED).join(',')}${more}`;
}

/** An unknown node as its kubelet would label it; undefined if no node can have the name. */
function expectedNode(name: string): KnownNode | undefined {
  return isDnsSubdomain(name) && name.length <= MAX_LABEL
    ? { name, labels: { [HOSTNAME_LABEL]: name } }
    : undefined;
}

function notFound(name: string, known: KnownNodes | undefined, free: readonly string[] | undefined): Refusal {
  const shown = JSON.stringify(name.slice(0, 253));
  if (known === undefined) return { message: `${shown} is not a valid node name` };
  const near = known.similar(name);
  if (near === undefined) return { message: `node ${shown} not found` };
  const remark = free?.includes(near) ? '' : ' (not free)';
  return { message: `node ${shown} not found; did you mean ${near}${remark}?` };
}

function tooFew({ metaReplicas, chunkReplicas = 3 }: PoolRequest, nodes: number): string | undefined {
  const wanted = [
    [metaReplicas, 'meta'],
    [chunkReplicas, 'chunk'],
    [ZOOKEEPER_REPLICAS, 'ZooKeeper'],
  ] as const;
  const most = Math.max(...wanted.map(([replicas]) => replicas));
  if (nodes >= most) return undefined;
  const pods = joined(wanted.map(([replicas, what]) => `${replicas} ${what}`));
  return `${pods} pods need ${most} nodes, as a node runs at most one pod of each component, but --nodes names ${nodes}`;
}

/** For a node, every holder: the clusters with the components that claim it, then the configured pools. */
function claimsByNode(world: World, request: PoolRequest): (node: KnownNode) => readonly string[] {
  const known = knownNodes(world);
  // Without labels only names can be compared. Other conflicts appear when the finished pool is evaluated.
  const canDecide = (selection: Selection) => known?.canDecide(selection) ?? asksForNamesOnly(selection);
  const claims = placedObjects(world)
    .flatMap((resource) => claimsOf(world, resource))
    .filter(({ selection }) => canDecide(selection));
  const reserved = otherPools(world, request).filter(({ selection }) => canDecide(selection));
  return (node) => {
    const components = new Map<string, string[]>();
    for (const { cluster, placement, selection } of claims) {
      if (!matches(selection, node)) continue;
      const of = clusterText(cluster);
      components.set(of, [...(components.get(of) ?? []), placement.component]);
    }
    const holders = [...components].map(([cluster, names]) => `${cluster} (${names.join(', ')})`);
    for (const { cluster, selection } of reserved)
      if (!components.has(cluster) && matches(selection, node))
        holders.push(`${cluster} (a pool of the configuration)`);
    return holders.sort();
  };
}

/** The other pools of the configuration, with the nodes that it reserves for them. */
function otherPools(
  { config }: World,
  request: PoolRequest,
): readonly { readonly cluster: string; readonly selection: Selection }[] {
  const own = clusterText(requestedId(request));
  return Object.entries(config.pools).flatMap(([cluster, labels]) => {
    const selection = cluster === own ? undefined : labelSelection(labels);
    return selection === undefined ? [] : [{ cluster, selection }];
  });
}
