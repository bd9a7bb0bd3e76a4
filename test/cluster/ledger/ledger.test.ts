/** The ledger behind the webhook: what a user and an operator notice. */
import { essence, matters } from '../../../src/admission/ledger-view.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { pino } from 'pino';
import { at, type JsonObject } from '../../../src/core/base/json.ts';
import { type Resource, toResource } from '../../../src/core/base/model.ts';
import { World } from '../../../src/core/world.ts';
import { decode, encode } from '../../../src/cluster/ledger/codec.ts';
import { type Entry, entryOf, isSettled, parseEntries } from '../../../src/cluster/ledger/entry.ts';
import { LeaseStore, LEDGER_ANNOTATION } from '../../../src/cluster/ledger/lease-store.ts';
import {
  ReplicatedLedger,
  type LedgerEvent,
  type LedgerOptions,
} from '../../../src/cluster/ledger/ledger.ts';
import { possibleWorlds } from '../../../src/cluster/ledger/possible.ts';
import { buildApp } from '../../../src/webhook/app.ts';
import { DecisionLog } from '../../../src/webhook/log.ts';
import { Metrics } from '../../../src/webhook/metrics.ts';
import { ask, reviewOf } from '../../webhook/support.ts';
import { ObjectStore } from './object-store.ts';

const PATH = '/apis/coordination.k8s.io/v1/namespaces/guard/leases/ledger';
const INSTALLED = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { namespace: 'guard', name: 'ledger', labels: { team: 'storage' } },
};

const ledgers: ReplicatedLedger[] = [];
afterEach(() => {
  for (const each of ledgers.splice(0)) each.close();
});

/** What the cluster holds, and replicas over one store of objects. */
class Cluster {
  readonly api = new ObjectStore();
  readonly objects = new Map<string, Resource>();
  readonly events: LedgerEvent[] = [];
  reads = 0;

  constructor(installed = true) {
    if (installed) this.api.put(PATH, INSTALLED);
  }

  replica(options: Partial<LedgerOptions> = {}) {
    const ledger = new ReplicatedLedger({
      store: new LeaseStore({ api: this.api, namespace: 'guard', name: 'ledger', holder: 'pod' }),
      reader: {
        consistent: async () => {
          this.reads += 1;
          return this.world();
        },
      },
      observe: (event) => this.events.push(event),
      ...options,
    });
    ledgers.push(ledger);
    const app = buildApp({
      source: { ready: true, current: () => this.world() },
      metrics: new Metrics(),
      log: new DecisionLog(pino({ level: 'silent' })),
      ledger,
    });
    return { app: Object.assign(app), ledger };
  }

  world(): World {
    return World.of({ resources: [...this.objects.values()], today: '2026-06-01' });
  }

  store(resource: Resource): Resource {
    const metadata = {
      ...(resource.json['metadata'] as JsonObject),
      resourceVersion: `${this.objects.size + 100}`,
    };
    const stored = toResource({ ...resource.json, metadata })!;
    this.objects.set(stored.key, stored);
    return stored;
  }

  entries(): readonly Entry[] | undefined {
    const lease = this.api.objects.get(PATH) ?? null;
    return decode(at(lease, ['metadata', 'annotations', LEDGER_ANNOTATION]) as string)?.entries;
  }

  writes(): number {
    return this.api.requests.filter((each) => !each.startsWith('GET')).length;
  }
}

/** Text that does not shrink. */
function noise(seed: number, length: number): string {
  const words = Array.from({ length }, (_, index) => (((index + 1) * 2654435761 * seed) >>> 0).toString(36));
  return words.join('');
}

/** An object of which all counts. */
function large(name: string, seed: number, length: number): Resource {
  return toResource({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, uid: name },
    provisioner: 'com.iomesh.csi-driver',
    parameters: { noise: noise(seed, length) },
  })!;
}

