/**
 * A resourceVersion as a number. Versions of one kind can be compared as integers, officially since Kubernetes 1.35
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions), before that because they are
 * revisions of etcd. NaN for any other text: every comparison with it is false.
 */
export function versionNumber(version: string | undefined): number {
  return version !== undefined && /^[1-9]\d{0,14}$/.test(version) ? Number(version) : Number.NaN;
}
