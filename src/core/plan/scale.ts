import { applyEdits } from '../base/edits.ts';
import { asString, at, type JsonObject } from '../base/json.ts';
import { describe, displayName, type Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import { plural } from '../base/text.ts';
import { clusterText, objectsOf } from '../iomesh/cluster.ts';
import { podLimit } from '../iomesh/pod-limit.ts';
import { effectiveReplicas, replicaFields, type ReplicatedComponent } from '../iomesh/replicas.ts';
import type { World } from '../world.ts';
import { findCluster, idOf, releaseThatInstalled, VENDOR_CHART } from './clusters.ts';
import { canBeStored, helm, kubectl, objectWords, type ShellCommand } from './shell.ts';
import { deniedSentences, StepWriter } from './steps.ts';
import type { OperationPlan, PlanRefusal } from './types.ts';

/** The number of replicas that a component is to have. */
export interface ScaleTarget {
  readonly component: ReplicatedComponent;
  readonly replicas: number;
}

/** More steps than any cluster has replicas: beyond that the number in the object is wrong. */
const MAX_STEPS = 300;

/** The plan to scale a cluster, component by component and one replica at a time. */
export function scalePlan(
  world: World,
  name: string,
  targets: readonly ScaleTarget[],
): OperationPlan | PlanRefusal {
  const cluster = findCluster(world, name);
  if ('message' in cluster) return cluster;
  const id = idOf(cluster);
  const writer = new StepWriter(world);
  const unknown: string[] = [];
  const reached: string[] = [];
  const stops: string[] = [];
  for (const { component, replicas } of targets) {
    const { zookeeper } = objectsOf(world, id);
    const subject: Resource | undefined = component === 'zookeeper' ? zookeeper : cluster;
    if (subject === undefined || !canBeStored(subject.ref))
      return {
        message: `the ZookeeperCluster of ${clusterText(id)} is not in the input`,
        hint: 'add its file, or read the running cluster with --context',
      };
    const path = replicaFields(subject).find(([each]) => each === component)?.[1];
    const from = path && effectiveReplicas(world, subject, component, path);
    if (path === undefined || from === undefined)
      return {
        message: `the number of ${component} replicas of ${displayName(subject.ref)} is not known`,
        hint: 'iomesh-guard lint names the error in the file',
      };
    reached.push(
      from === replicas
        ? `${component}: ${from} replicas already`
        : `${component}: ${from} → ${replicas} replicas`,
    );
    if (from !== replicas && at(subject.json, ['status', 'readyReplicas']) === undefined)
      unknown.push(
        `whether all pods of ${describe(subject.ref)} are ready: the input has no status.readyReplicas`,
      );
    if (Math.abs(from - replicas) > MAX_STEPS)
      return {
        message: `${describe(subject.ref)} has ${from} ${component} replicas, more than ${MAX_STEPS} steps from ${replicas}`,
        hint: 'a cluster has at most some hundred; iomesh-guard lint checks the number in the object',
      };
    const limit = podLimit(world, subject, component);
    if (subject === cluster && limit !== undefined && replicas > limit.most)
      stops.push(
        `${component}: ${replicas} replicas, but ${limit.reason}${limit.remedy === undefined ? '' : `; ${limit.remedy}`}`,
      );
    for (const next of stepsBetween(component, from, replicas))
      addStep(writer, { component, subject, path, next, lower: replicas < from }, unknown);
  }
  return {
    operation: 'scale',
    cluster: clusterText(id),
    target: reached,
    steps: writer.steps,
    lost: { count: 0, bound: 0, names: [] },
    unknown: [...new Set(unknown)],
    stops: [...stops, ...deniedSentences(writer.steps)],
  };
}

/** Every number on the way. ZooKeeper goes by two, because an even number is an error. */
function stepsBetween(component: ReplicatedComponent, from: number, to: number): number[] {
  const step = (component === 'zookeeper' ? 2 : 1) * Math.sign(to - from);
  if (step === 0) return [];
  const numbers: number[] = [];
  for (let each = from + step; step > 0 ? each < to : each > to; each += step) numbers.push(each);
  return [...numbers, to];
}

interface ScaleStep {
  readonly component: ReplicatedComponent;
  readonly subject: Resource;
  readonly path: Path;
  readonly next: number;
  readonly lower: boolean;
}

function addStep(writer: StepWriter, step: ScaleStep, unknown: string[]): void {
  const { component, subject, path, next, lower } = step;
  const before = writer.world.getByKey(subject.key) ?? subject;
  const after: Resource = { ...before, json: applyEdits(before.json, [{ op: 'add', path, value: next }]) };
  // Before a step that is denied, nothing is unregistered.
  if (component === 'chunk' && lower && !writer.denies({ before, after }))
    unregisterChunk(writer, subject, next, unknown);
  writer.add({
    title: `set ${component} of ${describe(subject.ref)} to ${next} ${plural(next, 'replica')}`,
    command: scaleCommand(step, unknown),
    wait: readyWait(step),
    changes: [{ before, after }],
  });
}

/** The pods are removed in reverse order of their numbers, so the last one is pod `next`. */
function unregisterChunk(writer: StepWriter, cluster: Resource, next: number, unknown: string[]): void {
  const { ref } = cluster;
  const [pod, namespace] = [`${ref.name}-chunk-${next}`, ref.namespace ?? ''];
  const chunks = kubectl('get', ...objectWords(ref), '-o', 'jsonpath={.status.summary.chunkSummary.chunks}');
  unknown.push(
    'the IDs of the chunks: each is found in a step of its own; replace CHUNK_ID',
    'the container of the meta pods: the guide names iomesh-meta',
  );
  const network = asString(at(cluster.json, ['spec', 'chunk', 'dataCIDR']));
  writer.add({
    title: `find the chunk of pod ${pod}: on its node, ip address prints the address in the data network${network === undefined ? '' : ` ${network}`}; CHUNK_ID is the id with that address`,
    command: kubectl('get', 'pod', pod, '-n', namespace, '-o', 'wide'),
    wait: { until: 'the id is found in status.summary.chunkSummary.chunks', check: chunks },
  });
  const leader = kubectl(
    'get',
    'pod',
    '-n',
    namespace,
    '-l',
    'iomesh.com/meta-leader',
    '-o',
    'jsonpath={.items[0].metadata.name}',
  );
  writer.add({
    title: `unregister the chunk of pod ${pod}, which moves its data and takes minutes to hours`,
    command: kubectl(
      'exec',
      '-n',
      namespace,
      leader,
      '-c',
      'iomesh-meta',
      '--',
      '/opt/iomesh/iomeshctl',
      'chunk',
      'unregister',
      'CHUNK_ID',
    ),
    wait: { until: 'chunk unregister is done and the status lists CHUNK_ID no more', check: chunks },
  });
}

/** Helm sets the number back in its next upgrade, so a cluster that it installed is changed by Helm. */
function scaleCommand({ component, subject, path, next }: ScaleStep, unknown: string[]): ShellCommand {
  const release = releaseThatInstalled(subject);
  if (release === undefined)
    return kubectl('patch', ...objectWords(subject.ref), '--type=merge', '-p', mergePatch([[path, next]]));
  if (release.chartVersion === undefined)
    unknown.push('the version of the installed chart: helm list shows it; replace CHART_VERSION');
  const value = component === 'zookeeper' ? 'zookeeper.replicas' : `${component}.replicaCount`;
  return helm(
    'upgrade',
    release.name,
    VENDOR_CHART,
    '-n',
    release.namespace,
    '--version',
    release.chartVersion ?? 'CHART_VERSION',
    '--reuse-values',
    '--set',
    `iomesh.${value}=${next}`,
  );
}

/** A merge patch that sets fields. */
export function mergePatch(fields: readonly (readonly [Path, string | number])[]): string {
  const patch = fields.reduce<JsonObject>(
    (json, [path, value]) => applyEdits(json, [{ op: 'add', path, value }]),
    {},
  );
  return JSON.stringify(patch);
}

function readyWait({ component, subject, next, lower }: ScaleStep) {
  const field = component === 'zookeeper' ? 'status.readyReplicas' : `${component} in status.readyReplicas`;
  return {
    until: `${field} is ${next}${lower ? '' : ', so that the new pod has joined'}`,
    check: kubectl('get', ...objectWords(subject.ref), '-o', 'jsonpath={.status.readyReplicas}'),
  };
}