function connection(name: string, clusterId = 'one', more: JsonObject = {}): Resource {
  return toResource({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: name, uid: `uid-of-${name}-${clusterId}`, ...more },
    data: {
      clusterId,
      iscsiPortal: '127.0.0.1:3260',
      metaAddr: `${name}-meta-client.${name}.svc.cluster.local:10100`,
    },
  })!;
}

describe('two replicas', () => {
  it('let one of two conflicting objects through, and name the other', async () => {
    const cluster = new Cluster();
    const [one, other] = [cluster.replica(), cluster.replica()];
    const answers = await Promise.all([
      ask(one.app, '/validate', reviewOf({ after: connection('a', 'one') })),
      ask(other.app, '/validate', reviewOf({ after: connection('b', 'two') })),
    ]);
    expect(answers.map(({ response }) => response.allowed).sort()).toEqual([false, true]);
    const denied = answers.find(({ response }) => !response.allowed)!;
    expect(denied.response.status?.message).toMatch(/^IOM201 .*"one".*"two"|^IOM201 .*"two".*"one"/);
    expect(cluster.entries()).toHaveLength(1);
  });

  it('let both of two objects through that fit each other', async () => {
    const cluster = new Cluster();
    const [one, other] = [cluster.replica(), cluster.replica()];
    const answers = await Promise.all([
      ask(one.app, '/validate', reviewOf({ after: connection('a') })),
      ask(other.app, '/validate', reviewOf({ after: connection('b') })),
    ]);
    expect(answers.map(({ response }) => response.allowed)).toEqual([true, true]);
    expect(
      cluster
        .entries()
        ?.map(({ key }) => key)
        .sort(),
    ).toEqual(['ConfigMap/a/a', 'ConfigMap/b/b']);
  });

  it('each get their turn while both are busy', async () => {
    const cluster = new Cluster();
    const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
    cluster.api.meddle = () => pause(2);
    const reader = (milliseconds: number) => ({
      reader: { consistent: () => pause(milliseconds).then(() => cluster.world()) },
    });
    // One replica is five times as far from the apiserver as the other.
    const replicas = [cluster.replica(reader(4)), cluster.replica(reader(20))];
    const until = Date.now() + 3000;
    let count = 0;
    const slowest = [0, 0];
    const busy = async (which: 0 | 1) => {
      while (Date.now() < until) {
        const began = Date.now();
        count += 1;
        const after = connection(`c${count}`);
        const { status, response } = await ask(replicas[which]!.app, '/validate', reviewOf({ after }));
        expect([status, response?.allowed]).toEqual([200, true]);
        cluster.store(after);
        slowest[which] = Math.max(slowest[which]!, Date.now() - began);
      }
    };
    await Promise.all([busy(0), busy(0), busy(0), busy(1), busy(1)]);
    console.info(`ledger: ${count} changes in 3 s through two replicas, slowest ${slowest.join(' and ')} ms`);
    expect(Math.max(...slowest)).toBeLessThan(2500);
  });
});

