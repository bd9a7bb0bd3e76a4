/** Helm values for cases. */

export const NODES = `
          nodeAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
              nodeSelectorTerms:
                - matchExpressions:
                    - key: kubernetes.io/hostname
                      operator: In
                      values: [k8s-worker-0, k8s-worker-1, k8s-worker-2]`;

/** Values that render to the management cluster of the base, which has a class of its own for each cluster. */
export const VALUES = `csi-driver: {storageClass: {create: false}}
iomesh:
  edition: enterprise
  operatorVersion: v1.0.1
  diskDeploymentMode: hybridFlash
  meta:
    replicaCount: 3
    podPolicy:
      affinity:${NODES}
  chunk:
    replicaCount: 3
    dataCIDR: 10.234.1.0/24
    deviceMap:
      cacheWithJournal:
        selector: {matchLabels: {iomesh.com/bd-driverType: SSD}}
      dataStore:
        selector: {matchLabels: {iomesh.com/bd-driverType: HDD}}
    podPolicy:
      affinity:${NODES}
  redirector:
    podPolicy:
      affinity:${NODES}
  zookeeper:
    replicas: 3
    podPolicy:
      affinity:${NODES}
          podAntiAffinity:
            preferredDuringSchedulingIgnoredDuringExecution:
              - weight: 20
                podAffinityTerm:
                  labelSelector:
                    matchExpressions:
                      - {key: app, operator: In, values: [iomesh-zookeeper]}
                  topologyKey: kubernetes.io/hostname
`;

/** The values with a text in another's place, which must stand there once. */
export function valuesWith(...edits: readonly (readonly [find: string, replace: string])[]): string {
  let text = VALUES;
  for (const [find, replace] of edits) {
    const pieces: string[] = text.split(find);
    if (pieces.length !== 2) throw new Error(`${JSON.stringify(find)} occurs ${pieces.length - 1} times`);
    text = pieces.join(replace);
  }
  return text;
}
