import { expect } from 'vitest';
import { issueLeaf } from '../../../src/certificates/issue.ts';
import { CertificateSecret, type StoredCertificates } from '../../../src/certificates/secret.ts';
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

/** Replaces the leaf by one that is 61 days old. */
export function onDay61(cluster: Cluster): Promise<StoredCertificates> {
  return rewriteCertificates(cluster, async (kept) => {
    if (kept === undefined) throw new Error('there are no certificates yet');
    const issued = Date.now() - 61 * 86_400_000;
    return { ...kept, leaf: await issueLeaf({ ...kept.current, notBefore: 0 }, kept.leaf.names, issued) };
  });
}
