import type { Config } from '../core/base/config.ts';
import { CLUSTER_DEFINITIONS } from '../core/iomesh/cluster.ts';
import { mayContainConnection } from '../core/iomesh/connection.ts';
import { CLASS_REFERENCES } from '../core/iomesh/storage-class.ts';

/** The fields for log and metrics of a review that is not parsed. */
export interface ForeignReview {
  readonly uid: string;
  readonly kind: 'ConfigMap' | 'StorageClass' | 'CustomResourceDefinition';
  readonly operation: string;
}

/**
 * How a review begins if an apiserver wrote it: Go writes the fields in the order of the type, and object
 * and oldObject come after all that is read here. Nothing before `name` can hold a quote.
 * https://github.com/kubernetes/api/blob/v0.30.0/admission/v1/types.go#L40
 */
const HEAD =
  /^\{"kind":"AdmissionReview","apiVersion":"admission\.k8s\.io\/v1","request":\{"uid":"([\w-]{36})","kind":\{"group":"([a-z0-9.]*)","version":"v1","kind":"(ConfigMap|StorageClass|CustomResourceDefinition)"\},/;

const FOREIGN_GROUPS: Record<ForeignReview['kind'], string> = {
  ConfigMap: '',
  StorageClass: 'storage.k8s.io',
  CustomResourceDefinition: 'apiextensions.k8s.io',
};

const OPERATION = /"operation":"(CREATE|UPDATE|DELETE)"/;
/** The head with the longest names ends well before this. */
const HEAD_LENGTH = 4096;

/**
 * Recognizes the review of a ConfigMap, StorageClass or CustomResourceDefinition that has nothing to do with
 * IOMesh by its text, before it is parsed: neither object contains a key of a connection, the provisioner or a
 * reference of a class, or the name of a definition. Apiservers before 1.28 have no matchConditions, so such
 * reviews arrive there. Undefined for any other review.
 */
export function readForeignReview(
  text: string,
  { provisioner }: Pick<Config, 'provisioner'>,
): ForeignReview | undefined {
  const head = HEAD.exec(text);
  if (head === null) return undefined;
  const [, uid, group, kind] = head as unknown as readonly [string, string, string, ForeignReview['kind']];
  if (group !== FOREIGN_GROUPS[kind]) return undefined;
  // An escape could hide a name. Go escapes no letter of one.
  const includesAny = (marks: readonly string[]) => marks.some((mark) => text.includes(mark));
  const mayConcernUs = {
    ConfigMap: () => mayContainConnection(text),
    StorageClass: () => includesAny([provisioner, ...CLASS_REFERENCES]),
    CustomResourceDefinition: () => includesAny([...CLUSTER_DEFINITIONS.keys()]),
  }[kind];
  if (mayConcernUs()) return undefined;
  const operation = OPERATION.exec(text.slice(0, HEAD_LENGTH))?.[1];
  return operation === undefined ? undefined : { uid, kind, operation };
}
