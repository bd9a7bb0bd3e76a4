/** The parameters a StorageClass of the IOMesh CSI driver can have. */
import { atLeast, type IomeshVersion } from '../base/iomesh-version.ts';
import { at, isObject } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import { suggest } from '../base/suggest.ts';

export const FSTYPE = 'csi.storage.k8s.io/fstype';

const SIDECAR = 'csi.storage.k8s.io/';
/** Secrets that the CSI sidecars take from any StorageClass. */
const SECRETS = [
  'provisioner-secret',
  'controller-publish-secret',
  'node-stage-secret',
  'node-publish-secret',
  'controller-expand-secret',
  'node-expand-secret',
].flatMap((secret) => [`${SIDECAR}${secret}-name`, `${SIDECAR}${secret}-namespace`]);

/** The parameters that CHAP (`auth: "true"`) requires: one Secret for the volume, one for the node. */
export const CHAP_SECRET_PARAMETERS: readonly string[] = SECRETS.slice(2, 6);

/**
 * The parameter without which the sidecars reject the one of a Secret: its namespace or its name.
 * https://kubernetes-csi.github.io/docs/secrets-and-credentials-storage-class.html
 */
export function secretPartner(name: string): string | undefined {
  const index = SECRETS.indexOf(name);
  return index < 0 ? undefined : SECRETS[index % 2 === 0 ? index + 1 : index - 1];
}

const ALWAYS: readonly string[] = [
  FSTYPE,
  'replicaFactor',
  'thinProvision',
  'clusterConnection',
  'iomeshCluster',
  'auth',
  ...SECRETS,
];
const SINCE_1_2: readonly string[] = [
  'ec_k',
  'ec_m',
  'smartx.com/iops',
  'smartx.com/bps',
  'protocol',
  'enableClusterTopology',
];

/** Fields next to `parameters`. */
const TOP_LEVEL: readonly string[] = [
  'volumeBindingMode',
  'allowVolumeExpansion',
  'mountOptions',
  'allowedTopologies',
];

/** The parameters that the documentation of a version lists. */
export function knownParameters(version: IomeshVersion): readonly string[] {
  return atLeast(version, '1.2') ? [...ALWAYS, ...SINCE_1_2] : ALWAYS;
}

/** True for a parameter that came with 1.2. */
export function isLaterParameter(name: string): boolean {
  return SINCE_1_2.includes(name);
}

/** The names of a class's parameters. */
export function parameterNames(resource: Resource): readonly string[] {
  const parameters = at(resource.json, ['parameters']);
  return isObject(parameters) ? Object.keys(parameters) : [];
}

/** True for a key that is meant as the top-level reclaimPolicy. */
export function isReclaimPolicy(name: string): boolean {
  return name.toLowerCase() === 'reclaimpolicy';
}

/** The parameter that an unknown name most likely means: by spelling, or without its prefix (`fstype`). */
export function parameterMeant(name: string, version: IomeshVersion): string | undefined {
  const known = knownParameters(version);
  if (known.includes(name)) return undefined;
  const bare = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  const sameBare = known.filter((each) => each.slice(each.lastIndexOf('/') + 1).toLowerCase() === bare);
  return sameBare.length === 1 ? sameBare[0] : suggest(name, known);
}

/** The top-level field that a parameter most likely means. */
export function topLevelMeant(name: string): string | undefined {
  return TOP_LEVEL.find((each) => each.toLowerCase() === name.toLowerCase()) ?? suggest(name, TOP_LEVEL);
}

/** A key of a class that is not a parameter and most likely means this one, if this one is missing. */
export function misspelling(resource: Resource, name: string, version: IomeshVersion): string | undefined {
  const names = parameterNames(resource);
  if (names.includes(name)) return undefined;
  return names.find((each) => parameterMeant(each, version) === name);
}

/** Ends a help that changes parameters: the apiserver rejects such an update of a StorageClass. */
export const RECREATE = 'an existing class must be deleted and created again (its volumes are kept)';
