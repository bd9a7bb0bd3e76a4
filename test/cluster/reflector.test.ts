/** The watches of the live world: they recover from every failure, and the metrics show it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { TIMINGS } from '../../src/cluster/timings.ts';
import type { ApiServer, Fault, ReceivedRequest } from '../support/apiserver.ts';
import { configMap, example, startServer, storageClass, watchWorld } from '../support/cluster.ts';
import { metric } from '../support/webhook.ts';

const CLASSES = { kind: 'StorageClass' };
const names = (watched: ReturnType<typeof watchWorld>) => storedClasses(watched.world);

/** The cached StorageClasses, without a read of the apiserver. */
function storedClasses(world: ReturnType<typeof watchWorld>['world']): string[] {
  return [...world.cachedObjects('StorageClass')].map(({ resource }) => resource.ref.name).sort();
}

async function follows(
  server: ApiServer,
  watched: ReturnType<typeof watchWorld>,
  name: string,
): Promise<void> {
  server.put(storageClass(name));
  await expect.poll(() => names(watched), { timeout: 5000 }).toContain(name);
}

async function started(prepare: (server: ApiServer) => void = () => {}) {
  const server = await startServer();
  server.put(storageClass('first'));
  prepare(server);
  const watched = watchWorld(server);
  await expect.poll(() => watched.world.ready, { timeout: 5000 }).toBe(true);
  const connected = () => metric(watched.metrics, 'iomesh_guard_watch_connected', CLASSES);
  await expect.poll(connected, { timeout: 5000 }).toBe(1);
  return { server, watched };
}

/** Lets the next requests for StorageClasses fail. Returns how many failures are left. */
function failNext(
  server: ApiServer,
  verb: ReceivedRequest['verb'],
  fault: Fault,
  times: number,
): () => number {
  let left = times;
  server.fault = (request) => {
    if (request.plural !== 'storageclasses' || request.verb !== verb || left === 0) return undefined;
    left -= 1;
    return fault;
  };
  return () => left;
}

