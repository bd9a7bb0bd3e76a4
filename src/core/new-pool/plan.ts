/**
 * Another pool for a world: every object it needs, after the management cluster's own, and judged together
 * with all that is there before anybody sees it.
 */
import { clusterNameError } from '../iomesh/cluster-name.ts';
import { judgeBrought } from '../judge/introduced.ts';
import { clusterText, objectsOf, zookeeperName } from '../iomesh/cluster.ts';
import { mutate } from '../defaults/mutate.ts';
import type { Finding } from '../finding.ts';
import type { JsonObject } from '../base/json.ts';
import { type Judgement, judge } from '../judge/judge.ts';
import { describe, displayName, type Kind, type Resource, toResource } from '../base/model.ts';
import { readCidr } from '../iomesh/cidr.ts';
import { isDnsLabel, MAX_LABEL } from '../base/names.ts';
import { joined, quoted } from '../base/text.ts';
import { World } from '../world.ts';
import { type PoolModel, poolModel } from './model.ts';
import { chooseNodes } from './nodes.ts';
import {
  chunkReplicas,
  clusterOfPool,
  connectionOf,
  type Draft,
  namespaceOf,
  storageClassOf,
  zookeeperOf,
} from './objects.ts';
import { connectionName, type PoolRequest, type Refusal, ZOOKEEPER_REPLICAS } from './request.ts';

export interface PoolPlan {
  /** In the order to apply them: nothing names what comes later, but for the namespace. */
  readonly objects: readonly Resource[];
  readonly model: PoolModel;
  readonly replicas: { readonly meta: number; readonly chunk: number; readonly zookeeper: number };
  readonly notes: readonly string[];
}

/** The plan of a pool, or everything that speaks against it. The world's own faults of text must have been looked at. */
export function planPool(world: World, request: PoolRequest): PoolPlan | readonly Refusal[] {
  const names = nameRefusals(world, request);
  const model = poolModel(world);
  const nodes = chooseNodes(world, request);
  const refusals = [...names, ...(isRefused(model) ? model : []), ...(isRefused(nodes) ? nodes : [])];
  if (refusals.length > 0 || isRefused(model) || isRefused(nodes)) return refusals;
  const draft: Draft = { request, model, hostnames: nodes.hostnames };
  const before = withoutText(world);
  const objects = objectsOfPool(draft, before);
  const { findings } = judgePool(before, objects);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return errors.map((finding) => asRefusal(finding, objects));
  return {
    objects,
    model,
    replicas: { meta: request.metaReplicas, chunk: chunkReplicas(draft), zookeeper: ZOOKEEPER_REPLICAS },
    notes: [
      ...nodes.notes,
      ...(objects.some(({ kind }) => kind === 'Namespace')
        ? []
        : [`namespace ${request.namespace} is there already and is not written again`]),
      ...ownFaults(before, model),
      ...findings.map((finding) => `${finding.code} ${finding.name}: ${finding.message}`),
    ],
  };
}

function isRefused<T>(value: T | readonly Refusal[]): value is readonly Refusal[] {
  return Array.isArray(value);
}

function nameRefusals(world: World, request: PoolRequest): Refusal[] {
  const { name, namespace, dataCidr } = request;
  const refusals: Refusal[] = [];
  const wrong = clusterNameError(name);
  if (wrong !== undefined) refusals.push(wrong);
  const named = wrong === undefined || namespace !== name;
  if (named && !isDnsLabel(namespace))
    refusals.push({
      message: `${quoted(namespace)} cannot be the name of a namespace`,
      help: `lower-case letters, digits and hyphens, at most ${MAX_LABEL} characters`,
    });
  if (dataCidr !== undefined) {
    const reading = readCidr(dataCidr);
    if (!reading.ok || reading.cidr.hostBits)
      refusals.push({ message: `--data-cidr ${quoted(dataCidr)} is no network, such as 10.234.2.0/24` });
  }
  const taken: readonly (readonly [Kind, string])[] = [
    ['IOMeshCluster', name],
    ['ZookeeperCluster', zookeeperName(name)],
    ['ConfigMap', connectionName(request)],
    ['StorageClass', name],
  ];
  const there = taken.flatMap(([kind, each]) => world.get(kind, namespace, each) ?? []);
  if (there.length > 0)
    refusals.push({
      message: `${joined(there.map(({ ref }) => describe(ref)))} ${there.length === 1 ? 'is' : 'are'} there already`,
      help: 'choose another name',
    });
  const neighbour = world.inNamespace('IOMeshCluster', namespace).find(({ ref }) => ref.name !== name);
  if (neighbour !== undefined)
    refusals.push({
      message: `namespace ${namespace} holds IOMesh cluster ${displayName(neighbour.ref)} already, and can hold one only`,
      help: 'choose another --namespace',
    });
  return refusals;
}

/** The objects, with every default filled in that `mutate` would fill. */
function objectsOfPool(draft: Draft, before: World): readonly Resource[] {
  const { namespace } = draft.request;
  const drafts: (JsonObject | undefined)[] = [
    before.get('Namespace', undefined, namespace) === undefined ? namespaceOf(draft) : undefined,
    zookeeperOf(draft),
    clusterOfPool(draft),
    connectionOf(draft, before),
    storageClassOf(draft),
  ];
  let world = before;
  return drafts.flatMap((json) => {
    const resource = json && toResource(json);
    if (resource === undefined) return [];
    const filled = mutate(resource, world, 'CREATE').resource;
    world = world.with({ after: filled });
    return [filled];
  });
}

function judgePool(before: World, objects: readonly Resource[]): Judgement {
  const { config, today } = before;
  const resources = [...before.resources, ...objects];
  const own = new Set(objects);
  return judgeBrought(before, World.of({ resources, config, today }), (each) => own.has(each));
}

/** What is wrong with texts alone is nothing a pool brings. */
function withoutText(world: World): World {
  const { config, today } = world;
  return World.of({ resources: world.resources, config, today });
}

/** An error that the finished pool would have, or would bring upon another object. */
function asRefusal(finding: Finding, objects: readonly Resource[]): Refusal {
  const { resource, code, name, message, help } = finding;
  const own = resource !== undefined && objects.includes(resource);
  const where = resource === undefined || own ? '' : ` on ${describe(resource.ref)}`;
  return {
    message: `with this pool there would be ${code} ${name}${where}: ${message}`,
    ...(help && { help }),
  };
}

/** Errors that the management cluster has already: a pool taken after it may inherit them. */
function ownFaults(world: World, { id }: PoolModel): string[] {
  const { cluster, zookeeper } = objectsOf(world, id);
  const codes = judge(world)
    .findings.filter(
      ({ severity, resource }) => severity === 'error' && (resource === cluster || resource === zookeeper),
    )
    .map(({ code }) => code);
  return codes.length === 0
    ? []
    : [`the management cluster ${clusterText(id)} has errors of its own: ${joined([...new Set(codes)])}`];
}
