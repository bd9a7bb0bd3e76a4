import {
  CONNECTION_KEYS,
  type ConnectionKey,
  connectionDefault,
  connectionValue,
  isBlank,
  isConnection,
} from '../../connection.ts';
import { readString } from '../../field.ts';
import type { Fix, Related } from '../../finding.ts';
import { displayName, type Resource } from '../../model.ts';
import type { Rule } from '../../rule.ts';
import { classesOfConnection } from '../../storage-class.ts';
import { joined, quoted } from '../../words.ts';
import type { World } from '../../world.ts';
import { becameConnection } from './became-connection.ts';

/** IOM205: a connection ConfigMap holds all three keys. */
export const connectionIncomplete: Rule = {
  code: 'IOM205',
  name: 'connection-incomplete',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['ConfigMap'],
  doc: {
    summary:
      'A connection ConfigMap lacks `clusterId`, `iscsiPortal` or `metaAddr`, or holds one of them empty.',
    why: 'The CSI driver needs all three to reach a cluster: who asks, where volumes are attached, where the cluster answers. A ConfigMap with two of them is read only when the first volume is created, and fails there.',
    bad: `data:
  clusterId: k8s-cluster
  iscsiPortal: 127.0.0.1:3260`,
    good: `data:
  clusterId: k8s-cluster
  iscsiPortal: 127.0.0.1:3260
  metaAddr: iomesh-meta-client.iomesh-system.svc.cluster.local:10100`,
    remedy:
      'Add what is missing. The mutating webhook and `lint --fix` fill absent keys where the value is known: the portal is fixed, the clusterId is that of the management cluster, and the address follows from the one IOMeshCluster in the namespace. A ConfigMap counts as a connection if it holds `iscsiPortal` or `metaAddr`, if a StorageClass names it in `clusterConnection`, or if it holds `clusterId` beside an IOMeshCluster.',
    basis: 'guide: each connection ConfigMap has the three keys.',
  },

  check(subject, world, report) {
    if (!isConnection(world, subject)) return;
    const missing = CONNECTION_KEYS.filter((key) => isMissing(world, subject, key));
    if (missing.length === 0) return;
    const empty = missing.filter((key) => connectionValue(subject, key) !== undefined);
    const absent = missing.filter((key) => !empty.includes(key));
    const says = [
      ...(absent.length > 0 ? [`lacks ${joined(absent)}`] : []),
      ...(empty.length > 0 ? [`holds an empty ${joined(empty)}`] : []),
    ];
    const [first] = missing;
    report({
      path: missing.length === 1 && first !== undefined ? ['data', first] : ['data'],
      part: missing.length === 1 && empty.length === 1 ? 'value' : 'key',
      message: `connection ConfigMap ${displayName(subject.ref)} ${says.join(' and ')}`,
      help: missing.map((key) => advice(world, subject, key)).join('; '),
      // Whatever the place: the keys are what is wrong.
      identity: subject.key,
      extent: missing,
      fix: fixOf(world, subject, missing),
      related: missing.length === CONNECTION_KEYS.length ? namedBy(world, subject) : [],
    });
  },

  affected: becameConnection,
};

/** Why a ConfigMap without any of the keys counts as a connection at all. */
function namedBy(world: World, subject: Resource): readonly Related[] {
  return classesOfConnection(world, subject.ref)
    .slice(0, 1)
    .map((each) => ({
      resource: each,
      path: ['parameters', 'clusterConnection'],
      message: `StorageClass ${displayName(each.ref)} names it in clusterConnection`,
    }));
}

function isMissing(world: World, subject: Resource, key: ConnectionKey): boolean {
  const field = readString(world, subject, ['data', key]);
  return field.state === 'absent' || (field.state === 'present' && isBlank(field.value));
}

function advice(world: World, subject: Resource, key: ConnectionKey): string {
  const value = connectionDefault(world, subject, key);
  if (value !== undefined) return `set data.${key} to ${JSON.stringify(value)}`;
  return key === 'clusterId'
    ? 'set data.clusterId to a name for this Kubernetes cluster, the same in every connection ConfigMap'
    : `set data.metaAddr to "<cluster>-meta-client.<namespace>.svc.${world.config.clusterDomain}:10100" of the cluster it is for`;
}

/** Only a fix that completes the ConfigMap is one: half of it would leave the finding. */
function fixOf(world: World, subject: Resource, missing: readonly ConnectionKey[]): Fix {
  const values = missing.map((key) => ({ key, value: connectionDefault(world, subject, key) }));
  const unknown = values.filter((each) => each.value === undefined).map((each) => each.key);
  if (unknown.length > 0) return { safety: 'shown', description: `add ${joined(missing)}` };
  // An absent key is filled as the webhook would fill it; an empty one somebody wrote.
  const written = missing.some((key) => connectionValue(subject, key) !== undefined);
  return {
    safety: written ? 'unsafe' : 'safe',
    description: `set ${joined(values.map(({ key, value }) => `${key} to ${quoted(value!)}`))}`,
    edits: values.map(({ key, value }) => ({
      op: connectionValue(subject, key) === undefined ? 'add' : 'replace',
      path: ['data', key],
      value: value!,
    })),
  };
}
