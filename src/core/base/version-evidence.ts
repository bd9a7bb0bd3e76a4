import { Derived } from './derived.ts';
import { atLeast, type IomeshVersion } from './iomesh-version.ts';
import { at, isArray, isObject, type Json, own } from './json.ts';
import type { Resource } from './model.ts';
import { formatPath, type Path } from './path.ts';
import { quoted } from './text.ts';

/** A field that says which release of IOMesh is installed. */
export interface VersionEvidence {
  /** The object that has the field; undefined for the installed definition. */
  readonly resource?: Resource;
  readonly path: Path;
  readonly version: IomeshVersion;
  /**
   * `release`: the field is for the release. `image`: the tag of an image of that release, which a person may
   * have left behind. `fields`: the release or a later one has the field. `definition`: the installed definition
   * has the fields of the release. It may have been read before an upgrade, so every object is stronger.
   */
  readonly by: 'release' | 'image' | 'fields' | 'definition';
  /** What an installed definition shows; see {@link factOf}. */
  readonly fact?: string;
}

/** Fields of the IOMeshCluster that came with IOMesh 1.1. */
export const FIELDS_OF_1_1 = ['edition', 'platform', 'clusterID'] as const;
/** Images whose tag is the release of IOMesh. */
const OPERATOR_IMAGES: readonly Path[] = [
  ['spec', 'probe', 'image', 'tag'],
  ['spec', 'toolbox', 'image', 'tag'],
  ['spec', 'chunk', 'devicemanager', 'image', 'tag'],
];
/** The ZooKeeper image that came with IOMesh 1.2. */
const ZOOKEEPER_OF_1_2 = '3.5.9-20';

const STRENGTH: readonly VersionEvidence['by'][] = ['release', 'image', 'fields', 'definition'];

const CACHE = new Derived<Resource, readonly VersionEvidence[]>();

/** Everything in one object that shows a release. */
export function versionEvidence(resource: Resource): readonly VersionEvidence[] {
  let found = CACHE.get(resource);
  if (found === undefined) {
    found = search(resource);
    CACHE.set(resource, found);
  }
  return found;
}

/** The strongest of all: by {@link STRENGTH}, then the latest release, then the first. */
export function strongestEvidence(all: Iterable<VersionEvidence>): VersionEvidence | undefined {
  let strongest: VersionEvidence | undefined;
  for (const each of all) if (isStronger(each, strongest)) strongest = each;
  return strongest;
}

/**
 * What a CustomResourceDefinition of IOMeshClusters shows: 1.0, or 1.1 for that or a later release. Undefined if it
 * does not list the fields.
 */
export function definitionEvidence(definition: Json): VersionEvidence | undefined {
  const versions = at(definition, ['spec', 'versions']);
  const specs = (isArray(versions) ? versions : [])
    .map((each) => at(each, ['schema', 'openAPIV3Schema', 'properties', 'spec']))
    .filter(isObject);
  const fields = specs.map((each) => own(each, 'properties')).filter(isObject);
  const found = FIELDS_OF_1_1.find((field) => fields.some((each) => own(each, field) !== undefined));
  const isOpen = specs.some((each) => own(each, 'x-kubernetes-preserve-unknown-fields') === true);
  if (fields.length === 0 || (found === undefined && isOpen)) return undefined;
  const path = ['spec', found ?? FIELDS_OF_1_1[0]];
  const fact = `the installed definition of IOMeshClusters has ${found === undefined ? 'no' : 'the'} field ${formatPath(path)}`;
  return { path, version: found === undefined ? '1.0' : '1.1', by: 'definition', fact };
}

function isStronger(a: VersionEvidence, b: VersionEvidence | undefined): boolean {
  if (b === undefined) return true;
  if (a.by !== b.by) return STRENGTH.indexOf(a.by) < STRENGTH.indexOf(b.by);
  return a.version !== b.version && atLeast(a.version, b.version);
}

function search(resource: Resource): readonly VersionEvidence[] {
  const found =
    resource.kind === 'IOMeshCluster'
      ? [
          ofRelease(resource, ['spec', 'version'], 'release'),
          ...OPERATOR_IMAGES.map((path) => ofRelease(resource, path, 'image')),
          ...FIELDS_OF_1_1.map((field) => ofPresence(resource, ['spec', field])),
        ]
      : resource.kind === 'ZookeeperCluster'
        ? [ofZookeeper(resource)]
        : [];
  return found.filter((each) => each !== undefined);
}

function ofPresence(resource: Resource, path: Path): VersionEvidence | undefined {
  const value = at(resource.json, path);
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
  return isScalar ? evidence(resource, path, '1.1', 'fields') : undefined;
}

function ofZookeeper(resource: Resource): VersionEvidence | undefined {
  const path = ['spec', 'image', 'tag'];
  if (at(resource.json, path) !== ZOOKEEPER_OF_1_2) return undefined;
  return evidence(resource, path, '1.2', 'fields');
}

/** The evidence of a field with a release such as `v1.1.0`. */
function ofRelease(resource: Resource, path: Path, by: VersionEvidence['by']): VersionEvidence | undefined {
  const value = at(resource.json, path);
  const [, major, minor] =
    (typeof value === 'string' && /^v?(\d{1,3})\.(\d{1,3})(?:[.-]|$)/.exec(value)) || [];
  if (major === undefined || minor === undefined) return undefined;
  const number = Number(major) * 1000 + Number(minor);
  const version = number >= 1002 ? '1.2' : number === 1001 ? '1.1' : '1.0';
  return evidence(resource, path, version, by);
}

function evidence(
  resource: Resource,
  path: Path,
  version: IomeshVersion,
  by: VersionEvidence['by'],
): VersionEvidence {
  return { resource, path, version, by };
}

/** The fact for a message: `spec.version is "v1.1.0"`. */
export function factOf({ resource, path, fact }: VersionEvidence): string {
  if (fact !== undefined) return fact;
  const value = at(resource?.json, path);
  return `${formatPath(path)} is ${typeof value === 'string' ? quoted(value) : String(value)}`;
}
