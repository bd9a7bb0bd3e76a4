import type { FixEdit } from '../../base/edits.ts';
import { isConnection, CONNECTION_KEYS, META_PORT } from '../../iomesh/connection.ts';
import type { Fix, Related } from '../../finding.ts';
import { displayName, type Resource } from '../../base/model.ts';
import type { Rule } from '../../rule.ts';
import { classesOfConnection } from '../../iomesh/storage-class.ts';
import { joined } from '../../base/text.ts';
import type { World } from '../../world.ts';
import { becameConnection } from '../../iomesh/became-connection.ts';
import { type Gap, gapsOf, isMissing, sayGaps } from './connection-gaps.ts';

/** IOM205: a connection ConfigMap holds all three keys. */
export const connectionIncomplete: Rule = {
  code: 'IOM205',
  name: 'connection-incomplete',
  severity: { lint: 'error', admission: 'deny' },
  fix: 'unsafe',
  kinds: ['ConfigMap'],

  check(subject, world, report) {
    if (!isConnection(world, subject)) return;
    const missing = CONNECTION_KEYS.filter((key) => isMissing(world, subject, key));
    const [first] = missing;
    if (first === undefined) return;
    const gaps = gapsOf(world, subject, missing);
    const path = ['data', gaps[0]?.misspelt ?? first];
    report({
      path: gaps.length === 1 ? path : ['data'],
      part: gaps.length === 1 && gaps[0]?.isEmpty ? 'value' : 'key',
      message: `connection ConfigMap ${displayName(subject.ref)} ${sayGaps(gaps)}`,
      help: gaps.map((gap) => advice(gap, world)).join('; '),
      // Whatever the place: the keys are what is wrong.
      identity: subject.key,
      evidence: missing,
      fix: fixOf(gaps),
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

function advice({ key, misspelt, value }: Gap, world: World): string {
  if (misspelt !== undefined) return `rename data.${misspelt} to data.${key}`;
  if (value !== undefined) return `set data.${key} to ${JSON.stringify(value)}`;
  return key === 'clusterId'
    ? 'set data.clusterId to a name for this Kubernetes cluster, the same in every connection ConfigMap'
    : `set data.${key} to "<cluster>-meta-client.<namespace>.svc.${world.config.clusterDomain}:${META_PORT}" of the cluster it is for`;
}

/** Only a fix that completes the ConfigMap is one: half of it would leave the finding. */
function fixOf(gaps: readonly Gap[]): Fix {
  const edits = gaps.map(editOf).filter((each) => each !== undefined);
  const keys = joined(gaps.map((each) => each.key));
  if (edits.length < gaps.length) return { safety: 'shown', description: `add ${keys}` };
  // An absent key is filled as the webhook would fill it; anything else somebody wrote.
  const written = gaps.some((each) => each.isEmpty || each.misspelt !== undefined);
  return { safety: written ? 'unsafe' : 'safe', description: `set ${keys}`, edits };
}

function editOf({ key, misspelt, isEmpty, value }: Gap): FixEdit | undefined {
  const path = ['data', key];
  if (misspelt !== undefined) return { op: 'move', from: ['data', misspelt], path };
  return value === undefined ? undefined : { op: isEmpty ? 'replace' : 'add', path, value };
}