describe('the watches', () => {
  it('list in pages, then apply creations, updates and deletions', async () => {
    const { server, watched } = await started((server) => {
      for (let each = 0; each < 10; each++) server.put(storageClass(`class-${each}`));
    });
    expect(names(watched)).toHaveLength(11);
    expect(server.requests.some(({ query }) => query.has('continue'))).toBe(true);
    await follows(server, watched, 'second');
    server.put(storageClass('second', { replicaFactor: '3' }));
    const factor = () =>
      [...watched.world.cachedObjects('StorageClass')].find(({ resource }) => resource.ref.name === 'second')
        ?.resource.json['parameters'];
    await expect.poll(factor).toEqual({ replicaFactor: '3' });
    server.delete('StorageClass', 'second');
    await expect.poll(() => names(watched)).not.toContain('second');
    expect(server.count('list', 'storageclasses')).toBe(4);
    expect(await metric(watched.metrics, 'iomesh_guard_watch_objects', CLASSES)).toBe(11);
    expect(await metric(watched.metrics, 'iomesh_guard_watch_connected', CLASSES)).toBe(1);
  });

  it('request bookmarks and a timeout, and continue from the last version after it', async () => {
    const { server, watched } = await started();
    const watch = server.requests.find(({ verb }) => verb === 'watch')!;
    expect(watch.query.get('allowWatchBookmarks')).toBe('true');
    expect(watch.query.get('timeoutSeconds')).toBe('1');
    // Bookmarks have the versions of other kinds; the watch continues from there.
    server.put(configMap('default', 'other'));
    const version = server.put(configMap('default', 'another'))['metadata'].resourceVersion;
    const next = () =>
      server.requests.filter(({ verb, plural }) => verb === 'watch' && plural === 'storageclasses')[1];
    await expect.poll(next, { timeout: 5000 }).toBeDefined();
    expect(next()?.query.get('resourceVersion')).toBe(version);
    await follows(server, watched, 'second');
    expect(server.count('list', 'storageclasses')).toBe(1);
    const closed = { ...CLASSES, reason: 'closed' };
    expect(await metric(watched.metrics, 'iomesh_guard_watch_interruptions_total', closed)).toBe(1);
  });

  it.each<[string, Fault]>([
    ['503', { status: 503 }],
    ['429', { status: 429, retryAfter: 1 }],
    ['a reset connection', 'reset'],
    ['a connection that breaks', 'break'],
  ])('recover from %s without listing again', async (_, fault) => {
    const { server, watched } = await started();
    const left = failNext(server, 'watch', fault, 3);
    server.breakWatches();
    await expect.poll(left, { timeout: 5000 }).toBe(0);
    await follows(server, watched, 'second');
    expect(server.count('list', 'storageclasses')).toBe(1);
    const broken = { ...CLASSES, reason: 'broken' };
    expect(await metric(watched.metrics, 'iomesh_guard_watch_interruptions_total', broken)).toBe(4);
    const messages = watched.lines.filter(({ kind }) => kind === 'StorageClass').map(({ msg }) => msg);
    expect(messages).toContain('watch failed; retrying');
    expect(messages.at(-1)).toBe('recovered');
  });

  it('list again after 410 as an event and as a response', async () => {
    const { server, watched } = await started();
    server.fault = ({ verb }) => (verb === 'watch' ? { status: 503 } : undefined);
    server.breakWatches();
    server.delete('StorageClass', 'first');
    server.put(storageClass('meanwhile'));
    server.compact();
    server.fault = () => undefined;
    await expect.poll(() => names(watched), { timeout: 5000 }).toEqual(['meanwhile']);
    const expired = () =>
      metric(watched.metrics, 'iomesh_guard_watch_interruptions_total', { ...CLASSES, reason: 'expired' });
    expect(await expired()).toBe(1);
    server.put(storageClass('later'));
    server.compact();
    await expect.poll(expired, { timeout: 5000 }).toBe(2);
    await follows(server, watched, 'second');
    expect(names(watched)).toEqual(['later', 'meanwhile', 'second']);
  });

  it('end before their silence counts, since some apiservers send no bookmarks', () => {
    expect(TIMINGS.timeoutSeconds * 1000).toBeLessThan(TIMINGS.silenceMs);
  });

  it('close a connection without events and bookmarks', async () => {
    const { server, watched } = await started();
    const left = failNext(server, 'watch', 'mute', 1);
    server.breakWatches();
    await expect.poll(left).toBe(0);
    server.put(storageClass('unseen'));
    await expect.poll(() => names(watched), { timeout: 5000 }).toContain('unseen');
    const silence = { ...CLASSES, reason: 'silence' };
    expect(await metric(watched.metrics, 'iomesh_guard_watch_interruptions_total', silence)).toBe(1);
  });

  it.each<[string, Fault]>([
    ['503', { status: 503 }],
    ['500', { status: 500 }],
    ['a reset connection', 'reset'],
  ])('survive a first list that fails with %s', async (_, fault) => {
    const server = await startServer();
    server.put(storageClass('first'));
    const left = failNext(server, 'list', fault, 3);
    const watched = watchWorld(server);
    await expect.poll(left, { timeout: 5000 }).toBe(0);
    await expect.poll(() => watched.world.ready, { timeout: 5000 }).toBe(true);
    await follows(server, watched, 'second');
    const failed = { ...CLASSES, result: 'failed' };
    expect(await metric(watched.metrics, 'iomesh_guard_watch_lists_total', failed)).toBe(3);
  });

  it('start a list again whose continue token expired', async () => {
    const server = await startServer();
    for (let each = 0; each < 10; each++) server.put(storageClass(`class-${each}`));
    let first = true;
    server.fault = ({ plural, query }) => {
      if (plural === 'storageclasses' && query.has('continue') && first) {
        first = false;
        server.compact();
      }
      return undefined;
    };
    const watched = watchWorld(server);
    await expect.poll(() => watched.world.ready, { timeout: 5000 }).toBe(true);
    expect(first).toBe(false);
    expect(names(watched)).toHaveLength(10);
  });

  it('back off when watches end at once', async () => {
    const { server } = await started();
    failNext(server, 'watch', 'end', -1);
    server.breakWatches();
    const before = server.count('watch', 'storageclasses');
    await sleep(1000);
    expect(server.count('watch', 'storageclasses') - before).toBeLessThan(20);
  });

  it('show the time since the last event or bookmark', async () => {
    const { server, watched } = await started();
    const age = () => metric(watched.metrics, 'iomesh_guard_watch_age_seconds', CLASSES);
    await sleep(300);
    expect(await age()).toBeLessThan(0.25);
    await server.away(async () => {
      await sleep(500);
      expect(await age()).toBeGreaterThan(0.4);
      expect(await metric(watched.metrics, 'iomesh_guard_watch_connected', CLASSES)).toBe(0);
    });
    await expect.poll(age, { timeout: 5000 }).toBeLessThan(0.25);
    expect(await metric(watched.metrics, 'iomesh_guard_watch_connected', CLASSES)).toBe(1);
  });

  it('end when they are closed, and send no more requests', async () => {
    const { server, watched } = await started();
    await watched.world.close();
    await expect.poll(() => server.openWatches).toBe(0);
    const before = server.requests.length;
    server.put(storageClass('second'));
    await sleep(300);
    expect(server.requests.length).toBe(before);
    expect(watched.lines.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });
});

describe('a kind', () => {
  it('is read as soon as it is installed', async () => {
    const { server, watched } = await started((server) => server.missing.add('iomeshclusters'));
    expect((await watched.read()).count('IOMeshCluster')).toBe(0);
    const messages = watched.lines.filter(({ kind }) => kind === 'IOMeshCluster').map(({ msg }) => msg);
    expect(messages).toEqual(['kind is not installed; retrying periodically']);
    server.missing.clear();
    for (const object of example('management/iomesh.yaml')) server.put(object);
    await expect
      .poll(() => [...watched.world.cachedObjects('IOMeshCluster')].length, { timeout: 5000 })
      .toBe(1);
  });

  it('is in the next world after it is installed', async () => {
    const { server, watched } = await started((server) => server.missing.add('iomeshclusters'));
    await watched.read();
    server.missing.clear();
    for (const object of example('management/iomesh.yaml')) server.put(object);
    expect((await watched.read()).count('IOMeshCluster')).toBe(1);
  });

  it('is empty in the next world after its objects and then its definition are deleted', async () => {
    const { server, watched } = await started((server) => {
      for (const object of example('management/iomesh.yaml')) server.put(object);
    });
    expect((await watched.read()).count('IOMeshCluster')).toBe(1);
    server.delete('IOMeshCluster', 'iomesh', 'iomesh-system');
    await expect.poll(() => [...watched.world.cachedObjects('IOMeshCluster')].length).toBe(0);
    server.missing.add('iomeshclusters');
    server.breakWatches();
    expect((await watched.read()).count('IOMeshCluster')).toBe(0);
  });

  it('cannot be verified if it is not served any more, but objects are known', async () => {
    const { server, watched } = await started((server) => {
      for (const object of example('management/iomesh.yaml')) server.put(object);
    });
    expect((await watched.read()).count('IOMeshCluster')).toBe(1);
    server.missing.add('iomeshclusters');
    const reason =
      'iomeshclusters are no longer served, but 1 IOMeshCluster is known; if they were deleted, restart the pods';
    await expect(watched.read()).rejects.toThrow(reason);
    server.breakWatches();
    await expect.poll(() => watched.lines.map((line) => String(line['reason'])).join()).toContain(reason);
    await expect(watched.read()).rejects.toThrow(reason);
    server.missing.clear();
    await expect.poll(async () => (await watched.read()).count('IOMeshCluster'), { timeout: 5000 }).toBe(1);
  });

  it('is read in another version if the known one is not served any more', async () => {
    const { server, watched } = await started((server) => {
      for (const object of example('management/iomesh.yaml')) server.put(object);
    });
    server.served.set('iomeshclusters', ['v1beta1', 'v1alpha1']);
    expect((await watched.read()).all('IOMeshCluster')[0]?.ref.apiVersion).toBe('iomesh.com/v1alpha1');
    server.served.set('iomeshclusters', ['v1beta1']);
    expect((await watched.read()).all('IOMeshCluster')[0]?.ref.apiVersion).toBe('iomesh.com/v1beta1');
    for (const object of example('cluster-1/iomesh.yaml')) server.put(object);
    expect((await watched.read()).count('IOMeshCluster')).toBe(2);
    const messages = watched.lines.filter(({ kind }) => kind === 'IOMeshCluster').map(({ msg }) => msg);
    expect(messages).toContain('the kind is served in another version');
  });

  it('is read in another version from the start', async () => {
    const { watched } = await started((server) => {
      server.served.set('iomeshclusters', ['v1beta1']);
      server.served.set('zookeeperclusters', ['v1']);
      for (const file of ['iomesh', 'zookeeper'])
        for (const object of example(`management/${file}.yaml`)) server.put(object);
    });
    const world = await watched.read();
    expect(world.count('IOMeshCluster')).toBe(1);
    expect(world.count('ZookeeperCluster')).toBe(1);
  });

  it('cannot be verified if discovery has it and it cannot be listed', async () => {
    const server = await startServer();
    server.fault = ({ plural }) => (plural === 'iomeshclusters' ? { status: 404 } : undefined);
    const watched = watchWorld(server);
    await expect(watched.read(2500)).rejects.toThrow(/iomeshclusters cannot be read/);
  });
});

describe('nodes', () => {
  const node = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    status: { images: ['large'] },
  });

  it('are absent without permission to list them, which is logged once', async () => {
    const { server, watched } = await started((server) => {
      server.put(node('k8s-worker-0'));
      server.forbidden.add('nodes');
    });
    expect((await watched.read()).count('Node')).toBe(0);
    await sleep(400);
    expect(server.count('list', 'nodes')).toBeGreaterThan(2);
    const messages = watched.lines.filter(({ kind }) => kind === 'Node');
    expect(messages.map(({ msg }) => msg)).toEqual([
      'no permission to list; rules that need this kind are skipped',
    ]);
    server.forbidden.clear();
    await expect.poll(async () => (await watched.read()).count('Node'), { timeout: 5000 }).toBe(1);
  });

  it('are requested with metadata only', async () => {
    const { server, watched } = await started((server) => server.put(node('k8s-worker-0')));
    const { json } = (await watched.read()).get('Node', undefined, 'k8s-worker-0')!;
    expect(Object.keys(json).sort()).toEqual(['apiVersion', 'kind', 'metadata']);
    expect(
      server.requests
        .filter(({ plural }) => plural === 'nodes')
        .every(({ accept }) => accept.includes('PartialObject')),
    ).toBe(true);
  });
});