describe('one replica', () => {
  it('commits what waits in one write', async () => {
    const cluster = new Cluster();
    // An apiserver takes a while to answer.
    cluster.api.meddle = () => new Promise((resolve) => setTimeout(resolve, 30));
    const { app } = cluster.replica();
    const names = Array.from({ length: 12 }, (_, index) => `c${index}`);
    const answers = await Promise.all(
      names.map((name) => ask(app, '/validate', reviewOf({ after: connection(name) }))),
    );
    expect(answers.every(({ response }) => response.allowed)).toBe(true);
    // The first goes alone; those that came meanwhile go together.
    expect(cluster.writes()).toBeLessThanOrEqual(3);
    expect(cluster.entries()).toHaveLength(12);
  });

  it('leaves to the next round what would keep others from being heard', async () => {
    let now = 0;
    const cluster = new Cluster();
    const { ledger } = cluster.replica({ clock: { now: () => now, sleep: async () => {} } });
    await ledger.start();
    const before = cluster.reads;
    const judged: string[] = [];
    const slow = (name: string) =>
      ledger.decide(
        {
          change: { after: connection(name) },
          dryRun: false,
          judge: () => {
            judged.push(name);
            now += 200;
            return { allowed: true, answer: name };
          },
        },
        60_000,
        new AbortController().signal,
      );
    // The first is on its way when the others come, which then wait together.
    const names = ['a', 'b', 'c', 'd', 'e'];
    expect(await Promise.all(names.map(slow))).toEqual(names);
    expect([...new Set(judged)]).toEqual(names);
    expect(cluster.reads - before).toBeGreaterThanOrEqual(3);
    expect(cluster.entries()).toHaveLength(5);
  });

  it('denies with what is stored, once it is', async () => {
    const cluster = new Cluster();
    const { app } = cluster.replica();
    const first = connection('a', 'one');
    expect((await ask(app, '/validate', reviewOf({ after: first }))).response.allowed).toBe(true);
    setTimeout(() => cluster.store(first), 100);
    const began = Date.now();
    const second = await ask(app, '/validate', reviewOf({ after: connection('b', 'two') }));
    expect(second.response.allowed).toBe(false);
    expect(Date.now() - began).toBeLessThan(900);
  });

  it('keeps no more of a question the longer it is held back', async () => {
    const cluster = new Cluster();
    const { app } = cluster.replica();
    const warnings: Error[] = [];
    const note = (warning: Error) => void warnings.push(warning);
    process.on('warning', note);
    try {
      await ask(app, '/validate', reviewOf({ after: connection('a', 'one') }));
      // Held back for a second, in which it is asked again and again.
      const denied = await ask(app, '/validate', reviewOf({ after: connection('b', 'two') }));
      expect(denied.response.allowed).toBe(false);
      expect(cluster.reads).toBeGreaterThan(11);
      expect(warnings).toEqual([]);
    } finally {
      process.off('warning', note);
    }
  });

  it('allows what conflicts with nothing but a change that came to nothing, after its time', async () => {
    let now = 0;
    const clock = {
      now: () => now,
      async sleep() {
        await new Promise((resolve) => setImmediate(resolve));
        now += 300;
      },
    };
    const cluster = new Cluster();
    const { app } = cluster.replica({ clock, holdMs: 60_000 });
    const refused = reviewOf({ after: connection('b', 'two') });
    expect((await ask(app, '/validate', reviewOf({ after: connection('a', 'one') }))).response.allowed).toBe(
      true,
    );
    expect((await ask(app, '/validate', refused)).response.allowed).toBe(false);
    now += 60_001;
    expect((await ask(app, '/validate', refused)).response.allowed).toBe(true);
    expect(cluster.entries()?.map(({ key }) => key)).toEqual(['ConfigMap/b/b']);
  });

  it('removes what is settled', async () => {
    const cluster = new Cluster();
    const { app, ledger } = cluster.replica();
    const first = connection('a');
    await ask(app, '/validate', reviewOf({ after: first }));
    await ledger.tend();
    expect(cluster.entries()).toHaveLength(1);
    const stored = cluster.store(first);
    await ledger.tend();
    expect(cluster.entries()).toEqual([]);
    await ask(app, '/validate', reviewOf({ before: stored }));
    expect(cluster.entries()).toMatchObject([
      { operation: 'delete', key: 'ConfigMap/a/a', uid: 'uid-of-a-one' },
    ]);
    cluster.objects.clear();
    await ledger.tend();
    expect(cluster.entries()).toEqual([]);
  });

  it('writes nothing for a dry run, nor for what no rule looks at', async () => {
    const cluster = new Cluster();
    const { app } = cluster.replica();
    const dry = await ask(app, '/validate', reviewOf({ after: connection('a') }, { dryRun: true }));
    expect(dry.response.allowed).toBe(true);
    const before = cluster.store(connection('b'));
    const after = connection('b', 'one', {
      annotations: { note: 'x' },
      managedFields: [{ manager: 'kubectl' }],
    });
    const reads = cluster.reads;
    expect((await ask(app, '/validate', reviewOf({ before, after }))).response.allowed).toBe(true);
    expect(cluster.reads).toBe(reads);
    expect(cluster.writes()).toBe(0);
  });

  it('sees in a dry run what is under way', async () => {
    const cluster = new Cluster();
    const [one, other] = [cluster.replica(), cluster.replica()];
    await ask(one.app, '/validate', reviewOf({ after: connection('a', 'one') }));
    const dry = await ask(
      other.app,
      '/validate',
      reviewOf({ after: connection('b', 'two') }, { dryRun: true }),
    );
    expect(dry.response.allowed).toBe(false);
  });

  it('does not make others wait for an object that cannot be judged', async () => {
    const cluster = new Cluster();
    const { ledger } = cluster.replica();
    const wrong = ledger.decide(
      {
        change: { after: connection('a') },
        dryRun: false,
        judge: () => {
          throw new RangeError('too deep');
        },
      },
      4000,
      new AbortController().signal,
    );
    const right = ledger.decide(
      { change: { after: connection('b') }, dryRun: false, judge: () => ({ allowed: true, answer: 'yes' }) },
      4000,
      new AbortController().signal,
    );
    await expect(wrong).rejects.toThrow('too deep');
    await expect(right).resolves.toBe('yes');
  });
});

