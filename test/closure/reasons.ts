/** Why findings of rules that deny can stand in a cluster although no request was denied for them. */
import type { FindingClass } from './explore.ts';

/** The classes of findings that one reason is about. */
export interface Reason {
  readonly codes: readonly string[];
  readonly report: FindingClass['report'];
  /** Operations with kinds, as in `FindingClass.request`. */
  readonly requests: readonly string[];
  /** False for a finding on another object than that of the request. */
  readonly own: boolean;
  readonly why: string;
  /** Found by the random walks only. */
  readonly rare?: boolean;
}

export const REASONS: readonly Reason[] = [
  {
    codes: ['IOM101'],
    report: 'not asked',
    requests: ['CREATE Node', 'UPDATE Node'],
    own: false,
    why: 'Nodes are not sent to the webhook: a kubelet registers its Node, and labels are the business of the administrators of nodes. The request that let two selections meet on a possible node was warned of with IOM103, and one that lists an unknown hostname with IOM107. `iomesh-guard audit` reports the overlap.',
  },
  {
    codes: ['IOM201'],
    report: 'warned',
    requests: ['CREATE ConfigMap', 'UPDATE ConfigMap'],
    own: false,
    why: 'The clusterId of all connection ConfigMaps is changed by beginning with that of the management cluster. A denial would make the change impossible. The answer names every ConfigMap that differs.',
  },
  {
    codes: ['IOM201'],
    report: 'warned',
    requests: ['CREATE ConfigMap'],
    own: true,
    why: 'The objects of a backup are created in any order. A backup from the time of a change has ConfigMaps with both values, so a value that another ConfigMap has is admitted.',
  },
  {
    codes: ['IOM201'],
    report: 'warned',
    requests: ['UPDATE ConfigMap'],
    own: true,
    rare: true,
    why: 'A ConfigMap of which no owner exists will be deleted, so it is not compared with others. An update that takes the owner away keeps it. A denial would let it be deleted. The answer names the difference, which its own value did not bring.',
  },
  {
    codes: ['IOM401', 'IOM407'],
    report: 'warned',
    requests: ['CREATE IOMeshCluster', 'UPDATE IOMeshCluster'],
    own: false,
    why: 'A change of what all clusters must have in common begins with the management cluster: the vendor upgrades it first, and the pools follow. The answer names every pool that differs.',
  },
  {
    codes: ['IOM401'],
    report: 'warned',
    requests: ['CREATE IOMeshCluster', 'UPDATE IOMeshCluster'],
    own: true,
    why: 'A pool may return to a value that a cluster still uses: a failed upgrade is rolled back, and the objects of a backup are created in any order.',
  },
  {
    codes: ['IOM301'],
    report: 'warned',
    requests: [
      'CREATE IOMeshCluster',
      'UPDATE IOMeshCluster',
      'DELETE IOMeshCluster',
      'CREATE ZookeeperCluster',
    ],
    own: false,
    why: 'The namespace of the block devices follows the management cluster, or the cluster that acts as it. It can be created after the pools, for example from a backup. The answer names every pool that differs.',
  },
  {
    codes: ['IOM501', 'IOM505'],
    report: 'warned',
    requests: ['CREATE IOMeshCluster'],
    own: false,
    why: 'A StorageClass cannot be changed, only deleted and created again. It was right until the management cluster came, without which no cluster works; any other cluster is denied. The answer names every class that needs to be replaced.',
  },
  {
    codes: ['IOM204'],
    report: 'silent',
    requests: ['DELETE IOMeshCluster', 'DELETE Namespace'],
    own: false,
    why: 'The cluster is removed before its connection ConfigMap, and nothing uses the ConfigMap that is left over. IOM602 names the classes that do.',
  },
  {
    codes: ['IOM201'],
    report: 'warned',
    requests: ['DELETE ConfigMap'],
    own: false,
    why: 'Without the connection ConfigMap of the management cluster, the most frequent value counts. IOM602 and IOM606 are about the deletion of one that is in use; each other one may be deleted. The answer names every ConfigMap that differs.',
  },
  {
    codes: ['IOM202'],
    report: 'waived by annotation',
    requests: ['CREATE ConfigMap', 'UPDATE ConfigMap'],
    own: true,
    why: 'In a cluster an annotation waives only what is about its object alone. IOM202 is an example of the rules with `waived by: annotation` on their page.',
  },
  {
    codes: ['IOM101'],
    report: 'waived by configuration',
    requests: ['CREATE IOMeshCluster', 'UPDATE IOMeshCluster'],
    own: true,
    why: 'An administrator added an exception to `waivers.exceptions` of the configuration. It ends after its last day.',
  },
  {
    codes: ['IOM901'],
    report: 'not asked',
    requests: ['a new day'],
    own: false,
    why: 'The last day of a waiver passes without a request. What it waived was reported by the request that brought it.',
  },
  {
    codes: ['IOM204', 'IOM503', 'IOM504', 'IOM705'],
    report: 'not asked',
    requests: ['DELETE ConfigMap'],
    own: false,
    why: 'A ConfigMap of another application is deleted, which owns an object of IOMesh: the garbage collector deletes that object too. The request that added the owner was warned of with IOM608, or denied if its user may not delete the object.',
  },
  {
    codes: ['IOM705'],
    report: 'not asked',
    requests: ['end of IOMeshCluster'],
    own: false,
    why: 'A pool that is being deleted counts until it is gone. The deletion of the management cluster was warned of with IOM601, which names the pool.',
  },
];

/** The reasons that the table has for a class. */
export function reasonsFor({ code, report, request, own }: FindingClass): readonly Reason[] {
  return REASONS.filter(
    (each) =>
      each.codes.includes(code) &&
      each.report === report &&
      each.requests.includes(request) &&
      each.own === own,
  );
}
