import type { Manifest } from '../../deploy/objects.ts';
import type { Api } from './api.ts';
import { expectOk } from './cluster.ts';
import type { RunningDeployment } from './running-deployment.ts';
import { pool } from './objects.ts';

/** The results of pairs of conflicting clusters. */
export interface Tally {
  pairs: number;
  both: number;
  one: number;
  neither: number;
  /** Pairs whose two requests were evaluated by different replicas. */
  apart: number;
  /** The messages of rejected clusters, with their number. */
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
 * Applies pairs of clusters on the same three nodes, both of a pair at the same time, several pairs
 * concurrently, until there are `count` pairs or the time `until` (milliseconds since 1970). Nodes are numbered
 * from `first`. The stored objects are read from the apiserver afterwards.
 */
export async function applyPairs(
  deployment: RunningDeployment,
  count: number,
  { concurrency = 4, first = 0, until = Number.POSITIVE_INFINITY } = {},
): Promise<Tally> {
  const { api } = deployment.plane;
  const tally: Tally = { pairs: 0, both: 0, one: 0, neither: 0, apart: 0, reasons: new Map() };
  const marks = deployment.replicas.map(({ lines }) => lines.length);
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
  await Promise.all(Array.from({ length: concurrency }, worker));
  const { body } = await api.call('GET', '/apis/iomesh.com/v1alpha1/iomeshclusters');
  const stored = new Set((body.items as Manifest[]).map(({ metadata }) => metadata.namespace as string));
  const evaluators = evaluatorsOf(deployment, marks);
  for (let pair = 0; pair < tally.pairs; pair++) {
    const there = SIDES.filter((side) => stored.has(`${side}-${pair}`)).length;
    tally[there === 2 ? 'both' : there === 1 ? 'one' : 'neither'] += 1;
    const [left, right] = SIDES.map((side) => evaluators.get(`${side}-${pair}`));
    if (left !== undefined && right !== undefined && left !== right) tally.apart += 1;
  }
  return tally;
}

/** Deletes the clusters of all pairs, as the namespace controller. */
export async function removePairs({ cluster }: RunningDeployment, count: number): Promise<void> {
  const controller = '--as=system:serviceaccount:kube-system:namespace-controller';
  for (const side of SIDES) {
    const places = Array.from({ length: count }, (_, pair) => `${side}-${pair}`);
    const input = places.map((name) => `---\n${JSON.stringify(reference(name))}\n`).join('');
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
export function formatTally({ pairs, both, one, neither, apart }: Tally): string {
  return `${pairs} pairs (${apart} evaluated by two replicas): ${both} both stored, ${one} one, ${neither} neither`;
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

/** The codes of the violated rules, or the rest of the message. */
function reasonIn(message: string): string {
  const codes = [...new Set(message.match(/IOM\d{3}/g))].sort();
  return codes.length > 0
    ? codes.join(' ')
    : (/cannot verify: .*/.exec(message)?.[0] ?? message.replace(/Post "[^"]*": /, '')).slice(0, 200);
}

/** The replica that last validated the cluster of a namespace, from the logs. */
function evaluatorsOf(deployment: RunningDeployment, marks: readonly number[]): ReadonlyMap<string, number> {
  const evaluators = new Map<string, number>();
  for (const [index, { lines }] of deployment.replicas.entries())
    for (const line of lines.slice(marks[index]))
      if (line['msg'] === 'decision' && line['webhook'] === 'validating')
        evaluators.set(String(line['namespace']), index);
  return evaluators;
}