describe('where it cannot be certain', () => {
  const review = reviewOf({ after: connection('a') });
  const fails = (method: string) => {
    if (method !== 'GET') throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  };

  it('says that it cannot verify, within the time', async () => {
    const cluster = new Cluster();
    cluster.api.meddle = fails;
    const { app } = cluster.replica();
    const reply = await app.inject({ method: 'POST', url: '/validate?timeout=1s', payload: review });
    expect(reply.statusCode).toBe(503);
    expect(reply.json()).toMatchObject({ kind: 'Status', message: 'cannot verify: connect ECONNREFUSED' });
  });

  it('tries again until it works', async () => {
    const cluster = new Cluster();
    cluster.api.meddle = fails;
    setTimeout(() => {
      cluster.api.meddle = () => undefined;
    }, 250);
    const { app } = cluster.replica();
    expect((await ask(app, '/validate', review)).response.allowed).toBe(true);
  });

  it('keeps to what may have been written by a request that got no answer', async () => {
    const cluster = new Cluster();
    const [one, other] = [cluster.replica(), cluster.replica()];
    cluster.api.meddle = async (method) => {
      if (method !== 'PUT') return;
      // Written, and the answer never comes.
      cluster.api.meddle = () => undefined;
      const lease = cluster.api.objects.get(PATH) as JsonObject;
      const text = encode({
        entries: [entryOf('lost', { after: connection('a', 'one') }, cluster.world())],
      })!;
      cluster.api.put(PATH, {
        ...lease,
        metadata: { ...(lease['metadata'] as JsonObject), annotations: { [LEDGER_ANNOTATION]: text } },
      });
      await new Promise(() => undefined);
    };
    const reply = await one.app.inject({ method: 'POST', url: '/validate?timeout=500ms', payload: review });
    expect(reply.statusCode).toBe(503);
    const conflicting = await ask(other.app, '/validate', reviewOf({ after: connection('b', 'two') }));
    expect(conflicting.response.allowed).toBe(false);
  });

  it.each([
    ['it was deleted', (cluster: Cluster) => cluster.api.objects.delete(PATH)],
    ['it was emptied', (cluster: Cluster) => cluster.api.put(PATH, INSTALLED)],
    [
      'it holds something else',
      (cluster: Cluster) =>
        cluster.api.put(PATH, {
          ...INSTALLED,
          metadata: { ...INSTALLED.metadata, annotations: { [LEDGER_ANNOTATION]: 'bm8=' } },
        }),
    ],
  ])('allows nothing for a while after %s, then goes on', async (_how, meddle) => {
    let now = 0;
    const clock = { now: () => now, sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) };
    const cluster = new Cluster();
    const { app } = cluster.replica({ clock, holdMs: 60_000 });
    expect((await ask(app, '/validate', review)).response.allowed).toBe(true);
    meddle(cluster);
    now += 1000;
    const reply = await app.inject({
      method: 'POST',
      url: '/validate',
      payload: reviewOf({ after: connection('b') }),
    });
    expect(reply.statusCode).toBe(503);
    expect(reply.json().message).toMatch(
      /^cannot verify: the ledger .* was lost and made anew; .* settled in 60 s$/,
    );
    now += 60_000;
    expect((await ask(app, '/validate', reviewOf({ after: connection('b') }))).response.allowed).toBe(true);
    expect(cluster.entries()?.map(({ key }) => key)).toEqual(['ConfigMap/b/b']);
  });

  it('says so where the ledger is full, and goes on when there is room', async () => {
    const cluster = new Cluster();
    const { app } = cluster.replica();
    const answers: number[] = [];
    const made: Resource[] = [];
    for (const seed of [3, 5, 7, 11, 13, 17]) {
      made.push(large(`large-${seed}`, seed, 9_000));
      const payload = reviewOf({ after: made.at(-1)! });
      answers.push(
        (await app.inject({ method: 'POST', url: '/validate?timeout=400ms', payload })).statusCode,
      );
    }
    expect(answers.slice(0, 3)).toEqual([200, 200, 200]);
    expect(answers.at(-1)).toBe(503);
    for (const each of made) cluster.store(each);
    expect((await ask(app, '/validate', reviewOf({ after: connection('small') }))).response.allowed).toBe(
      true,
    );
  });

  it.each([
    ['a class', large('large', 3, 20_000)],
    ['a connection', connection('large', noise(3, 2000), { uid: 'large' })],
  ])('cannot be filled by %s that is very large', async (_what, after) => {
    const cluster = new Cluster();
    const { app } = cluster.replica();
    const payload = reviewOf({ after });
    const { statusCode, body } = await app.inject({ method: 'POST', url: '/validate', payload });
    expect([statusCode, body]).toEqual([503, expect.stringContaining('too large for the ledger')]);
    expect(cluster.writes()).toBe(0);
  });

  it('takes up next to nothing of a ConfigMap, whatever somebody writes beside a connection', async () => {
    const cluster = new Cluster();
    const { app } = cluster.replica();
    const labels = { note: noise(5, 20_000) };
    const annotations = { 'iomesh-guard.io/note': noise(7, 20_000) };
    const { response } = await ask(
      app,
      '/validate',
      reviewOf({ after: connection('a', 'one', { labels, annotations }) }),
    );
    expect(response.allowed).toBe(true);
    expect(encode({ entries: cluster.entries()! })!.length).toBeLessThan(1000);
  });

  it('says that a denial holds against a change that may never be stored', async () => {
    const cluster = new Cluster();
    const { app } = cluster.replica();
    await ask(app, '/validate', reviewOf({ after: connection('a', 'one') }));
    const refused = reviewOf({ after: connection('b', 'two') });
    const underWay = await ask(app, '/validate', refused);
    expect(underWay.response.status?.message).toMatch(/^IOM201 .*\nnote: this holds against a change/);
    cluster.store(connection('a', 'one'));
    const stored = await ask(app, '/validate', refused);
    expect(stored.response.status?.message).toMatch(/^IOM201 [^\n]*$/);
  });

  it('is not made anew by a dry run', async () => {
    const cluster = new Cluster(false);
    const { app, ledger } = cluster.replica();
    const payload = reviewOf({ after: connection('a') }, { dryRun: true });
    const { statusCode, body } = await app.inject({ method: 'POST', url: '/validate', payload });
    expect([statusCode, body]).toEqual([503, expect.stringContaining('a dry run does not make it anew')]);
    expect(cluster.writes()).toBe(0);
    await ledger.tend();
    expect(cluster.writes()).toBeGreaterThan(0);
  });
});

