/** Which nodes a new pool may have: known ones that nobody claims. */
import { type NodeClaim, claimsOf, unclaimedNodes } from '../iomesh/node-claims.ts';
import { clusterText } from '../iomesh/cluster.ts';
import { isWorker, type KnownNodes, knownNodes } from '../iomesh/nodes.ts';
import {
  HOSTNAME_LABEL,
  type KnownNode,
  matches,
  NAME_FIELD,
  type Requirement,
  type Selection,
} from '../node-selector/index.ts';
import { isDnsSubdomain, MAX_LABEL } from '../base/names.ts';
import { joined } from '../base/text.ts';
import type { World } from '../world.ts';
import { idOf, type PoolRequest, type Refusal, ZOOKEEPER_REPLICAS } from './request.ts';

/** More nodes than any IOMesh cluster has. */
const MAX_NODES = 1000;
const MAX_NAMED = 12;

export interface ChosenNodes {
  /** What their host name label says. */
  readonly hostnames: readonly string[];
  readonly notes: readonly string[];
}

/** The nodes asked for, or everything that speaks against them, each with who has them. */
export function chooseNodes(world: World, request: PoolRequest): ChosenNodes | readonly Refusal[] {
  const known = knownNodes(world);
  const free = freeNodes(world, request);
  const help = helpOf(free, request);
  const wanted = new Set(request.nodes);
  if (wanted.size === 0) return [{ message: 'the pool needs nodes: name them with --nodes a,b,c', ...help }];
  if (wanted.size > MAX_NODES) return [{ message: `${wanted.size} nodes are more than a pool can have` }];
  const refusals: Refusal[] = [];
  if (wanted.delete('')) refusals.push({ message: 'a node in --nodes has no name' });
  const twice = [...wanted].filter((name) => request.nodes.filter((each) => each === name).length > 1);
  if (twice.length > 0) refusals.push({ message: `--nodes names ${joined(twice)} more than once` });
  const named = new Map(known?.all.map((node) => [node.name, node]));
  const holdersOf = claimsByNode(world, request);
  const hostnames: string[] = [];
  const notes: string[] = [];
  for (const name of wanted) {
    const node = known === undefined ? presumed(name) : named.get(name);
    if (node === undefined) {
      refusals.push(unknown(name, known, free));
      continue;
    }
    const holders = holdersOf(node);
    if (holders.length > 0)
      refusals.push({ message: `node ${JSON.stringify(name)} is taken: ${joined(holders, 4)}` });
    if (!isWorker(node)) notes.push(`${name} is a node of the control plane`);
    hostnames.push(node.labels[HOSTNAME_LABEL] ?? node.name);
  }
  if (known === undefined)
    notes.push(
      'nobody said which nodes there are, so their names were not checked: list them as nodes in iomesh-guard.yaml',
    );
  const short = refusals.length === 0 ? tooFew(request, hostnames.length) : undefined;
  if (short !== undefined) refusals.push({ message: short });
  // What is free is said once, at the end.
  const last = refusals.pop();
  return last === undefined ? { hostnames, notes } : [...refusals, { ...help, ...last }];
}

/** Worker nodes that no cluster and no other pool of the configuration claims; undefined where nodes are not known. */
export function freeNodes(world: World, request: PoolRequest): readonly string[] | undefined {
  const reserved = reservations(world, request);
  return unclaimedNodes(world)
    ?.filter((node) => !reserved.some(({ selection }) => matches(selection, node)))
    .map(({ name }) => name)
    .sort(byNumber);
}

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true }) || (a < b ? -1 : 1);
}

function helpOf(free: readonly string[] | undefined, { nodes }: PoolRequest): { help?: string } {
  if (free === undefined) return {};
  const others = free.filter((each) => !nodes.includes(each));
  const none = free.length === 0 ? 'no node is free' : 'no other node is free';
  return { help: others.length === 0 ? none : `free: ${listed(others)}` };
}

/** As `--nodes` takes them, and how many more. */
function listed(names: readonly string[]): string {
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  return `${names.slice(0, MAX_NAMED).join(',')}${more}`;
}

/** A node nobody has told of, as its kubelet would label it; undefined where none can be called so. */
function presumed(name: string): KnownNode | undefined {
  return isDnsSubdomain(name) && name.length <= MAX_LABEL
    ? { name, labels: { [HOSTNAME_LABEL]: name } }
    : undefined;
}

function unknown(name: string, known: KnownNodes | undefined, free: readonly string[] | undefined): Refusal {
  const shown = JSON.stringify(name.slice(0, 253));
  if (known === undefined) return { message: `${shown} cannot be the name of a node` };
  const near = known.similar(name);
  const meant =
    near === undefined ? '' : `; did you mean ${near}${free?.includes(near) ? '' : ', which is taken'}?`;
  return { message: `there is no node ${shown}${meant}` };
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
  return `${pods} pods need ${most} nodes, one of each kind a node; --nodes names ${nodes}`;
}

interface Reservation {
  readonly cluster: string;
  readonly selection: Selection;
}

/** Who has a node: clusters with the components that claim it, and pools of the configuration. */
function claimsByNode(world: World, request: PoolRequest): (node: KnownNode) => readonly string[] {
  const known = knownNodes(world);
  const claims: NodeClaim[] = [];
  for (const kind of ['IOMeshCluster', 'ZookeeperCluster'] as const)
    for (const resource of world.all(kind)) claims.push(...claimsOf(world, resource));
  const reserved = reservations(world, request);
  return (node) => {
    const components = new Map<string, string[]>();
    for (const { cluster, placement, selection } of claims) {
      if (!decides(known, selection) || !matches(selection, node)) continue;
      const of = clusterText(cluster);
      components.set(of, [...(components.get(of) ?? []), placement.component]);
    }
    const holders = [...components].map(([cluster, names]) => `${cluster} (${names.join(', ')})`);
    for (const { cluster, selection } of reserved)
      if (!components.has(cluster) && decides(known, selection) && matches(selection, node))
        holders.push(`${cluster} (a pool of the configuration)`);
    return holders.sort();
  };
}

/** Where labels are not known, only names can tell; what remains open is judged with the finished pool. */
function decides(known: KnownNodes | undefined, selection: Selection): boolean {
  if (known !== undefined) return known.decide(selection);
  return selection.terms.every(({ requirements }) =>
    requirements.every(({ kind, key }) => key === (kind === 'field' ? NAME_FIELD : HOSTNAME_LABEL)),
  );
}

/** What the configuration keeps for other clusters. */
function reservations({ config }: World, request: PoolRequest): Reservation[] {
  const own = clusterText(idOf(request));
  return Object.entries(config.pools).flatMap(([cluster, labels]) => {
    const requirements = Object.entries(labels).map(
      ([key, values]): Requirement => ({ kind: 'label', key, operator: 'In', values, path: [] }),
    );
    return cluster === own || requirements.length === 0
      ? []
      : [{ cluster, selection: { terms: [{ requirements, path: [] }] } }];
  });
}
