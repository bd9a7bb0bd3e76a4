/** Further IOMesh clusters for worlds that need more than the two of the example. */
import { baseDocuments } from './harness.ts';

const HERE = '\0';

/** The documents of cluster-1 under another name, on nodes of its own: three from `firstNode` on. */
export function clusterLike(
  name: string,
  firstNode: number,
  options: { namespace?: string; kinds?: readonly string[] } = {},
): string {
  const { namespace = name, kinds } = options;
  return [...baseDocuments()]
    .filter(([key]) => key.includes('/iomesh-cluster-1'))
    .filter(([key]) => kinds === undefined || kinds.includes(key.split('/')[0]!))
    .map(([, text]) =>
      text
        .replaceAll('namespace: iomesh-cluster-1', `namespace: ${HERE}`)
        .replaceAll('iomesh-cluster-1.svc', `${HERE}.svc`)
        .replaceAll(': iomesh-cluster-1/iomesh-cluster-1', `: ${HERE}/iomesh-cluster-1`)
        .replace(/(kind: Namespace\nmetadata:\n {2}name:) iomesh-cluster-1/, `$1 ${HERE}`)
        .replaceAll('iomesh-cluster-1', name)
        .replaceAll(HERE, namespace)
        .replace(/k8s-worker-([345])/g, (_, digit: string) => `k8s-worker-${firstNode + Number(digit) - 3}`),
    )
    .join('---\n');
}