describe('the Lease', () => {
  it('keeps what others put on it', async () => {
    const cluster = new Cluster();
    await ask(cluster.replica().app, '/validate', reviewOf({ after: connection('a') }));
    expect(cluster.api.objects.get(PATH)).toMatchObject({
      metadata: { labels: { team: 'storage' } },
      spec: { holderIdentity: 'pod' },
    });
  });

  it('is made where there is none, by one of two replicas that start at once', async () => {
    const cluster = new Cluster(false);
    await Promise.all([cluster.replica().ledger.start(), cluster.replica().ledger.start()]);
    expect(cluster.entries()).toMatchObject([{ operation: 'unknown' }]);
    expect(cluster.api.requests.filter((each) => each.startsWith('POST')).length).toBeGreaterThanOrEqual(1);
  });

  it('holds nothing that judging does not need', () => {
    const json = essence(
      connection('a', 'one', {
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': 'x'.repeat(10_000),
          'iomesh-guard.io/waive': 'IOM201=moving',
        },
        managedFields: [{ manager: 'kubectl' }],
        ownerReferences: [{ name: 'x' }],
      }),
    );
    expect(Object.keys(json['metadata'] as JsonObject).sort()).toEqual([
      'annotations',
      'name',
      'namespace',
      'uid',
    ]);
    expect((json['metadata'] as JsonObject)['annotations']).toEqual({
      'iomesh-guard.io/waive': 'IOM201=moving',
    });
    const other = essence(
      toResource({ ...connection('a').json, data: { password: 'secret', clusterId: 'c' } })!,
    );
    expect(other['data']).toEqual({ clusterId: 'c' });
  });

  it.each([
    ['no list', {}],
    ['no id', [{ operation: 'create', key: 'ConfigMap/a/a', object: connection('a').json }]],
    ['an operation nobody knows', [{ id: '1', operation: 'grow', key: 'x' }]],
    ['a creation of nothing', [{ id: '1', operation: 'create', key: 'ConfigMap/a/a' }]],
    [
      'an object of another name',
      [{ id: '1', operation: 'create', key: 'ConfigMap/b/b', object: connection('a').json }],
    ],
    ['keys of a prototype', [{ id: '1', operation: '__proto__', key: 'constructor' }]],
  ])('is not believed with %s', (_what, value) => {
    expect(parseEntries(value as never)).toBeUndefined();
  });

  it('reads what it wrote, and refuses what grows without bound', () => {
    const entries = [
      entryOf('1', { after: connection('a') }, World.of({ resources: [], today: '2026-06-01' })),
    ];
    expect(decode(encode({ entries })!)?.entries).toEqual(entries);
    const bomb = encode({ entries: [{ id: 'x'.repeat(70_000_000), operation: 'unknown', key: '' }] });
    expect(bomb).toBeDefined();
    expect(decode(bomb!)).toBeUndefined();
    expect(decode('not base64 of anything')).toBeUndefined();
  });
});

