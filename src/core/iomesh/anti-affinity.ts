/** Whether the pod anti-affinity of a ZookeeperCluster keeps its pods on different nodes. */
import { asString, at, isArray, isObject, type Json, own } from '../base/json.ts';
import type { Resource } from '../base/model.ts';
import type { Path } from '../base/path.ts';
import { HOSTNAME_LABEL } from '../node-selector/index.ts';

export const ZOOKEEPER_AFFINITY: Path = ['spec', 'pod', 'affinity'];
export const ZOOKEEPER_ANTI_AFFINITY: Path = [...ZOOKEEPER_AFFINITY, 'podAntiAffinity'];
export const PREFERRED_ANTI_AFFINITY: Path = [
  ...ZOOKEEPER_ANTI_AFFINITY,
  'preferredDuringSchedulingIgnoredDuringExecution',
];
const REQUIRED: Path = [...ZOOKEEPER_ANTI_AFFINITY, 'requiredDuringSchedulingIgnoredDuringExecution'];

/** The label that the ZooKeeper operator gives every pod: the name of its ZookeeperCluster. */
const LABEL = 'app';

/**
 * The effect of a term. `spreads`: it keeps the pods of this ZookeeperCluster on different nodes. `app`: it
 * would, but `path` has another name. `topology`: it spreads them over something other than nodes. `other`:
 * it selects other pods.
 */
export type AntiAffinityEffect =
  | { readonly is: 'spreads' }
  | { readonly is: 'other' }
  | { readonly is: 'app'; readonly path: Path; readonly value: string | undefined }
  | { readonly is: 'topology'; readonly path: Path; readonly value: string | undefined };

/** The effect of each term of the pod anti-affinity, required and preferred. */
export function antiAffinityEffects(resource: Resource): readonly AntiAffinityEffect[] {
  const terms = [
    ...items(resource, REQUIRED).map(([path, term]): [Path, Json] => [path, term]),
    ...items(resource, PREFERRED_ANTI_AFFINITY).map(([path, term]): [Path, Json] => [
      [...path, 'podAffinityTerm'],
      own(term, 'podAffinityTerm') ?? null,
    ]),
  ];
  return terms.map(([path, term]) => effect(term, path, resource));
}

/** The term that the guide and the operator use. */
export function spreadTerm(name: string): Json {
  const labelSelector = { matchExpressions: [{ key: LABEL, operator: 'In', values: [name] }] };
  return { weight: 20, podAffinityTerm: { labelSelector, topologyKey: HOSTNAME_LABEL } };
}

function items(resource: Resource, path: Path): [Path, Json][] {
  const list = at(resource.json, path);
  return isArray(list) ? list.map((each, index) => [[...path, index], each]) : [];
}

function effect(term: Json, path: Path, { ref }: Resource): AntiAffinityEffect {
  const topology = asString(own(term, 'topologyKey'));
  const overNodes = topology === HOSTNAME_LABEL;
  const found = appOf(own(term, 'labelSelector'), [...path, 'labelSelector'], ref.name);
  if (found === 'other' || !reaches(term, ref.namespace)) return { is: 'other' };
  if (found !== 'own') return overNodes ? { is: 'app', ...found } : { is: 'other' };
  return overNodes ? { is: 'spreads' } : { is: 'topology', path: [...path, 'topologyKey'], value: topology };
}

/** False for a term that selects pods of other namespaces only. */
function reaches(term: Json, namespace: string | undefined): boolean {
  const namespaces = own(term, 'namespaces');
  if (!isArray(namespaces) || namespaces.length === 0 || isObject(own(term, 'namespaceSelector')))
    return true;
  return namespaces.some((each) => each === namespace);
}

type Named = { readonly path: Path; readonly value: string | undefined };

/**
 * Whether a label selector selects the pods whose label `app` has the name: `own`, `other`, or the path of
 * another name. A missing selector selects no pod, an empty one selects every pod.
 */
function appOf(selector: Json | undefined, path: Path, name: string): 'own' | 'other' | Named {
  if (!isObject(selector)) return 'other';
  const labels = own(selector, 'matchLabels');
  const expressions = own(selector, 'matchExpressions');
  const none = (value: Json | undefined, size: number) => value === undefined || value === null || size === 0;
  const empty =
    none(labels, isObject(labels) ? Object.keys(labels).length : 1) &&
    none(expressions, isArray(expressions) ? expressions.length : 1);
  if (empty) return 'own';
  let result: 'own' | 'other' = 'other';
  const label = own(labels, LABEL);
  if (label !== undefined) {
    if (label !== name) return { path: [...path, 'matchLabels', LABEL], value: asString(label) };
    result = 'own';
  }
  for (const [index, each] of (isArray(expressions) ? expressions : []).entries()) {
    if (own(each, 'key') !== LABEL) continue;
    const operator = own(each, 'operator');
    const values = own(each, 'values');
    const holds = isArray(values) && values.includes(name);
    if (operator === 'In' && !holds) {
      const [only, more] = isArray(values) ? values : [];
      const here = [...path, 'matchExpressions', index, 'values'];
      return more === undefined && typeof only === 'string'
        ? { path: [...here, 0], value: only }
        : { path: here, value: undefined };
    }
    if (operator === 'DoesNotExist' || (operator === 'NotIn' && holds)) return 'other';
    result = 'own';
  }
  return result;
}
