import type { Logger } from 'pino';
import { at, isArray, isObject, type Json, own } from '../core/base/json.ts';
import { describe, type Kind, type Resource } from '../core/base/model.ts';
import { hasConditions, hasRuleFor } from './webhook-configuration.ts';

/** The kinds whose objects must be checked when they change, and their resource in a webhook configuration. */
const CHECKED: Readonly<Partial<Record<Kind, string>>> = {
  IOMeshCluster: 'iomeshclusters',
  ZookeeperCluster: 'zookeeperclusters',
  ConfigMap: 'configmaps',
};

/** The objects that the log names. */
const MAX_NAMED = 10;

export interface UncheckedObjectsOptions {
  readonly logger: Logger;
  /** The objects of IOMesh clusters. */
  readonly objects: () => readonly Resource[];
  /** The names and labels of all Namespaces. */
  readonly namespaces: () => Iterable<Resource>;
  readonly counted: (kind: Kind, count: number) => void;
}

/**
 * Reports objects of IOMesh clusters that the webhook configuration does not send, for example because their
 * namespace is excluded: their changes are not checked, but they count for all other clusters.
 */
export class UncheckedObjects {
  readonly #options: UncheckedObjectsOptions;
  #reported = '';

  constructor(options: UncheckedObjectsOptions) {
    this.#options = options;
  }

  /** Compares the objects with the webhooks of the validating configuration. Logs a difference once. */
  compare(webhooks: readonly Json[]): void {
    const { logger, counted } = this.#options;
    const unchecked = this.#find(webhooks);
    for (const kind of Object.keys(CHECKED) as Kind[])
      counted(kind, unchecked.filter((each) => each.kind === kind).length);
    const names = unchecked.map(({ ref }) => describe(ref)).sort();
    if (names.join() === this.#reported) return;
    this.#reported = names.join();
    if (names.length === 0) logger.info('the webhooks check all objects of IOMesh clusters');
    else
      logger.warn(
        {
          count: names.length,
          objects: names.slice(0, MAX_NAMED),
          namespaces: [...new Set(unchecked.map(({ ref }) => ref.namespace ?? ''))]
            .sort()
            .slice(0, MAX_NAMED),
        },
        'objects of IOMesh clusters are not checked: the validating webhook configuration does not send them',
      );
  }

  #find(webhooks: readonly Json[]): readonly Resource[] {
    const { namespaces, objects } = this.#options;
    const labels = new Map<string, Json | undefined>();
    for (const { ref, json } of namespaces()) labels.set(ref.name, at(json, LABELS));
    /** The webhooks for a kind that are called for objects of a namespace. */
    const callsFor = (kind: Kind, namespace: string) =>
      webhooks.filter(
        (each) =>
          hasRuleFor(each, CHECKED[kind] ?? '') &&
          (isKept(each, kind) || selects(own(each, 'namespaceSelector'), labels.get(namespace))),
      );
    return objects().filter(({ kind, ref, json }) =>
      callsFor(kind, ref.namespace ?? '').every(
        (each) => !selects(own(each, 'objectSelector'), at(json, LABELS)),
      ),
    );
  }
}

const LABELS = ['metadata', 'labels'];

/** True for a webhook whose namespaces the replicas keep up to date, because it has no matchConditions. */
function isKept(webhook: Json, kind: Kind): boolean {
  return kind === 'ConfigMap' && !hasConditions(webhook);
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */
function selects(selector: Json | undefined, labels: Json | undefined): boolean {
  const required = own(selector, 'matchLabels');
  const expressions = own(selector, 'matchExpressions');
  return (
    Object.entries(isObject(required) ? required : {}).every(([key, value]) => own(labels, key) === value) &&
    (isArray(expressions) ? expressions : []).every((each) => meets(each, labels))
  );
}

function meets(expression: Json, labels: Json | undefined): boolean {
  const value = own(labels, String(own(expression, 'key')));
  const values = own(expression, 'values');
  const isListed = value !== undefined && isArray(values) && values.includes(value);
  switch (own(expression, 'operator')) {
    case 'In':
      return isListed;
    case 'NotIn':
      return !isListed;
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}
