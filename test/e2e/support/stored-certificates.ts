import { expect } from 'vitest';
import { issueLeaf } from '../../../src/certificates/issue.ts';
import { issuePathSecret, type PathSecrets } from '../../../src/certificates/path-plan.ts';
import { ReplicaSecret, type StoredCertificates } from '../../../src/certificates/secret.ts';
import { openApi } from '../../../src/cluster/open.ts';
import { NAMESPACE } from '../../deploy/objects.ts';
import type { Cluster } from './cluster.ts';

/** The Secret of the self-managed certificates. */
export const SECRET = 'iomesh-guard-certificates';

/** Changes the certificates in the Secret. */
export async function rewriteCertificates(
  cluster: Cluster,
  change: (kept: StoredCertificates | undefined) => Promise<StoredCertificates>,
): Promise<StoredCertificates> {
  return await withSecret(cluster, 'certificates', async (secret, signal) => {
    const state = await secret.read(signal);
    const changed = await change(state.certificates);
    expect(await secret.write(state, { certificates: changed }, signal)).toBe(true);
    return changed;
  });
}

/** Replaces the leaf by one that is 61 days old. */
export function onDay61(cluster: Cluster): Promise<StoredCertificates> {
  return rewriteCertificates(cluster, async (kept) => {
    if (kept === undefined) throw new Error('there are no certificates yet');
    const issued = Date.now() - 61 * 86_400_000;
    return { ...kept, leaf: await issueLeaf({ ...kept.current, notBefore: 0 }, kept.leaf.names, issued) };
  });
}

/** The secrets of the path. */
export async function storedPaths(cluster: Cluster): Promise<PathSecrets> {
  const { paths } = await withSecret(cluster, 'paths', (secret, signal) => secret.read(signal));
  if (paths === undefined) throw new Error('there is no secret path yet');
  return paths;
}

/** Begins a rotation of the path, as the replicas do every hour. It is in the configurations two minutes later. */
export async function preparePath(cluster: Cluster): Promise<void> {
  await withSecret(cluster, 'paths', async (secret, signal) => {
    for (;;) {
      const state = await secret.read(signal);
      if (state.paths === undefined) throw new Error('there is no secret path yet');
      if (state.paths.next !== undefined) return;
      const paths = { ...state.paths, next: issuePathSecret() };
      // Otherwise a replica has changed it.
      if (await secret.write(state, { paths }, signal)) return;
    }
  });
}

type SecretUse = 'certificates' | 'paths';

async function withSecret<T>(
  cluster: Cluster,
  use: SecretUse,
  task: (secret: ReplicaSecret, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const api = await openApi({ kubeconfig: cluster.kubeconfig });
  const name = use === 'certificates' ? SECRET : 'iomesh-guard-paths';
  try {
    return await task(new ReplicaSecret(api, NAMESPACE, name, use), AbortSignal.timeout(10_000));
  } finally {
    await api.close();
  }
}
