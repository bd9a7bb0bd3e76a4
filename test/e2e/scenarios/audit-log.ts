import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../deploy/objects.ts';

/** One thing that somebody may do, or did. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** Absent where it is no object of a certain name, as in a list. */
  readonly name?: string;
  readonly namespace?: string;
}

/** An apiserver's audit log, of one user. */
export class AuditLog {
  /** For kube-apiserver. */
  readonly flags: readonly string[];
  readonly #file: string;
  readonly #user: string;

  constructor(folder: string, user: string) {
    this.#user = user;
    this.#file = join(folder, 'audit.log');
    const policy = join(folder, 'audit-policy.yaml');
    const rules = [{ level: 'Metadata', users: [user] }, { level: 'None' }];
    writeFileSync(
      policy,
      JSON.stringify({
        apiVersion: 'audit.k8s.io/v1',
        kind: 'Policy',
        omitStages: ['RequestReceived'],
        rules,
      }),
    );
    this.flags = [`--audit-policy-file=${policy}`, `--audit-log-path=${this.#file}`];
  }

  /** What the user asked for so far, each once. */
  asked(): { allowed: Right[]; refused: Right[] } {
    const allowed = new Map<string, Right>();
    const refused = new Map<string, Right>();
    for (const line of readFileSync(this.#file, 'utf8').split('\n').filter(Boolean)) {
      const { verb, user, objectRef, annotations } = JSON.parse(line);
      if (user.username !== this.#user || objectRef === undefined) continue;
      const { apiGroup: group = '', resource, subresource, name, namespace } = objectRef;
      const right: Right = {
        ...{ verb, group, resource: subresource === undefined ? resource : `${resource}/${subresource}` },
        ...(name === undefined ? {} : { name }),
        ...(namespace === undefined ? {} : { namespace }),
      };
      const into = annotations?.['authorization.k8s.io/decision'] === 'allow' ? allowed : refused;
      into.set(JSON.stringify(right), right);
    }
    return { allowed: [...allowed.values()], refused: [...refused.values()] };
  }
}

/** Every right that the roles among these objects give, one by one; a namespace only where it holds in that alone. */
export function rightsOf(objects: readonly Manifest[]): Right[] {
  const rights: Right[] = [];
  for (const { kind, metadata, rules } of objects) {
    if (kind !== 'Role' && kind !== 'ClusterRole') continue;
    for (const { apiGroups, resources, verbs, resourceNames = [undefined], ...rest } of rules) {
      if (Object.keys(rest).length > 0) throw new Error(`${kind} ${metadata.name} has ${Object.keys(rest)}`);
      for (const group of apiGroups)
        for (const resource of resources)
          for (const verb of verbs)
            for (const name of resourceNames)
              rights.push({
                ...{ verb, group, resource },
                ...(name === undefined ? {} : { name }),
                ...(kind === 'Role' ? { namespace: metadata.namespace } : {}),
              });
    }
  }
  return rights;
}

/** Whether a request needed that right. */
export function uses(asked: Right, { verb, group, resource, name, namespace }: Right): boolean {
  return (
    asked.verb === verb &&
    asked.group === group &&
    asked.resource === resource &&
    (name === undefined || asked.name === name) &&
    (namespace === undefined || asked.namespace === namespace)
  );
}
