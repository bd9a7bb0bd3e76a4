/** ConfigMaps of other applications, which can have a megabyte each: what is requested and kept of them. */
import { describe, expect, it } from 'vitest';
import type { Api } from '../../src/cluster/api.ts';
import { connect } from '../../src/cluster/client/connect.ts';
import { readSnapshot } from '../../src/cluster/snapshot.ts';
import { DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import type { ApiServer, Obj } from '../support/apiserver.ts';
import { configMap, QUICK, startServer, watchWorld } from '../support/cluster.ts';

const MIB = 2 ** 20;
const timings = { ...QUICK, listMs: 60_000, readMs: 60_000, pageSize: 500 };

/** The client of a server, and the sizes of the responses that it has read. */
function measured(server: ApiServer) {
  const api = connect({ kubeconfig: server.kubeconfig });
  const sizes: number[] = [];
  const measuring: Api = {
    ...api,
    request: (method, path, options = {}) =>
      api.request(method, path, {
        ...options,
        onSize(bytes) {
          sizes.push(bytes);
          options.onSize?.(bytes);
        },
      }),
  };
  return { api: measuring, sizes };
}

function fill(server: ApiServer): void {
  // The small ones come first: they let the pages grow.
  for (let each = 0; each < 200; each++) server.put(configMap('default', `a-${each}`, { text: 'small' }));
  for (let each = 0; each < 40; each++)
    server.put(configMap('default', `b-${each}`, { text: `—${'x'.repeat(MIB)}` }));
  for (let each = 0; each < 200; each++) server.put(configMap('default', `c-${each}`, { text: 'small' }));
  server.put(configMap('default', 'iomesh', { clusterId: 'c', iscsiPortal: '127.0.0.1:3260' }));
}

const names = (resources: Iterable<{ ref: { name: string } }>) => [...resources].map(({ ref }) => ref.name);

describe('large ConfigMaps of others', { timeout: 60_000 }, () => {
  it('are listed in pages of a few megabytes at the start of serve', async () => {
    const server = await startServer();
    fill(server);
    const { api, sizes } = measured(server);
    const { world } = watchWorld(server, { api, timings });
    await expect.poll(() => world.ready, { timeout: 60_000 }).toBe(true);
    const kept = [...world.cachedObjects('ConfigMap')].filter(({ whole }) => whole);
    expect(names(kept.map(({ resource }) => resource))).toEqual(['iomesh']);
    expect([...world.cachedObjects('ConfigMap')]).toHaveLength(441);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(8 * MIB);
    // Small objects come in large pages.
    expect(server.count('list', 'configmaps')).toBeLessThan(60);
  });

  it('are listed in the same pages by audit and lint --context', async () => {
    const server = await startServer();
    fill(server);
    const { api, sizes } = measured(server);
    const { resources } = await readSnapshot(api, DEFAULT_CONFIG, AbortSignal.timeout(60_000));
    expect(names(resources)).toEqual(['iomesh']);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(8 * MIB);
    await api.close();
  });

  it('are listed if one alone is larger than a page', async () => {
    const server = await startServer();
    for (let each = 0; each < 3; each++)
      server.put(configMap('default', `huge-${each}`, { text: 'x'.repeat(9 * MIB) }));
    const { world } = watchWorld(server, { timings });
    await expect.poll(() => world.ready, { timeout: 60_000 }).toBe(true);
    expect([...world.cachedObjects('ConfigMap')]).toHaveLength(3);
  });

  it('keep of a connection ConfigMap the keys and the short values', async () => {
    const server = await startServer();
    const long = 'x'.repeat(MIB);
    const keys = Object.fromEntries(Array.from({ length: 1000 }, (_, each) => [`key-${each}`, 'x']));
    const metadata = { annotations: { long, short: 'kept', 'iomesh-guard.io/ignore': `IOM202 ${long}` } };
    const stored: Obj = configMap('default', 'iomesh', {
      blob: long,
      metaAddr: long,
      ...keys,
      clusterId: 'c',
      iscsiPortal: 'p',
    });
    Object.assign(stored['metadata'], metadata);
    server.put({ ...stored, binaryData: { binary: long } });
    const { world } = watchWorld(server, { timings });
    await expect.poll(() => world.ready, { timeout: 60_000 }).toBe(true);
    const [kept] = [...world.cachedObjects('ConfigMap')].map(({ resource }) => resource.json as Obj);
    expect(kept?.['metadata'].annotations).toEqual({
      short: 'kept',
      'iomesh-guard.io/ignore': `IOM202 ${long}`,
    });
    expect(kept?.['data']).toMatchObject({ clusterId: 'c', iscsiPortal: 'p', blob: '', 'key-0': 'x' });
    expect(kept?.['data'].metaAddr).toBe('x'.repeat(4096));
    expect(kept?.['binaryData']).toEqual({ binary: '' });
    // More than a ConfigMap can have whose keys are compared with the right ones.
    expect(Object.keys(kept?.['data']).length).toBe(254);
  });
});
