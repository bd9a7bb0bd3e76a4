/**
 * The plan of a new pool: every object that it needs, copied from the management cluster and checked together
 * with the existing objects.
 */
import { judgeIntroduced } from '../judge/introduced.ts';
import { clusterNameError } from '../iomesh/cluster-name.ts';
import {
  clusterCount,
  clusterText,
  type Component,
  COMPONENTS,
  objectsOf,
  zookeeperName,
} from '../iomesh/cluster.ts';
import { claimsNodes } from '../iomesh/placement.ts';
import { mutate } from '../defaults/mutate.ts';
import type { Finding } from '../finding.ts';
import type { JsonObject } from '../base/json.ts';
import { judge, type JudgeResult } from '../judge/judge.ts';
import { describe, displayName, type Kind, type Resource, toResource } from '../base/model.ts';
import { readCidr } from '../iomesh/cidr.ts';
import { isDnsLabel, MAX_LABEL } from '../base/names.ts';
import { joined, plural, quoted } from '../base/text.ts';
import { atLeast } from '../base/iomesh-version.ts';
import { formatPath } from '../base/path.ts';
import { imagesOf } from '../iomesh/images.ts';
import { World } from '../world.ts';
import { chooseNodes } from './nodes.ts';
import {
  chunkReplicas,
  poolConnection,
  poolIomeshCluster,
  poolNamespace,
  type PoolSettings,
  poolStorageClass,
  poolZookeeperCluster,
} from './objects.ts';
import { connectionName, type PoolRequest, type Refusal, ZOOKEEPER_REPLICAS } from './request.ts';
import { type PoolTemplate, poolTemplate } from './template.ts';

export interface PoolPlan {
  /** In the order in which they must be applied. */
  readonly objects: readonly Resource[];
  readonly template: PoolTemplate;
  /** The components that are placed on the nodes of the pool. */
  readonly placed: readonly Component[];
  readonly replicas: { readonly meta: number; readonly chunk: number; readonly zookeeper: number };
  readonly notes: readonly string[];
}

/**
 * The plan of a pool, or every reason against it. The caller must have handled the input errors of the world.
 */
export function planPool(world: World, request: PoolRequest): PoolPlan | readonly Refusal[] {
  const names = nameRefusals(world, request);
  const template = poolTemplate(world);
  const nodes = chooseNodes(world, request);
  const refusals = [...names, ...(isRefused(template) ? template : []), ...(isRefused(nodes) ? nodes : [])];
  if (refusals.length > 0 || isRefused(template) || isRefused(nodes)) return refusals;
  const placed = COMPONENTS.filter((component) => claimsNodes(world, component));
  const settings: PoolSettings = { request, template, placed, hostnames: nodes.hostnames };
  const before = withoutInputErrors(world);
  const objects = poolObjects(settings, before);
  const { findings } = judgePool(before, objects);
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return errors.map((finding) => asRefusal(finding, objects));
  return {
    objects,
    template,
    placed,
    replicas: { meta: request.metaReplicas, chunk: chunkReplicas(settings), zookeeper: ZOOKEEPER_REPLICAS },
    notes: [
      ...nodes.notes,
      ...(objects.some(({ kind }) => kind === 'Namespace')
        ? []
        : [`namespace ${request.namespace} already exists and is not written`]),
      ...secondClusterNote(before),
      ...unknownTags(template),
      ...templateErrors(before, template),
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
      message: `${quoted(namespace)} is not a valid name of a namespace`,
      help: `use lower-case letters, digits and hyphens, at most ${MAX_LABEL} characters`,
    });
  if (dataCidr !== undefined) {
    const reading = readCidr(dataCidr);
    if (!reading.ok || reading.cidr.hostBits)
      refusals.push({
        message: `--data-cidr ${quoted(dataCidr)} is not a network`,
        help: 'write it like 10.234.2.0/24',
      });
  }
  const taken: readonly (readonly [Kind, string])[] = [
    ['IOMeshCluster', name],
    ['ZookeeperCluster', zookeeperName(name)],
    ['ConfigMap', connectionName(request)],
    ['StorageClass', name],
  ];
  const existing = taken.flatMap(([kind, each]) => world.get(kind, namespace, each) ?? []);
  if (existing.length > 0)
    refusals.push({
      message: `${joined(existing.map(({ ref }) => describe(ref)))} already ${plural(existing.length, 'exists', 'exist')}`,
      help: 'choose another name',
    });
  const neighbour = world.inNamespace('IOMeshCluster', namespace).find(({ ref }) => ref.name !== name);
  if (neighbour !== undefined)
    refusals.push({
      message: `namespace ${namespace} already has IOMesh cluster ${displayName(neighbour.ref)} and can have only one`,
      help: 'choose another --namespace',
    });
  return refusals;
}