describe('a pending change', () => {
  const stored = (version: string, more: JsonObject = {}) =>
    connection('a', 'one', { resourceVersion: version, ...more });
  const worldOf = (...resources: Resource[]) => World.of({ resources, today: '2026-06-01' });
  const update = { before: stored('5'), after: connection('a', 'two') };

  it('leaves open whether the object is the old or the new one', () => {
    const world = worldOf(stored('5'));
    const entry = entryOf('1', update, world);
    const ids = [...possibleWorlds(world, [entry], 'other')].map((each) =>
      at(each.getByKey('ConfigMap/a/a')?.json, ['data', 'clusterId']),
    );
    expect(ids.sort()).toEqual(['one', 'two']);
    // Its own object is as the apiserver showed it.
    expect([...possibleWorlds(world, [entry], 'ConfigMap/a/a')]).toEqual([world]);
  });

  it('of deletion leaves open whether the object is there, terminating or gone', () => {
    const world = worldOf(stored('5'));
    const states = [...possibleWorlds(world, [entryOf('1', { before: stored('5') }, world)], 'other')].map(
      (each) => {
        const found = each.getByKey('ConfigMap/a/a');
        return found === undefined
          ? 'gone'
          : 'deletionTimestamp' in (found.json['metadata'] as object)
            ? 'terminating'
            : 'there';
      },
    );
    expect(states.sort()).toEqual(['gone', 'terminating', 'there']);
  });

  it('beyond a few others is looked at alone, left out alone, with all and with none', () => {
    const names = Array.from({ length: 20 }, (_, index) => `c${index}`);
    const entries = names.map((name) => entryOf(name, { after: connection(name) }, worldOf()));
    const counts = [...possibleWorlds(worldOf(), entries, 'other')]
      .map((each) => each.count('ConfigMap'))
      .sort((a, b) => a - b);
    expect(counts).toEqual([0, ...names.map(() => 1), ...names.map(() => 19), 20]);
  });

  it('counts once though it was asked for again and again', () => {
    const entries = ['1', '2', '3'].map((id) =>
      entryOf(id, { after: connection('a', 'one', { uid: id }) }, worldOf()),
    );
    expect([...possibleWorlds(worldOf(), entries, 'other')]).toHaveLength(2);
  });

  it.each<[string, Entry, World, boolean]>([
    ['creation, seen', entryOf('1', { after: stored('1') }, worldOf()), worldOf(stored('9')), true],
    [
      'creation, another of that name',
      entryOf('1', { after: stored('1') }, worldOf()),
      worldOf(stored('9', { uid: 'z' })),
      false,
    ],
    ['creation, not seen', entryOf('1', { after: stored('1') }, worldOf()), worldOf(), false],
    ['update, not seen yet', entryOf('1', update, worldOf(stored('5'))), worldOf(stored('5')), false],
    ['update, at another version', entryOf('1', update, worldOf(stored('5'))), worldOf(stored('6')), true],
    ['update, gone', entryOf('1', update, worldOf(stored('5'))), worldOf(), true],
    ['update of what the world never showed', entryOf('1', update, worldOf()), worldOf(), false],
    ['deletion, done', entryOf('1', { before: stored('5') }, worldOf(stored('5'))), worldOf(), true],
    [
      'update of a ConfigMap whose version the world does not follow',
      entryOf('1', update, worldOf(stored('5'))),
      worldOf(toResource({ ...stored('4').json, data: { other: 'x' } })!),
      false,
    ],
  ])('is settled or not: %s', (_what, entry, world, settled) => {
    expect(isSettled(entry, world)).toBe(settled);
  });

  it('is one only if it alters what a rule looks at', () => {
    const before = stored('5');
    expect(matters({ before, after: stored('5', { finalizers: ['x'], generation: 3 }) })).toBe(false);
    expect(matters({ before, after: stored('5', { labels: { a: 'b' } }) })).toBe(false);
    const waived = { annotations: { 'iomesh-guard.io/waive': 'IOM201=moving' } };
    expect(matters({ before, after: stored('5', waived) })).toBe(true);
    expect(matters({ before, after: stored('5', { deletionTimestamp: '2026-06-01T00:00:00Z' }) })).toBe(true);
    expect(matters({ before, after: connection('a', 'two', { resourceVersion: '5' }) })).toBe(true);
    expect(matters({ before })).toBe(true);
  });
});

it('looks after the ledger in the background, and stops', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const cluster = new Cluster();
    const { ledger } = cluster.replica({ holdMs: 6000 });
    await ledger.start();
    const before = cluster.api.requests.length;
    await vi.advanceTimersByTimeAsync(5000);
    expect(cluster.api.requests.length).toBeGreaterThan(before);
    ledger.close();
    const after = cluster.api.requests.length;
    await vi.advanceTimersByTimeAsync(50_000);
    expect(cluster.api.requests.length).toBe(after);
  } finally {
    vi.useRealTimers();
  }
});
