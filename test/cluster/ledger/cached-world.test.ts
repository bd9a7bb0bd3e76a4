/** A review uses the cache of the watches if it has everything that the ledger no longer has. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { LedgerContent, LedgerState, LedgerStore } from '../../../src/cluster/ledger/types.ts';
import { type LedgerEvent, ReplicatedLedger } from '../../../src/cluster/ledger/ledger.ts';
import type { LiveWorld } from '../../../src/cluster/live-world.ts';
import { WATCHED } from '../../../src/cluster/kinds.ts';
import { type Resource, toResource } from '../../../src/core/base/model.ts';
import { World } from '../../../src/core/world.ts';
import type { ApiServer, Obj } from '../../support/apiserver.ts';
import { configMap, QUICK, startServer, storageClass, watchWorld } from '../../support/cluster.ts';

const NOTHING = { shown: [], listed: {} };
/** Long, so that the machine can be slow. */
const TIMINGS = { ...QUICK, timeoutSeconds: 60, silenceMs: 60_000, provenMs: 60_000, shownMs: 500 };

async function started(timings: Partial<typeof TIMINGS> = {}) {
  const server = await startServer();
  server.put(storageClass('first'));
  const { world, read } = watchWorld(server, { timings: { ...TIMINGS, ...timings } });
  await read();
  await expect.poll(() => server.openWatches).toBe(WATCHED.length);
  return { server, world, read };
}

function shown(object: Obj) {
  const { uid, resourceVersion } = object['metadata'];
  const { key } = toResource(object as never)!;
  return { shown: [{ key, uid, resourceVersion }], listed: {} };
}

/** The names and versions of all kinds that reviews list, not those of the watches. */
function lists(server: ApiServer): number {
  return server.requests.filter(
    ({ verb, accept, plural }) =>
      verb === 'list' && plural === 'storageclasses' && accept.includes('PartialObjectMetadataList'),
  ).length;
}

