import type { Manifest } from './objects.ts';

/**
 * The security problems of a set of objects, one line each: rules with `*` or for the secrets and roles of
 * others, and pods that violate the restricted Pod Security Standard. See
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/.
 */
export function securityProblems(objects: readonly Manifest[]): string[] {
  return objects.flatMap((each) => {
    const name = `${each['kind']} ${each['metadata']?.name}`;
    const found =
      each['kind'] === 'Deployment'
        ? podProblems(each['spec'].template.spec)
        : each['kind'] === 'Role' || each['kind'] === 'ClusterRole'
          ? roleProblems(each)
          : [];
    return found.map((problem) => `${name}: ${problem}`);
  });
}

const HOST = ['hostNetwork', 'hostPID', 'hostIPC', 'hostUsers'] as const;
const VOLUMES = ['configMap', 'secret', 'emptyDir', 'projected', 'downwardAPI'];

function podProblems(pod: Manifest): string[] {
  const problems: string[] = [];
  const must = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };
  for (const field of HOST) must(pod[field] === undefined, `${field} is set`);
  must(pod['securityContext']?.runAsNonRoot === true, 'may run as root');
  must(pod['securityContext']?.seccompProfile?.type === 'RuntimeDefault', 'has no seccomp profile');
  for (const volume of pod['volumes'] ?? []) {
    const kinds = Object.keys(volume).filter((key) => key !== 'name');
    must(
      kinds.every((kind) => VOLUMES.includes(kind)),
      `volume ${volume.name} is ${kinds.join()}`,
    );
  }
  for (const container of [...(pod['containers'] ?? []), ...(pod['initContainers'] ?? [])]) {
    const context = container.securityContext ?? {};
    must(context.privileged !== true, 'is privileged');
    must(context.allowPrivilegeEscalation === false, 'may gain privileges');
    must(context.readOnlyRootFilesystem === true, 'may write to its root file system');
    must(JSON.stringify(context.capabilities) === '{"drop":["ALL"]}', 'keeps capabilities');
    must(context.runAsUser !== 0 && context.runAsNonRoot !== false, 'runs as root');
    must(container.resources?.limits?.memory !== undefined, 'may take all memory of its node');
    must(!/:latest$/.test(container.image), 'its image has no version');
    for (const port of container.ports ?? [])
      must(port.hostPort === undefined, `takes port ${port.hostPort} of its node`);
  }
  return problems;
}

const WRITES = ['update', 'patch', 'delete', 'deletecollection'];
const READS = ['get', 'list', 'watch'];
/** Output for people, on the objects of any namespace. Nothing acts on it. */
const FOR_PEOPLE = ['reports', 'clusterreports', 'policyreports', 'clusterpolicyreports', 'events'];
const DANGEROUS = ['escalate', 'bind', 'impersonate'];

function roleProblems(role: Manifest): string[] {
  const problems: string[] = [];
  for (const rule of role['rules'] ?? []) {
    const { apiGroups = [], resources = [], verbs = [], resourceNames = [] } = rule;
    const what = `${verbs.join()} on ${resources.join()}`;
    for (const each of [...apiGroups, ...resources, ...verbs])
      if (each.includes('*')) problems.push(`${what}: a wildcard`);
    for (const verb of verbs) {
      if (DANGEROUS.includes(verb)) problems.push(`${what}: ${verb} is a way to all rights`);
      const isForPeople = resources.every((each: string) => FOR_PEOPLE.includes(each));
      if (WRITES.includes(verb) && resourceNames.length === 0 && !isForPeople)
        problems.push(`${what}: ${verb} without a name`);
      if (resources.includes('secrets') && READS.includes(verb) && resourceNames.length === 0)
        problems.push(`${what}: reads the Secrets of others`);
      // A SubjectAccessReview is answered, not stored.
      const isStored = resources.join() !== 'subjectaccessreviews' && !isForPeople;
      if (verb === 'create' && role['kind'] === 'ClusterRole' && isStored)
        problems.push(`${what}: creates anywhere`);
    }
    if (rule.nonResourceURLs !== undefined) problems.push('has URLs');
  }
  return problems;
}
