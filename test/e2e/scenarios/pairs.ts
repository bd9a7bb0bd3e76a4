import type { Manifest } from '../../deploy/objects.ts';
import type { Api } from '../support/api.ts';
import { expectOk } from '../support/cluster.ts';
import type { Fleet } from './fleet.ts';
import { pool } from './objects.ts';

/** What became of pairs of clusters that conflict. */
export interface Tally {
  pairs: number;
  both: number;
  one: number;
  neither: number;
  /** Pairs whose two requests were judged by different replicas. */
  apart: number;
  /** What those were told that did not get in, and how often. */
  readonly reasons: Map<string, number>;
}

const SIDES = ['left', 'right'] as const;

/** The namespaces that {@link applyPairs} needs for pairs 0 to `count`. */
export function pairNamespaces(count: number): Manifest[] {
  return Array.from({ length: count }, (_, pair) => SIDES.map((side) => `${side}-${pair}`))
    .flat()
    .map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
}

/**
 * Applies pairs of clusters that claim the same three nodes, both of a pair at the same moment, several
 * pairs at once, until there are `count` or `until` (milliseconds since 1970) has come. Nodes are numbered from
 * `first`. What is stored is read
 * from the apiserver afterwards, whatever was answered.
 */
export async function applyPairs(
  fleet: Fleet,
  count: number,
  { atOnce = 4, first = 0, until = Number.POSITIVE_INFINITY } = {},
): Promise<Tally> {
  const { api } = fleet.plane;
  const tally: Tally = { pairs: 0, both: 0, one: 0, neither: 0, apart: 0, reasons: new Map() };
  const marks = fleet.replicas.map(({ lines }) => lines.length);
  const worker = async () => {
    while (tally.pairs < count && Date.now() < until) {
      const pair = tally.pairs++;
      await Promise.all(
        SIDES.map(async (side) => {
          const { status, message } = await create(api, `${side}-${pair}`, first + pair);
          if (status !== 201) tally.reasons.set(message, (tally.reasons.get(message) ?? 0) + 1);
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const { body } = await api.call('GET', '/apis/iomesh.com/v1alpha1/iomeshclusters');
  const stored = new Set((body.items as Manifest[]).map(({ metadata }) => metadata.namespace as string));
  const judges = judgesOf(fleet, marks);
  for (let pair = 0; pair < tally.pairs; pair++) {
    const there = SIDES.filter((side) => stored.has(`${side}-${pair}`)).length;
    tally[there === 2 ? 'both' : there === 1 ? 'one' : 'neither'] += 1;
    const [left, right] = SIDES.map((side) => judges.get(`${side}-${pair}`));
    if (left !== undefined && right !== undefined && left !== right) tally.apart += 1;
  }
  return tally;
}

/** Takes the clusters of all pairs away again, as one who is not asked why. */
export async function removePairs({ cluster }: Fleet, count: number): Promise<void> {
  const controller = '--as=system:serviceaccount:kube-system:namespace-controller';
  for (const side of SIDES) {
    const places = Array.from({ length: count }, (_, pair) => `${side}-${pair}`);
    const input = places.map((name) => JSON.stringify(reference(name))).join('\n---\n');
    expectOk(
      await cluster.kubectl(['delete', '--ignore-not-found', '--wait=false', controller, '-f', '-'], input),
    );
  }
}

function reference(name: string): Manifest {
  const { apiVersion, kind } = pool().cluster;
  return { apiVersion, kind, metadata: { name, namespace: name } };
}

/** A tally in a line. */
export function told({ pairs, both, one, neither, apart }: Tally): string {
  return `${pairs} pairs (${apart} judged by two replicas): ${both} both stored, ${one} one, ${neither} neither`;
}

async function create(api: Api, name: string, pair: number): Promise<{ status: number; message: string }> {
  const text = JSON.stringify(pool().cluster)
    .replaceAll('iomesh-cluster-1', name)
    .replace(/k8s-worker-(\d)/g, `pair-${pair}-$1`);
  const path = `/apis/iomesh.com/v1alpha1/namespaces/${name}/iomeshclusters`;
  try {
    const { status, body } = await api.call('POST', path, JSON.parse(text));
    return { status, message: reasonIn(String(body.message ?? '')) };
  } catch (error) {
    return { status: 0, message: (error as Error).message };
  }
}

/** The rules that were broken, or what else was said, without names. */
function reasonIn(message: string): string {
  const codes = [...new Set(message.match(/IOM\d{3}/g))].sort();
  return codes.length > 0
    ? codes.join(' ')
    : (/cannot verify: .*/.exec(message)?.[0] ?? message).slice(0, 200);
}

/** Which replica validated the cluster of a namespace last, by what they logged. */
function judgesOf(fleet: Fleet, marks: readonly number[]): ReadonlyMap<string, number> {
  const judges = new Map<string, number>();
  for (const [index, { lines }] of fleet.replicas.entries())
    for (const line of lines.slice(marks[index]))
      if (line['msg'] === 'decision' && line['webhook'] === 'validating')
        judges.set(String(line['namespace']), index);
  return judges;
}