describe('the cache of the watches', () => {
  it('is used without a list after one has shown that it lacks nothing', async () => {
    const { server, world } = await started();
    const before = lists(server);
    const cached = await world.cached(NOTHING);
    expect(cached).toBeInstanceOf(World);
    expect((cached as World).get('StorageClass', undefined, 'first')).toBeDefined();
    expect(lists(server)).toBe(before);
  });

  it('is not used when the last list is too old, until the next one', async () => {
    const { world, read } = await started({ provenMs: 300 });
    await sleep(350);
    expect(await world.cached(NOTHING)).toBe('unproven');
    await read();
    expect(await world.cached(NOTHING)).toBeInstanceOf(World);
  });

  it('is never used if every review must list', async () => {
    const { world } = await started({ provenMs: 0 });
    expect(await world.cached(NOTHING)).toBe('unproven');
  });

  it('is compared with a list in the background while there is work', async () => {
    const { server, world } = await started({ provenMs: 1500 });
    const before = lists(server);
    for (let elapsed = 0; elapsed < 3000; elapsed += 50) {
      await world.cached(NOTHING);
      await sleep(50);
    }
    expect(lists(server)).toBeGreaterThan(before);
    expect(await world.cached(NOTHING)).toBeInstanceOf(World);
  });

  it('is used as soon as it shows a change that is needed, and not before', async () => {
    const { server, world } = await started();
    server.lagMs = 100;
    const stored = server.put(storageClass('second'));
    const cached = await world.cached(shown(stored));
    expect((cached as World).get('StorageClass', undefined, 'second')).toBeDefined();
    server.lagMs = 60_000;
    expect(await world.cached(shown(server.put(storageClass('third'))))).toBe('behind');
  });

  it('has reached an object that it saw deleted', async () => {
    const { server, world } = await started();
    const stored = server.put(storageClass('second'));
    await expect.poll(async () => await world.cached(shown(stored))).toBeInstanceOf(World);
    server.delete('StorageClass', 'second');
    const has = async () => ((await world.cached(NOTHING)) as World).count('StorageClass');
    await expect.poll(has).toBe(1);
    expect(await world.cached(shown(stored))).toBeInstanceOf(World);
  });

  it('needs a list with everything up to the version that the ledger names', async () => {
    const { server, world, read } = await started();
    const { resourceVersion } = server.put(storageClass('second'))['metadata'];
    const needs = { shown: [], listed: { StorageClass: resourceVersion } };
    expect(await world.cached(needs)).toBe('unproven');
    await read();
    await expect.poll(async () => await world.cached(needs)).toBeInstanceOf(World);
  });

  it('reaches no version that is not an integer', async () => {
    const { world } = await started();
    const key = toResource(storageClass('first') as never)!.key;
    expect(await world.cached({ shown: [{ key, resourceVersion: 'a1' }], listed: {} })).toBe('behind');
    expect(await world.cached({ shown: [], listed: { StorageClass: 'a1' } })).toBe('unproven');
  });

  it('must be proven again after a watch has ended', async () => {
    const { server, world } = await started();
    server.breakWatches();
    await expect.poll(async () => await world.cached(NOTHING)).toBe('unproven');
  });

  it('is listed anew if the watch does not deliver what a list has shown', async () => {
    const { server, world, read } = await started();
    server.lagMs = 60_000;
    const stored = server.put(storageClass('second'));
    expect((await read()).get('StorageClass', undefined, 'second')).toBeDefined();
    await expect
      .poll(async () => await world.cached(shown(stored)), { timeout: 10_000 })
      .toBeInstanceOf(World);
  }, 20_000);

  it('is listed anew after an event that is older than the last one', async () => {
    const { server, world } = await started();
    server.put(storageClass('second', { old: 'true' }));
    const stored = server.put(storageClass('second', { old: 'false' }));
    await expect.poll(async () => await world.cached(shown(stored))).toBeInstanceOf(World);
    server.repeatEvents('storageclasses');
    const parameters = () =>
      [...world.cachedObjects('StorageClass')].find(({ resource }) => resource.ref.name === 'second')
        ?.resource.json['parameters'];
    for (let attempt = 0; attempt < 20; attempt += 1) {
      expect(parameters()).toEqual({ old: 'false' });
      await sleep(10);
    }
  });

  it('is listed anew after a restore of etcd', async () => {
    const { server, world, read } = await started();
    const restore = server.backup();
    server.delete('StorageClass', 'first');
    server.put(configMap('default', 'later'));
    await expect.poll(() => [...world.cachedObjects('StorageClass')].length).toBe(0);
    restore();
    world.distrust();
    await expect
      .poll(async () => {
        // A list that began before its watch broke proves nothing.
        await read();
        const cached = await world.cached(NOTHING);
        return cached instanceof World && cached.get('StorageClass', undefined, 'first') !== undefined;
      })
      .toBe(true);
  });
});

/** A ledger in memory. */
function memoryStore(): LedgerStore & { content: LedgerContent } {
  const store = {
    content: { entries: [] } as LedgerContent,
    version: 1,
    read: async (): Promise<LedgerState> => ({
      ...store.content,
      version: String(store.version),
      identity: 'ledger',
      untouched: false,
    }),
    peek: () => store.read(),
    async write(content: LedgerContent, version: string | undefined) {
      if (version !== String(store.version)) return { result: 'conflict' as const };
      store.content = content;
      store.version += 1;
      return { result: 'ok' as const, version: String(store.version) };
    },
  };
  return store;
}

function openLedger(world: LiveWorld) {
  const sources: string[] = [];
  const store = memoryStore();
  const observe = (event: LedgerEvent) => {
    if (event.kind === 'world') sources.push(event.source);
  };
  const ledger = new ReplicatedLedger({ store, reader: world, observe });
  const created = (object: Obj): Resource =>
    toResource({ ...object, metadata: { ...object['metadata'], uid: object['metadata'].name } } as never)!;
  const decide = async (object: Obj, answer: { allowed: boolean; restsOn?: readonly Resource[] }) => {
    sources.length = 0;
    const request = {
      change: { after: created(object) },
      user: 'admin',
      dryRun: false,
      evaluate: () => ({ ...answer, answer: answer.allowed }),
    };
    return await ledger.decide(request, 5000, AbortSignal.timeout(5000));
  };
  return { ledger, store, sources, decide, created };
}