/** The objects, with the defaults that the webhook would fill. */
function poolObjects(settings: PoolSettings, before: World): readonly Resource[] {
  const { namespace } = settings.request;
  const written: (JsonObject | undefined)[] = [
    before.get('Namespace', undefined, namespace) === undefined ? poolNamespace(settings) : undefined,
    poolZookeeperCluster(settings),
    poolIomeshCluster(settings),
    poolConnection(settings, before),
    poolStorageClass(settings, before),
  ];
  let world = before;
  return written.flatMap((json) => {
    const resource = json && toResource(json);
    if (resource === undefined) return [];
    const filled = mutate(resource, world, 'CREATE').resource;
    world = world.with({ after: filled });
    return [filled];
  });
}

function judgePool(before: World, objects: readonly Resource[]): JudgeResult {
  const { config, today } = before;
  const resources = [...before.resources, ...objects];
  const own = new Set(objects);
  return judgeIntroduced(before, World.of({ resources, config, today }), (each) => own.has(each));
}

/** The objects alone: errors in the text of files are not the pool's. */
function withoutInputErrors(world: World): World {
  const { config, today } = world;
  return World.of({ resources: world.resources, config, today });
}

/** An error of the finished pool, or one that it introduces on another object. */
function asRefusal(finding: Finding, objects: readonly Resource[]): Refusal {
  const { resource, code, name, message, help } = finding;
  const own = resource !== undefined && objects.includes(resource);
  const where = resource === undefined || own ? '' : ` on ${describe(resource.ref)}`;
  return { message: `the pool would introduce ${code} ${name}${where}: ${message}`, help };
}

/**
 * A note that 1.2 excludes to go from one cluster to several. It is no error: the documented installation of
 * several clusters also creates the second one after the first.
 */
function secondClusterNote(world: World): string[] {
  return atLeast(world.iomeshVersion, '1.2') && clusterCount(world) === 1
    ? [
        'this is the second cluster: the vendor does not support going from one cluster of IOMesh 1.2 to several; install several clusters from the start',
      ]
    : [];
}

/** A note on image tags that the chart decides, so that Helm values do not tell them. */
function unknownTags({ cluster, zookeeper, version }: PoolTemplate): string[] {
  // From 1.1 on the operator chooses the tags of an IOMeshCluster.
  const objects = atLeast(version, '1.1') ? [zookeeper] : [cluster, zookeeper];
  const images = objects.flatMap((object) =>
    imagesOf(object).filter(({ path }) => {
      const tag = formatPath([...path, 'tag']);
      return object.unknown?.some((each) => formatPath(each) === tag) === true;
    }),
  );
  return images.length === 0
    ? []
    : [
        `the Helm values do not set the image ${plural(images.length, 'tag')} of ${joined(images.map(({ component }) => component))}: before you apply the pool, set ${plural(images.length, 'it', 'them')} as the management cluster has ${plural(images.length, 'it', 'them')}`,
      ];
}

/** A note on errors of the management cluster, which the pool may copy. */
function templateErrors(world: World, { id }: PoolTemplate): string[] {
  const { cluster, zookeeper } = objectsOf(world, id);
  const codes = judge(world)
    .findings.filter(
      ({ severity, resource }) => severity === 'error' && (resource === cluster || resource === zookeeper),
    )
    .map(({ code }) => code);
  return codes.length === 0
    ? []
    : [
        `management cluster ${clusterText(id)} already has errors, which the pool may copy: ${joined([...new Set(codes)])}`,
      ];
}
