import { encodeLedger } from '../../../src/cluster/ledger/codec.ts';
import { LEDGER_ANNOTATION } from '../../../src/cluster/ledger/lease-store.ts';
import { NAMESPACE } from '../../deploy/objects.ts';
import { type Cluster, expectOk } from './cluster.ts';

/** The Lease that an older version's manifests create. */
export const UNUSED_LEDGER = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { name: 'iomesh-guard-ledger', namespace: NAMESPACE },
  spec: {},
};

/**
 * Empties the ledger. An object that was created and deleted before the ledger was read again would be
 * pending in the next test for minutes.
 */
export async function emptyLedger(cluster: Cluster): Promise<void> {
  const lease = ['lease', 'iomesh-guard-ledger', '-n', NAMESPACE];
  const read = await cluster.kubectl(['get', ...lease, '-o', 'json']);
  expectOk(read);
  if (JSON.parse(read.stdout).metadata.annotations?.[LEDGER_ANNOTATION] === undefined) return;
  const empty = `${LEDGER_ANNOTATION}=${encodeLedger({ entries: [] })}`;
  expectOk(await cluster.kubectl(['annotate', ...lease, '--overwrite', empty]));
}