describe('the ledger', () => {
  it('lists for the first change, and then for a denial that does not say what it rests on', async () => {
    const { world } = await started();
    const { sources, decide } = openLedger(world);
    expect(await decide(storageClass('a'), { allowed: true })).toBe(true);
    expect(sources).toEqual(['unrecorded']);
    await world.current(AbortSignal.timeout(5000));
    expect(await decide(storageClass('b'), { allowed: true })).toBe(true);
    expect(sources).toEqual(['watch']);
    expect(await decide(storageClass('c'), { allowed: false })).toBe(false);
    expect(sources).toEqual(['watch', 'confirm']);
    // The first change of this object is still pending.
    expect(await decide(storageClass('b'), { allowed: true })).toBe(true);
    expect(sources).toEqual(['watch', 'confirm']);
  });

  it('reads the object again that a denial rests on, and lists if it has changed', async () => {
    const { server, world } = await started();
    const { sources, decide } = openLedger(world);
    await decide(storageClass('a'), { allowed: true });
    const first = (await world.current(AbortSignal.timeout(5000))).get('StorageClass', undefined, 'first')!;
    const reads = () => server.count('get', 'storageclasses');
    expect(await decide(storageClass('b'), { allowed: false, restsOn: [first] })).toBe(false);
    expect([sources, reads()]).toEqual([['watch'], 1]);

    server.lagMs = 60_000;
    server.put(storageClass('first', { changed: 'true' }));
    expect(await decide(storageClass('c'), { allowed: false, restsOn: [first] })).toBe(false);
    expect([sources, reads()]).toEqual([['watch', 'confirm'], 3]);
    server.delete('StorageClass', 'first');
    expect(await decide(storageClass('d'), { allowed: false, restsOn: [first] })).toBe(false);
    expect(sources).toEqual(['watch', 'confirm']);
  });

  it('names a removed change, and needs it in the cache', async () => {
    const { server, world } = await started();
    const { store, sources, decide, created } = openLedger(world);
    await decide(storageClass('a'), { allowed: true });
    const stored = server.put(created(storageClass('a')).json);
    await expect.poll(async () => await world.cached(shown(stored))).toBeInstanceOf(World);
    await decide(storageClass('b'), { allowed: true });
    expect(store.content.entries.map(({ key }) => key)).toEqual(['StorageClass/b']);
    const { uid, resourceVersion } = stored['metadata'];
    expect(store.content.progress?.applied).toEqual([{ key: 'StorageClass/a', uid, resourceVersion }]);

    const { progress } = store.content;
    const missing = { key: 'StorageClass/z', uid: 'z', resourceVersion: '999999' };
    store.content = { ...store.content, progress: { ...progress!, applied: [missing] } };
    await decide(storageClass('c'), { allowed: true });
    expect(sources).toEqual(['behind']);
  });

  it('completes an object in the cache if the patch does not depend on pending changes', async () => {
    const { world } = await started();
    const { ledger, sources, decide, created } = openLedger(world);
    await decide(storageClass('a'), { allowed: true });
    await world.current(AbortSignal.timeout(5000));
    const complete = async (evaluate: (world: World) => string) => {
      sources.length = 0;
      const change = { after: created(storageClass('b')) };
      const request = { change, evaluate: (each: World) => ({ allowed: true, answer: evaluate(each) }) };
      return await ledger.evaluate(request, AbortSignal.timeout(5000));
    };
    expect(await complete(() => 'same')).toBe('same');
    expect(sources).toEqual(['watch']);
    expect(await complete((each) => String(each.count('StorageClass')))).toBe('1');
    expect(sources).toEqual(['watch', 'confirm']);
  });
});
