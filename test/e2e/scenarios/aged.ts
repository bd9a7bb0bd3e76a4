import { expect } from 'vitest';
import { issueLeaf } from '../../../src/certificates/issue.ts';
import { CertificateSecret, type StoredCertificates } from '../../../src/certificates/secret.ts';
import { openApi } from '../../../src/cluster/open.ts';
import { NAMESPACE } from '../../deploy/objects.ts';
import type { Cluster } from '../support/cluster.ts';

/** The Secret by which replicas share certificates of their own making. */
export const SECRET = 'iomesh-guard-certificates';

/** Puts other certificates into the Secret, as time would have. */
export async function rewriteCertificates(
  cluster: Cluster,
  change: (kept: StoredCertificates | undefined) => Promise<StoredCertificates>,
): Promise<StoredCertificates> {
  const api = await openApi({ kubeconfig: cluster.kubeconfig });
  const signal = AbortSignal.timeout(10_000);
  try {
    const secret = new CertificateSecret(api, NAMESPACE, SECRET);
    const state = await secret.read(signal);
    const changed = await change(state.certificates);
    expect(await secret.write(state, changed, signal)).toBe(true);
    return changed;
  } finally {
    await api.close();
  }
}

/** The certificates as they stand on the 61st day of the one that is served. */
export function onDay61(cluster: Cluster): Promise<StoredCertificates> {
  return rewriteCertificates(cluster, async (kept) => {
    if (kept === undefined) throw new Error('there are no certificates yet');
    const issued = Date.now() - 61 * 86_400_000;
    return { ...kept, leaf: await issueLeaf({ ...kept.current, notBefore: 0 }, kept.leaf.names, issued) };
  });
}
