import type { Config } from '../base/config.ts';
import { atLeast, type IomeshVersion } from '../base/iomesh-version.ts';
import { type ClusterId, clusterText } from './cluster.ts';
import { readString } from '../schema/read-field.ts';
import { asString, at, own } from '../base/json.ts';
import { isDnsLabel, isDnsSubdomain } from '../base/names.ts';
import type { ObjectRef, Resource } from '../base/model.ts';
import type { ObjectIndex } from '../base/objects.ts';
import type { World } from '../world.ts';

/** The `<namespace>/<name>` references among a class's parameters. Only IOMesh has them. */
export const CLASS_REFERENCES = ['clusterConnection', 'iomeshCluster'] as const;
export type ReferenceParameter = (typeof CLASS_REFERENCES)[number];

/** True for a class that has a reference of IOMesh, whatever its provisioner. */
export function referencesIomesh({ json }: Pick<Resource, 'json'>): boolean {
  return CLASS_REFERENCES.some((name) => at(json, ['parameters', name]) !== undefined);
}

/** True for a StorageClass of the configured CSI driver, which serves every IOMesh cluster. */
export function isIomeshClass(resource: Resource, { provisioner }: Pick<Config, 'provisioner'>): boolean {
  return resource.kind === 'StorageClass' && own(resource.json, 'provisioner') === provisioner;
}

/** A parameter of a class, if it is a string. */
export function parameter(resource: Resource, name: string): string | undefined {
  return asString(at(resource.json, ['parameters', name]));
}

/** Reads `<namespace>/<name>`: both DNS names, one slash. Undefined for anything else. */
export function parseReference(text: string): ClusterId | undefined {
  const [namespace = '', name = '', ...rest] = text.split('/', 3);
  return rest.length === 0 && isDnsLabel(namespace) && isDnsSubdomain(name) ? { namespace, name } : undefined;
}

/** One reference of a class. `invalid`: a schema error, which is already reported. */
export type Reference =
  | { readonly state: 'absent' | 'invalid' }
  | { readonly state: 'malformed'; readonly text: string }
  | { readonly state: 'present'; readonly text: string; readonly id: ClusterId };

/** Reads a reference of a class. */
export function readReference(world: World, resource: Resource, name: ReferenceParameter): Reference {
  const field = readString(world, resource, ['parameters', name]);
  if (field.state !== 'present') return { state: field.state };
  const id = parseReference(field.value);
  return id === undefined
    ? { state: 'malformed', text: field.value }
    : { state: 'present', text: field.value, id };
}

/** The references that a class of an IOMesh version has: 1.2 has no connection ConfigMaps. */
export function referenceParameters(version: IomeshVersion): readonly ReferenceParameter[] {
  return atLeast(version, '1.1') ? ['iomeshCluster'] : CLASS_REFERENCES;
}

/**
 * The class that the vendor's chart creates by default. The management cluster serves it. The guides of 1.1 and
 * later use it for that cluster; the guide of 1.0 says not to use it if there are several.
 */
export const DEFAULT_CLASS = 'iomesh-csi-driver';

/** True if `iomesh` is a word of the name of a class. */
export function hasWordIomesh(name: string): boolean {
  return /(^|[-.])iomesh([-.]|$)/i.test(name);
}

/** `namespace/name` of every ConfigMap that the classes of IOMesh among some objects refer to. */
export function connectionsNamedBy(
  classes: Iterable<Resource>,
  config: Pick<Config, 'provisioner'>,
): ReadonlySet<string> {
  const names = new Set<string>();
  for (const each of classes) {
    const name = isIomeshClass(each, config) ? parameter(each, 'clusterConnection') : undefined;
    if (name !== undefined) names.add(name);
  }
  return names;
}

/** True for the class that the vendor's chart creates, also under another name. */
export function isChartClass(world: World, storageClass: Resource): boolean {
  if (storageClass.ref.name === DEFAULT_CLASS) return true;
  const { namespace } = world.config.managementCluster;
  return at(storageClass.json, ['metadata', 'annotations', 'meta.helm.sh/release-namespace']) === namespace;
}

function byParameter(name: ReferenceParameter): ObjectIndex {
  return {
    kind: 'StorageClass',
    keys: (resource) => {
      const value = parameter(resource, name);
      const reference = value === undefined ? undefined : parseReference(value);
      return reference === undefined ? [] : [clusterText(reference)];
    },
  };
}

const BY_CONNECTION = byParameter('clusterConnection');
const BY_CLUSTER = byParameter('iomeshCluster');

/** The classes whose clusterConnection names the ConfigMap. */
export function classesOfConnection(world: World, connection: ObjectRef): readonly Resource[] {
  return ofIomesh(world, world.find(BY_CONNECTION, `${connection.namespace ?? ''}/${connection.name}`));
}

/** The classes whose iomeshCluster names the cluster. */
export function classesOfCluster(world: World, id: ClusterId): readonly Resource[] {
  return ofIomesh(world, world.find(BY_CLUSTER, clusterText(id)));
}

function ofIomesh(world: World, classes: readonly Resource[]): readonly Resource[] {
  return classes.filter((each) => isIomeshClass(each, world.config));
}
