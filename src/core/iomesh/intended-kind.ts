/** Objects of IOMesh whose apiVersion or kind is missing or wrong, so that kubectl rejects them. */
import { distance } from 'fastest-levenshtein';
import { asString, at, isObject, type JsonObject, own } from '../base/json.ts';
import { groupOf, groupOfKind, type Kind, kindOf } from '../base/model.ts';
import { CONNECTION_KEYS } from './connection.ts';
import { hasWordIomesh, referencesIomesh } from './storage-class.ts';

/** The kinds that an object can be meant to be: others do not tell IOMesh from other software. */
const INTENDED = ['IOMeshCluster', 'ZookeeperCluster', 'StorageClass', 'ConfigMap'] as const;
type IntendedKind = (typeof INTENDED)[number];

const MAX_EDITS = 2;

/**
 * The kind that an object of IOMesh was meant to be; undefined if its kind is right, and for an object of other
 * software. It decides by the apiVersion and kind if they are similar to those of one kind, and by the fields
 * that only IOMesh has.
 */
export function intendedKind(json: JsonObject): Kind | undefined {
  const apiVersion = asString(own(json, 'apiVersion')) ?? '';
  const kind = asString(own(json, 'kind')) ?? '';
  if (kindOf(apiVersion, kind) !== undefined) return undefined;
  return INTENDED.find((each) => isNear(apiVersion, kind, each) && isEvident(json, apiVersion, kind, each));
}

/** False if no object of this apiVersion and kind can be meant to be one of IOMesh. */
export function mayIntendKind(apiVersion: string, kind: string): boolean {
  return INTENDED.some((each) => isNear(apiVersion, kind, each));
}

/** True if at most one of apiVersion and kind is not that of the intended kind, apart from a misspelling. */
function isNear(apiVersion: string, kind: string, intended: IntendedKind): boolean {
  const isKind = isSimilar(kind, intended);
  const isGroup = groupOf(apiVersion) === groupOfKind(intended) && apiVersion !== '';
  if (apiVersion === '' || kind === '') return isKind || isGroup || (apiVersion === '' && kind === '');
  return isKind || (isGroup && intended === 'IOMeshCluster');
}

function isSimilar(word: string, wanted: string): boolean {
  // Most kinds are too long or too short, and this is asked of every document.
  if (Math.abs(word.length - wanted.length) > MAX_EDITS) return false;
  return distance(word.toLowerCase(), wanted.toLowerCase()) <= MAX_EDITS;
}

/** True if the name or the fields of an object are those of IOMesh, whatever its apiVersion and kind. */
function isEvident(json: JsonObject, apiVersion: string, kind: string, intended: IntendedKind): boolean {
  if (intended === 'IOMeshCluster') {
    const spec = own(json, 'spec');
    const isNamed = hasWordIomesh(apiVersion) || kind.toLowerCase() === 'iomeshcluster';
    if (isNamed && isSimilar(kind, intended)) return true;
    return ['meta', 'chunk', 'zookeeper'].filter((each) => isObject(at(spec, [each]))).length >= 2;
  }
  if (intended === 'ZookeeperCluster') {
    // Other operators have a kind of this name: https://docs.stackable.tech/home/stable/zookeeper/
    const isPravega = isSimilar(groupOf(apiVersion), groupOfKind(intended));
    return (isPravega || apiVersion === '') && isSimilar(kind, intended);
  }
  if (intended === 'StorageClass') {
    return referencesIomesh({ json }) || hasWordIomesh(asString(own(json, 'provisioner')) ?? '');
  }
  const data = own(json, 'data');
  return CONNECTION_KEYS.filter((key) => at(data, [key]) !== undefined).length >= 2;
}
