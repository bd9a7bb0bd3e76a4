import { expect, it } from 'vitest';
import { connect } from '../../src/cluster/client/connect.ts';
import { startServer } from '../support/cluster.ts';

it('sends many requests with one signal without a warning of Node', async () => {
  const server = await startServer();
  const warnings: string[] = [];
  const note = (warning: Error) => void warnings.push(warning.name);
  process.on('warning', note);
  const api = connect({ kubeconfig: server.kubeconfig });
  try {
    const signal = AbortSignal.timeout(20_000);
    const list = () => api.request('GET', '/api/v1/configmaps', { signal });
    await Promise.all(Array.from({ length: 16 }, list));
    await new Promise(setImmediate);
    expect(warnings).toEqual([]);
  } finally {
    process.off('warning', note);
    await api.close();
  }
});
