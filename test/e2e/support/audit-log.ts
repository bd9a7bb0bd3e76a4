import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../deploy/objects.ts';

/** A permission, or a request that needs it. */
export interface Permission {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** Undefined if it is not for a named object, for example for a list. */
  readonly name?: string;
  readonly namespace?: string;
}

/** The audit log of an apiserver for one user. */
export class AuditLog {
  /** The flags of kube-apiserver. */
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

  /** The requests of the user so far, each once. */
  requests(): { allowed: Permission[]; denied: Permission[] } {
    const allowed = new Map<string, Permission>();
    const denied = new Map<string, Permission>();
    for (const line of readFileSync(this.#file, 'utf8').split('\n').filter(Boolean)) {
      const { verb, user, objectRef, annotations } = JSON.parse(line);
      if (user.username !== this.#user || objectRef === undefined) continue;
      const { apiGroup: group = '', resource, subresource, name, namespace } = objectRef;
      const permission: Permission = {
        ...{ verb, group, resource: subresource === undefined ? resource : `${resource}/${subresource}` },
        ...(name === undefined ? {} : { name }),
        ...(namespace === undefined ? {} : { namespace }),
      };
      const into = annotations?.['authorization.k8s.io/decision'] === 'allow' ? allowed : denied;
      into.set(JSON.stringify(permission), permission);
    }
    return { allowed: [...allowed.values()], denied: [...denied.values()] };
  }
}

/** Every single permission in the roles among these objects; with a namespace for a Role. */
export function permissionsOf(objects: readonly Manifest[]): Permission[] {
  const permissions: Permission[] = [];
  for (const { kind, metadata, rules } of objects) {
    if (kind !== 'Role' && kind !== 'ClusterRole') continue;
    for (const { apiGroups, resources, verbs, resourceNames = [undefined], ...rest } of rules) {
      if (Object.keys(rest).length > 0) throw new Error(`${kind} ${metadata.name} has ${Object.keys(rest)}`);
      for (const group of apiGroups)
        for (const resource of resources)
          for (const verb of verbs)
            for (const name of resourceNames)
              permissions.push({
                ...{ verb, group, resource },
                ...(name === undefined ? {} : { name }),
                ...(kind === 'Role' ? { namespace: metadata.namespace } : {}),
              });
    }
  }
  return permissions;
}

/** True if a request needs a permission. */
export function uses(request: Permission, { verb, group, resource, name, namespace }: Permission): boolean {
  return (
    request.verb === verb &&
    request.group === group &&
    request.resource === resource &&
    (name === undefined || request.name === name) &&
    (namespace === undefined || request.namespace === namespace)
  );
}
