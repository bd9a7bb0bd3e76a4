/** The ledger with the webhook: what users and operators see. */
import { DEFAULT_CONFIG } from '../../../src/core/base/config.ts';
import { ledgerView, changesLedgerView } from '../../../src/admission/ledger-view.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { pino } from 'pino';
import { at, type JsonObject } from '../../../src/core/base/json.ts';
import { type Resource, toResource } from '../../../src/core/base/model.ts';
import { World } from '../../../src/core/world.ts';
import { apiError } from '../../../src/cluster/api.ts';
import { decodeLedger, encodeLedger } from '../../../src/cluster/ledger/codec.ts';
import {
  type LedgerEntry,
  ledgerEntryOf,
  isResolved,
  parseLedgerEntries,
} from '../../../src/cluster/ledger/entry.ts';
import { LeaseStore, LEDGER_ANNOTATION } from '../../../src/cluster/ledger/lease-store.ts';
import {
  ReplicatedLedger,
  type LedgerEvent,
  type LedgerOptions,
} from '../../../src/cluster/ledger/ledger.ts';
import { isNewInstallation } from '../../../src/cluster/ledger/new-installation.ts';
import { possibleWorlds } from '../../../src/cluster/ledger/possible-worlds.ts';
import { buildApp } from '../../../src/webhook/app.ts';
import { DecisionLog } from '../../../src/webhook/log.ts';
import { Metrics } from '../../../src/webhook/metrics.ts';
import { caseText, readWorld } from '../../cases/harness.ts';
import { ask, reviewOf } from '../../support/webhook.ts';
import { ObjectStore } from '../../support/object-store.ts';

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

/** The stored objects of a cluster, and replicas of the webhook. */
class Cluster {
  readonly api = new ObjectStore();
  readonly objects = new Map<string, Resource>();
  readonly events: LedgerEvent[] = [];
  /** The uids that the watch has shown. */
  readonly seen = new Set<string>();
  readonly namespaces = new Map<string, Resource>();
  reads = 0;

  constructor(installed = true) {
    if (installed) this.api.put(PATH, INSTALLED);
    for (const name of ['a', 'b', 'n', 'small', 'large']) this.namespace(name);
    for (let index = 0; index < 20; index += 1) this.namespace(`c${index}`);
  }

  /** Stores a Namespace. */
  namespace(name: string, more: JsonObject = {}): void {
    const json = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, uid: name, ...more } };
    this.namespaces.set(name, toResource(json)!);
  }

  replica(options: Partial<LedgerOptions> = {}) {
    const ledger = new ReplicatedLedger({
      store: new LeaseStore({ api: this.api, namespace: 'guard', name: 'ledger', holder: 'pod' }),
      reader: {
        consistent: async () => {
          this.reads += 1;
          return this.world();
        },
        hasBeenStored: (_key, uid) => this.seen.has(uid),
      },
      observe: (event) => this.events.push(event),
      ...options,
    });
    ledgers.push(ledger);
    const app = buildApp({
      config: DEFAULT_CONFIG,
      source: { ready: true, current: () => this.world() },
      metrics: new Metrics(),
      log: new DecisionLog(pino({ level: 'silent' })),
      ledger,
    });
    return { app: Object.assign(app), ledger };
  }

  world(): World {
    return World.of({
      resources: [...this.namespaces.values(), ...this.objects.values()],
      today: '2026-06-01',
    });
  }

  store(resource: Resource): Resource {
    const metadata = {
      ...(resource.json['metadata'] as JsonObject),
      resourceVersion: `${this.objects.size + 100}`,
    };
    const stored = toResource({ ...resource.json, metadata })!;
    this.objects.set(stored.key, stored);
    this.seen.add(at(stored.json, ['metadata', 'uid']) as string);
    return stored;
  }

  entries(): readonly LedgerEntry[] | undefined {
    const lease = this.api.objects.get(PATH) ?? null;
    return decodeLedger(at(lease, ['metadata', 'annotations', LEDGER_ANNOTATION]) as string)?.entries;
  }

  writes(): number {
    return this.api.requests.filter((each) => !each.startsWith('GET')).length;
  }
}

/** A clock that each sleep moves by a step. A test sets its time. */
function steppedClock(stepMs = 0) {
  return {
    time: 0,
    now() {
      return this.time;
    },
    async sleep() {
      await new Promise((resolve) => setImmediate(resolve));
      this.time += stepMs;
    },
  };
}

/** Text that does not compress. */
function noise(seed: number, length: number): string {
  const words = Array.from({ length }, (_, index) => (((index + 1) * 2654435761 * seed) >>> 0).toString(36));
  return words.join('');
}

/** An object that is recorded completely. */
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

const [POOL] = readWorld(caseText({ name: 'rivals' }), { name: 'rivals' })
  .all('IOMeshCluster')
  .filter(({ ref }) => ref.name === 'iomesh-cluster-1');

/** One of several clusters in one namespace, of which only one is admitted. */
function rival(name: string): Resource {
  return toResource({ ...POOL!.json, metadata: { name, namespace: 'n', uid: `uid-of-${name}` } })!;
}

describe('two replicas', () => {
  it('admit one of two conflicting objects and name it in the denial of the other', async () => {
    const cluster = new Cluster();
    const [one, other] = [cluster.replica(), cluster.replica()];
    const answers = await Promise.all([
      ask(one.app, '/validate', reviewOf({ after: rival('a') })),
      ask(other.app, '/validate', reviewOf({ after: rival('b') })),
    ]);
    expect(answers.map(({ response }) => response.allowed).sort()).toEqual([false, true]);
    const denied = answers.find(({ response }) => !response.allowed)!;
    expect(denied.response.status?.message).toMatch(/IOM703 .*n\/[ab]/);
    expect(cluster.entries()).toHaveLength(1);
  });

  it('admit both of two objects without a conflict', async () => {
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

  it('both decide in time while both are busy', async () => {
    const cluster = new Cluster();
    const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
    cluster.api.meddle = () => pause(2);
    const reader = (milliseconds: number) => ({
      reader: {
        consistent: () => pause(milliseconds).then(() => cluster.world()),
        hasBeenStored: () => false,
      },
    });
    // The apiserver takes five times as long to answer one replica as the other.
    const replicas = [cluster.replica(reader(4)), cluster.replica(reader(20))];
    const until = Date.now() + 3000;
    let count = 0;
    const slowest = [0, 0];
    const busy = async (which: 0 | 1) => {
      while (Date.now() < until) {
        const began = Date.now();
        count += 1;
        const after = connection(`c${count}`);
        cluster.namespace(`c${count}`);
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
  it('records all waiting changes in one write', async () => {
    const cluster = new Cluster();
    // An apiserver takes a while to answer.
    cluster.api.meddle = () => new Promise((resolve) => setTimeout(resolve, 30));
    const { app } = cluster.replica();
    const names = Array.from({ length: 12 }, (_, index) => `c${index}`);
    const answers = await Promise.all(
      names.map((name) => ask(app, '/validate', reviewOf({ after: connection(name) }))),
    );
    expect(answers.every(({ response }) => response.allowed)).toBe(true);
    // The first ones, then all that arrived in the meantime; on a busy machine in some rounds.
    expect(cluster.writes()).toBeLessThan(names.length);
    expect(cluster.entries()).toHaveLength(12);
  });

  it('records changes that arrive at the same time in one write, the first too', async () => {
    const cluster = new Cluster();
    const { ledger } = cluster.replica();
    await ledger.start();
    const before = cluster.writes();
    const admit = (name: string) =>
      ledger.decide(
        {
          change: { after: connection(name) },
          user: 'admin',
          dryRun: false,
          evaluate: () => ({ allowed: true, answer: name }),
        },
        60_000,
        new AbortController().signal,
      );
    const names = ['a', 'b', 'c'];
    expect(await Promise.all(names.map(admit))).toEqual(names);
    expect(cluster.writes() - before).toBe(1);
    expect(cluster.entries()).toHaveLength(3);
  });

  it('reads the ledger that it knows only after another replica has written', async () => {
    const cluster = new Cluster();
    const [{ app }, other] = [cluster.replica(), cluster.replica()];
    const reads = () => cluster.api.requests.filter((each) => each.startsWith('GET')).length;
    const admit = async (name: string, by = app) => {
      const { response } = await ask(by, '/validate', reviewOf({ after: connection(name) }));
      expect(response.allowed).toBe(true);
    };
    for (const name of ['c0', 'c1', 'c2', 'c3', 'c4']) await admit(name);
    // One read, and another one if more than a second passed.
    expect(reads()).toBeLessThan(5);
    await admit('c5', other.app);
    const before = reads();
    await admit('c6');
    expect(reads()).toBe(before + 1);
    expect(cluster.entries()).toHaveLength(7);
  });

  it('postpones requests to the next round after evaluating for too long', async () => {
    let now = 0;
    const cluster = new Cluster();
    const { ledger } = cluster.replica({ clock: { now: () => now, sleep: async () => {} } });
    await ledger.start();
    const before = cluster.reads;
    const evaluated: string[] = [];
    const slow = (name: string) =>
      ledger.decide(
        {
          change: { after: connection(name) },
          user: 'admin',
          dryRun: false,
          evaluate: () => {
            evaluated.push(name);
            now += 40;
            return { allowed: true, answer: name };
          },
        },
        60_000,
        new AbortController().signal,
      );
    // The others arrive during the round of the first, and wait together.
    const names = ['a', 'b', 'c', 'd', 'e'];
    expect(await Promise.all(names.map(slow))).toEqual(names);
    expect([...new Set(evaluated)]).toEqual(names);
    expect(cluster.reads - before).toBeGreaterThanOrEqual(3);
    expect(cluster.entries()).toHaveLength(5);
  });

  it('denies as soon as the conflicting object is stored', async () => {
    const cluster = new Cluster();
    const { app } = cluster.replica();
    const first = rival('a');
    expect((await ask(app, '/validate', reviewOf({ after: first }))).response.allowed).toBe(true);
    setTimeout(() => cluster.store(first), 100);
    const began = Date.now();
    const second = await ask(app, '/validate', reviewOf({ after: rival('b') }));
    expect(second.response.allowed).toBe(false);
    expect(Date.now() - began).toBeLessThan(900);
  });

  it('adds no listeners while an undecided request is evaluated repeatedly', async () => {
    const cluster = new Cluster();
    const { app } = cluster.replica();
    const warnings: Error[] = [];
    const note = (warning: Error) => void warnings.push(warning);
    process.on('warning', note);
    try {
      await ask(app, '/validate', reviewOf({ after: rival('a') }));
      // Undecided for a second, in which it is evaluated many times.
      const denied = await ask(app, '/validate', reviewOf({ after: rival('b') }));
      expect(denied.response.allowed).toBe(false);
      expect(cluster.reads).toBeGreaterThan(11);
      expect(warnings).toEqual([]);
    } finally {
      process.off('warning', note);
    }
  });

  it('does not let a request wait for the pause of an undecided one', async () => {
    let now = 0;
    const sleeping: (() => void)[] = [];
    const clock = {
      now: () => now,
      sleep: () => new Promise<void>((resolve) => sleeping.push(resolve)),
    };
    const cluster = new Cluster();
    cluster.namespace('c');
    const { app } = cluster.replica({ clock });
    await ask(app, '/validate', reviewOf({ after: rival('a') }));
    const undecided = ask(app, '/validate', reviewOf({ after: rival('b') }));
    await expect.poll(() => sleeping.length).toBeGreaterThan(0);
    expect((await ask(app, '/validate', reviewOf({ after: connection('c') }))).response.allowed).toBe(true);
    now += 2000;
    for (const wake of sleeping) wake();
    expect((await undecided).response.allowed).toBe(false);
  });

  it('admits a change after the conflicting pending change has expired', async () => {
    const clock = steppedClock(300);
    const cluster = new Cluster();
    const { app } = cluster.replica({ clock, holdMs: 60_000 });
    const refused = reviewOf({ after: rival('b') });
    expect((await ask(app, '/validate', reviewOf({ after: rival('a') }))).response.allowed).toBe(true);
    expect((await ask(app, '/validate', refused)).response.allowed).toBe(false);
    clock.time += 60_001;
    expect((await ask(app, '/validate', refused)).response.allowed).toBe(true);
    expect(cluster.entries()?.map(({ key }) => key)).toEqual(['IOMeshCluster/n/b']);
  });

  it.each([
    ['create', 60],
    ['update', 60],
    // It may be one of a collection, whose request can last longer.
    ['delete', 180],
  ])('frees what a change held that the apiserver refused: %s, after %i s', async (operation, seconds) => {
    const clock = steppedClock(25);
    const cluster = new Cluster();
    const { app, ledger } = cluster.replica({ clock });
    await ledger.maintain();
    const before = operation === 'create' ? undefined : cluster.store(connection('a'));
    const after = operation === 'delete' ? undefined : connection('a', 'two');
    const refused = reviewOf({ ...(before && { before }), ...(after && { after }) });
    expect((await ask(app, '/validate', refused)).response.allowed).toBe(true);
    const pending = async () => {
      await ledger.maintain();
      return cluster.entries()?.length;
    };
    clock.time += seconds * 1000 - 1000;
    expect(await pending()).toBe(1);
    clock.time += 1001;
    expect(await pending()).toBe(0);
  });

  it('removes resolved entries', async () => {
    const cluster = new Cluster();
    const { app, ledger } = cluster.replica();
    const first = connection('a');
    await ask(app, '/validate', reviewOf({ after: first }));
    await ledger.maintain();
    expect(cluster.entries()).toHaveLength(1);
    const stored = cluster.store(first);
    await ledger.maintain();
    expect(cluster.entries()).toEqual([]);
    await ask(app, '/validate', reviewOf({ before: stored }));
    expect(cluster.entries()).toMatchObject([
      { operation: 'delete', key: 'ConfigMap/a/a', uid: 'uid-of-a-one' },
    ]);
    cluster.objects.clear();
    await ledger.maintain();
    expect(cluster.entries()).toEqual([]);
  });

  it('writes nothing for a dry run or a change that no rule reads', async () => {
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

  it('considers pending changes in a dry run', async () => {
    const cluster = new Cluster();
    const [one, other] = [cluster.replica(), cluster.replica()];
    await ask(one.app, '/validate', reviewOf({ after: rival('a') }));
    const dry = await ask(other.app, '/validate', reviewOf({ after: rival('b') }, { dryRun: true }));
    expect(dry.response.allowed).toBe(false);
  });

  it('decides on other requests when the evaluation of one fails', async () => {
    const cluster = new Cluster();
    const { ledger } = cluster.replica();
    const wrong = ledger.decide(
      {
        change: { after: connection('a') },
        user: 'admin',
        dryRun: false,
        evaluate: () => {
          throw new RangeError('too deep');
        },
      },
      4000,
      new AbortController().signal,
    );
    const right = ledger.decide(
      {
        change: { after: connection('b') },
        user: 'admin',
        dryRun: false,
        evaluate: () => ({ allowed: true, answer: 'yes' }),
      },
      4000,
      new AbortController().signal,
    );
    await expect(wrong).rejects.toThrow('too deep');
    await expect(right).resolves.toBe('yes');
  });
});

/** Why the change of a ConfigMap is denied without a decision; undefined if it is decided. */
function unverifiedReason(reply: { readonly statusCode: number; json(): unknown }): string | undefined {
  expect(reply.statusCode).toBe(200);
  const { response } = reply.json() as {
    response: { allowed: boolean; status?: { code: number; message: string } };
  };
  return response.allowed || response.status?.code !== 503 ? undefined : response.status.message;
}

describe('without a certain result, the ledger', () => {
  const review = reviewOf({ after: connection('a') });
  const fails = (method: string) => {
    if (method !== 'GET') throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  };

  it('answers "cannot verify" before the deadline', async () => {
    const cluster = new Cluster();
    cluster.api.meddle = fails;
    const { app } = cluster.replica();
    const reply = await app.inject({ method: 'POST', url: '/validate?timeout=1s', payload: review });
    expect(unverifiedReason(reply)).toBe('cannot verify: connect ECONNREFUSED');
  });

  it('retries until the apiserver answers', async () => {
    const cluster = new Cluster();
    cluster.api.meddle = fails;
    setTimeout(() => {
      cluster.api.meddle = () => undefined;
    }, 250);
    const { app } = cluster.replica();
    expect((await ask(app, '/validate', review)).response.allowed).toBe(true);
  });

  it('respects an entry of a write that got no answer', async () => {
    const cluster = new Cluster();
    const [one, other] = [cluster.replica(), cluster.replica()];
    cluster.api.meddle = async (method) => {
      if (method !== 'PUT') return;
      // The write is applied, but the answer never arrives.
      cluster.api.meddle = () => undefined;
      const lease = cluster.api.objects.get(PATH) as JsonObject;
      const text = encodeLedger({
        entries: [ledgerEntryOf('lost', { after: rival('a') }, 'admin')],
      })!;
      cluster.api.put(PATH, {
        ...lease,
        metadata: { ...(lease['metadata'] as JsonObject), annotations: { [LEDGER_ANNOTATION]: text } },
      });
      await new Promise(() => undefined);
    };
    const reply = await one.app.inject({ method: 'POST', url: '/validate?timeout=500ms', payload: review });
    expect(unverifiedReason(reply)).toMatch(/^cannot verify: /);
    const conflicting = await ask(other.app, '/validate', reviewOf({ after: rival('b') }));
    expect(conflicting.response.allowed).toBe(false);
  });

  it.each([
    ['its deletion', (cluster: Cluster) => cluster.api.objects.delete(PATH)],
    ['its replacement by an empty one', (cluster: Cluster) => cluster.api.put(PATH, INSTALLED)],
    [
      'its replacement by unknown text',
      (cluster: Cluster) =>
        cluster.api.put(PATH, {
          ...INSTALLED,
          metadata: { ...INSTALLED.metadata, annotations: { [LEDGER_ANNOTATION]: 'bm8=' } },
        }),
    ],
  ])('admits nothing until the hold time is over after %s', async (_how, meddle) => {
    const clock = steppedClock();
    const cluster = new Cluster();
    const { app } = cluster.replica({ clock, holdMs: 60_000 });
    expect((await ask(app, '/validate', review)).response.allowed).toBe(true);
    meddle(cluster);
    clock.time += 1000;
    const reply = await app.inject({
      method: 'POST',
      url: '/validate',
      payload: reviewOf({ after: connection('b') }),
    });
    expect(unverifiedReason(reply)).toMatch(
      /^cannot verify: the ledger .* was lost and created again; .* expire in 60 s$/,
    );
    clock.time += 60_000;
    expect((await ask(app, '/validate', reviewOf({ after: connection('b') }))).response.allowed).toBe(true);
    expect(cluster.entries()?.map(({ key }) => key)).toEqual(['ConfigMap/b/b']);
  });

  it('answers "cannot verify" to a user with too many pending changes, until they are stored', async () => {
    const cluster = new Cluster();
    const { app } = cluster.replica();
    const made: Resource[] = [];
    const create = async (after: Resource, username: string) => {
      const payload = reviewOf({ after }, { userInfo: { username } });
      return await app.inject({ method: 'POST', url: '/validate?timeout=400ms', payload });
    };
    const answers: boolean[] = [];
    for (const seed of [3, 5, 7, 11, 13, 17]) {
      made.push(large(`large-${seed}`, seed, 2_000));
      answers.push(unverifiedReason(await create(made.at(-1)!, 'busy')) === undefined);
    }
    expect(answers).toEqual([true, true, true, false, false, false]);
    expect(unverifiedReason(await create(made.at(-1)!, 'busy'))).toMatch(
      /^cannot verify: (this user|the cluster) has too many pending changes; they are stored or expire in \d+ s$/,
    );
    // Others are not affected.
    expect(unverifiedReason(await create(connection('small'), 'other'))).toBeUndefined();
    for (const each of made) cluster.store(each);
    expect(unverifiedReason(await create(large('large-19', 19, 2_000), 'busy'))).toBeUndefined();
  });

  it.each([
    ['a class', large('large', 3, 20_000)],
    ['a connection', connection('large', noise(3, 2000), { uid: 'large' })],
  ])('does not record %s that is too large', async (_what, after) => {
    const cluster = new Cluster();
    const { app } = cluster.replica();
    const payload = reviewOf({ after });
    const reply = await app.inject({ method: 'POST', url: '/validate', payload });
    expect(unverifiedReason(reply)).toContain('too large for the ledger');
    expect(cluster.writes()).toBe(0);
  });

  it('records only the connection of a ConfigMap', async () => {
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
    expect(encodeLedger({ entries: cluster.entries()! })!.length).toBeLessThan(1000);
  });

  it('adds a note to a denial that depends on a pending change', async () => {
    const cluster = new Cluster();
    const { app } = cluster.replica();
    await ask(app, '/validate', reviewOf({ after: rival('a') }));
    const refused = reviewOf({ after: rival('b') });
    const pending = await ask(app, '/validate', refused);
    expect(pending.response.status?.message).toMatch(
      /IOM703 [\s\S]*\nnote: conflicts with a change that was admitted moments ago but is not stored yet; if that change is rejected and not repeated, retry in (?:5\d|60) s$/,
    );
    cluster.store(rival('a'));
    const stored = await ask(app, '/validate', refused);
    expect(stored.response.status?.message).toContain('IOM703 ');
    expect(stored.response.status?.message).not.toContain('note:');
  });

  it('is not created by a dry run', async () => {
    const cluster = new Cluster(false);
    const { app, ledger } = cluster.replica();
    const payload = reviewOf({ after: connection('a') }, { dryRun: true });
    const reply = await app.inject({ method: 'POST', url: '/validate', payload });
    expect(unverifiedReason(reply)).toContain('a dry run does not create it again');
    expect(cluster.writes()).toBe(0);
    await ledger.maintain();
    expect(cluster.writes()).toBeGreaterThan(0);
  });
});

describe('a creation', () => {
  it('that was stored and deleted by a controller no longer counts', async () => {
    const cluster = new Cluster();
    const { app } = cluster.replica();
    await ask(app, '/validate', reviewOf({ after: rival('a') }));
    const stored = cluster.store(rival('a'));
    // The deletion is never reviewed.
    cluster.objects.delete(stored.key);
    const { response } = await ask(app, '/validate', reviewOf({ after: rival('b') }));
    expect(response).toMatchObject({ allowed: true });
    expect(cluster.entries()?.map(({ key }) => key)).toEqual(['IOMeshCluster/n/b']);
  });

  it('marks the warnings that depend on a pending change, and says for how long', async () => {
    const cluster = new Cluster();
    const { app } = cluster.replica();
    cluster.store(
      toResource({
        apiVersion: 'iomesh.com/v1alpha1',
        kind: 'IOMeshCluster',
        metadata: { name: 'a', namespace: 'a', uid: 'cluster' },
        spec: {},
      })!,
    );
    const first = connection('a');
    await ask(app, '/validate', reviewOf({ after: first }));
    // A second connection of the same cluster.
    const again = toResource({ ...connection('b').json, data: first.json['data']! })!;
    const pending = await ask(app, '/validate', reviewOf({ after: again }, { dryRun: true }));
    expect(pending.response.allowed).toBe(true);
    expect(pending.response.warnings?.join('\n')).toMatch(
      /^IOM206 .*; depends on a change that was admitted moments ago but is not stored yet, for (?:5\d|60) s at most$/m,
    );
    cluster.store(first);
    const stored = await ask(app, '/validate', reviewOf({ after: again }, { dryRun: true }));
    expect(stored.response.warnings?.join('\n')).toMatch(/^IOM206 /m);
    expect(stored.response.warnings?.join('\n')).not.toContain('not stored yet');
  });

  it.each([
    [
      'a name that exists',
      (cluster: Cluster) => void cluster.store(connection('a')),
      409,
      'AlreadyExists',
      'ConfigMap a/a already exists',
    ],
    [
      'a name that is being deleted',
      (cluster: Cluster) =>
        void cluster.store(
          connection('a', 'one', { deletionTimestamp: '2026-06-01T00:00:00Z', finalizers: ['x/y'] }),
        ),
      409,
      'AlreadyExists',
      'ConfigMap a/a already exists',
    ],
    [
      'a namespace that does not exist',
      (cluster: Cluster) => void cluster.namespaces.delete('a'),
      404,
      'NotFound',
      'namespace "a" does not exist',
    ],
    [
      'a namespace that is being deleted',
      (cluster: Cluster) => cluster.namespace('a', { deletionTimestamp: '2026-06-01T00:00:00Z' }),
      403,
      'Forbidden',
      'namespace "a" is being deleted',
    ],
  ])(
    'of %s is refused as the apiserver would, and makes no entry',
    async (_what, prepare, code, reason, message) => {
      const cluster = new Cluster();
      const { app } = cluster.replica();
      prepare(cluster);
      const { response } = await ask(
        app,
        '/validate',
        reviewOf({ after: connection('a', 'one', { uid: 'new' }) }),
      );
      expect(response).toMatchObject({ allowed: false, status: { code, reason, message } });
      expect(cluster.writes()).toBe(0);
    },
  );

  it('is never an entry if an update or a deletion is of an object that is gone', async () => {
    const cluster = new Cluster();
    const { app } = cluster.replica();
    const ghost = connection('a', 'one', { resourceVersion: '5' });
    await ask(
      app,
      '/validate',
      reviewOf({ before: ghost, after: connection('a', 'two', { resourceVersion: '5' }) }),
    );
    await ask(app, '/validate', reviewOf({ before: ghost }));
    expect(cluster.writes()).toBe(0);
  });
});

describe('an attack', () => {
  /** A ConfigMap with a waiver whose reason does not compress. */
  const padded = (name: string, seed: number, more: JsonObject = {}) =>
    connection(name, 'one', {
      uid: `${name}-${seed}`,
      annotations: { 'iomesh-guard.io/waive': `IOM206=${noise(seed, 600).slice(0, 3900)}` },
      ...more,
    });

  it('with creations of a name that exists, or in a namespace that does not, leaves the ledger empty', async () => {
    const cluster = new Cluster();
    const { app } = cluster.replica();
    cluster.store(padded('a', 1));
    for (let seed = 2; seed < 12; seed += 1) {
      await ask(app, '/validate', reviewOf({ after: padded('a', seed) }));
      await ask(app, '/validate', reviewOf({ after: padded('ghost', seed) }));
    }
    expect(cluster.writes()).toBe(0);
    const { response } = await ask(app, '/validate', reviewOf({ after: connection('b') }));
    expect(response.allowed).toBe(true);
  });

  it('from 6 namespaces and 6 users at once leaves room for an administrator', async () => {
    const cluster = new Cluster();
    const { app } = cluster.replica();
    for (let index = 0; index < 6; index += 1) {
      const username = `tenant-${index}`;
      const [one, ...others] = Array.from({ length: 14 }, (_, each) => {
        const json = { ...padded(`c${index}`, index * 100 + each).json };
        const metadata = { ...(json['metadata'] as JsonObject), name: `x-${each}` };
        return reviewOf({ after: toResource({ ...json, metadata })! }, { userInfo: { username } });
      });
      for (const payload of [one, ...others])
        await app.inject({ method: 'POST', url: '/validate?timeout=250ms', payload });
    }
    const entries = cluster.entries()!;
    expect(entries.length).toBeGreaterThan(20);
    expect(JSON.stringify(entries)).not.toContain(noise(1, 600).slice(0, 50));
    expect((await ask(app, '/validate', reviewOf({ after: connection('b') }))).response.allowed).toBe(true);
    const storageClass = large('own', 23, 500);
    expect((await ask(app, '/validate', reviewOf({ after: storageClass }))).response.allowed).toBe(true);
  }, 60_000);

  it('with an evaluation that takes too long is answered "cannot verify", and others in time', async () => {
    const cluster = new Cluster();
    const clock = steppedClock();
    const { ledger } = cluster.replica({ clock });
    const decide = (name: string, cost: number) =>
      ledger.decide(
        {
          change: { after: connection(name) },
          user: name,
          dryRun: false,
          evaluate: () => {
            clock.time += cost;
            return { allowed: true, answer: name };
          },
        },
        60_000,
        new AbortController().signal,
      );
    for (let index = 0; index < 5; index += 1) await decide(`c${index}`, 0);
    const answers = await Promise.allSettled([decide('a', 240), decide('b', 1), decide('small', 1)]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(answers[0]).toMatchObject({
      reason: { message: expect.stringContaining('cannot verify: the evaluation takes too long') },
    });
    // Five pending changes: 8 worlds of 240 ms each would be 1.9 s.
    expect(clock.time).toBeLessThan(1600);
  });
});

describe('the Lease', () => {
  it('is read by each round after a conflict, while other replicas write', async () => {
    const cluster = new Cluster();
    const [one, two] = [cluster.replica(), cluster.replica()];
    const methods = async ({ app }: typeof one, name: string) => {
      cluster.namespace(name);
      const before = cluster.api.requests.length;
      await ask(app, '/validate', reviewOf({ after: connection(name) }));
      return cluster.api.requests.slice(before).map((each) => each.split(' ', 1)[0]);
    };
    expect(await methods(one, 'a')).toEqual(['GET', 'PUT']);
    expect(await methods(one, 'b')).toEqual(['PUT']);
    expect(await methods(two, 'c')).toEqual(['GET', 'PUT']);
    // A conflict: what is known is not the latest version.
    expect(await methods(one, 'd')).toEqual(['PUT', 'GET', 'PUT']);
    expect(await methods(one, 'e')).toEqual(['GET', 'PUT']);
  });

  it('gives an entry that it read before as the same object, unless it has changed', async () => {
    const { api } = new Cluster();
    const storeOf = () => new LeaseStore({ api, namespace: 'guard', name: 'ledger', holder: 'pod' });
    const [one, other] = [storeOf(), storeOf()];
    const { signal } = new AbortController();
    const entries = ['a', 'b'].map((name) => ledgerEntryOf(name, { after: connection(name) }, 'admin'));
    const write = async (content: readonly LedgerEntry[]) =>
      await one.write({ entries: content }, (await one.read(signal)).version, signal);
    await write(entries);
    const before = (await other.read(signal)).entries!;
    await write([entries[0]!, { ...entries[1]!, user: 'another' }]);
    const after = (await other.read(signal)).entries!;
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toEqual({ ...entries[1], user: 'another', resourceVersion: undefined });
    expect((await one.read(signal)).entries![0]).toBe(entries[0]);
  });

  it('is not read for /mutate while a write is under way, unless that write fails', async () => {
    const { api } = new Cluster();
    const storeOf = () => new LeaseStore({ api, namespace: 'guard', name: 'ledger', holder: 'pod' });
    const [one, other] = [storeOf(), storeOf()];
    const { signal } = new AbortController();
    const entriesOf = (name: string) => [ledgerEntryOf(name, { after: connection(name) }, 'admin')];
    const peekDuringWrite = async (name: string, meddle: () => Promise<unknown>) => {
      const { version } = await one.read(signal);
      await meddle();
      const before = api.requests.length;
      const [{ result }, { entries }] = await Promise.all([
        one.write({ entries: entriesOf(name) }, version, signal),
        one.peek(signal),
      ]);
      const methods = api.requests.slice(before).map((each) => each.split(' ', 1)[0]);
      return { result, entries: entries?.map(({ id }) => id), methods };
    };
    expect(await peekDuringWrite('a', async () => {})).toEqual({
      result: 'ok',
      entries: ['a'],
      methods: ['PUT'],
    });
    const writeOfOther = async () =>
      await other.write({ entries: entriesOf('b') }, (await other.read(signal)).version, signal);
    expect(await peekDuringWrite('c', writeOfOther)).toEqual({
      result: 'conflict',
      entries: ['b'],
      methods: ['PUT', 'GET'],
    });
    expect((await one.peek(signal)).entries?.map(({ id }) => id)).toEqual(['b']);
  });

  it('is given up for /mutate if a write gets no answer in time', async () => {
    const { api } = new Cluster();
    const store = new LeaseStore({ api, namespace: 'guard', name: 'ledger', holder: 'pod' });
    const { version } = await store.read(AbortSignal.timeout(1000));
    let answer = () => {};
    api.meddle = () => new Promise((resolve) => (answer = resolve));
    const write = store.write({ entries: [] }, version, new AbortController().signal);
    await expect(store.peek(AbortSignal.timeout(20))).rejects.toThrow('timeout');
    answer();
    expect((await write).result).toBe('ok');
  });

  it('keeps the fields of other writers', async () => {
    const cluster = new Cluster();
    await ask(cluster.replica().app, '/validate', reviewOf({ after: connection('a') }));
    expect(cluster.api.objects.get(PATH)).toMatchObject({
      metadata: { labels: { team: 'storage' } },
      spec: { holderIdentity: 'pod' },
    });
  });

  it('is created once by two replicas that start at the same time', async () => {
    const cluster = new Cluster(false);
    await Promise.all([cluster.replica().ledger.start(), cluster.replica().ledger.start()]);
    expect(cluster.entries()).toMatchObject([{ operation: 'unknown' }]);
    expect(cluster.api.requests.filter((each) => each.startsWith('POST')).length).toBeGreaterThanOrEqual(1);
  });

  describe('that does not exist', () => {
    const REVIEW = reviewOf({ after: connection('a') });
    const SECRET = '/api/v1/namespaces/guard/secrets/certs';
    const REGISTERED = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/iomesh-guard';
    const filled = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'certs' },
      data: { 'tls.crt': 'eA==' },
    };

    /** A replica of an installation with Secrets. */
    function installed(cluster: Cluster, secrets: readonly string[] = ['certs']) {
      const traces = { namespace: 'guard', secrets, validatingConfiguration: 'iomesh-guard' };
      return cluster.replica({ isNew: (signal) => isNewInstallation(cluster.api, traces, signal) });
    }
    const service = { namespace: 'guard', name: 'iomesh-guard' };
    /** Without a Lease, and with a registered webhook as in the manifests. */
    function unlisted(clientConfig: JsonObject = { service }): Cluster {
      const cluster = new Cluster(false);
      cluster.api.put(REGISTERED, {
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'iomesh-guard' },
        webhooks: [
          { name: 'namespaces', clientConfig: { service } },
          { name: 'validate', clientConfig },
        ],
      });
      return cluster;
    }
    async function expectLost({ app }: Pick<ReturnType<Cluster['replica']>, 'app'>, cluster: Cluster) {
      const { response } = await ask(app, '/validate', REVIEW);
      expect(response.status?.message).toContain('was lost and created again');
      expect(cluster.entries()).toMatchObject([{ operation: 'unknown' }]);
    }

    it('is created without a wait by the first replicas of an installation', async () => {
      const cluster = unlisted();
      const replicas = [installed(cluster), installed(cluster)];
      await Promise.all(replicas.map(({ ledger }) => ledger.start()));
      expect(
        (await ask(replicas[0]!.app, '/validate', reviewOf({ after: rival('a') }))).response.allowed,
      ).toBe(true);
      // The other one knows the change.
      const other = await ask(replicas[1]!.app, '/validate', reviewOf({ after: rival('b') }));
      expect(other.response.allowed).toBe(false);
    });

    it('is created without a wait while a Secret in the manifests is empty', async () => {
      const cluster = unlisted();
      cluster.api.put(SECRET, { ...filled, data: {} });
      expect((await ask(installed(cluster).app, '/validate', REVIEW)).response.allowed).toBe(true);
    });

    it.each([[[]], [['certs']]])(
      'is created without a wait before the registration: Secrets %j',
      async (secrets) => {
        const cluster = unlisted();
        cluster.api.objects.delete(REGISTERED);
        expect((await ask(installed(cluster, secrets).app, '/validate', REVIEW)).response.allowed).toBe(true);
      },
    );

    // With another source of certificates only one of them is filled.
    it.each([[['certs']], [['certs', 'paths']], [['paths', 'certs']]])(
      'was lost if replicas have filled a Secret: %j',
      async (secrets) => {
        const cluster = unlisted();
        cluster.api.put(SECRET, filled);
        await expectLost(installed(cluster, secrets), cluster);
      },
    );

    it('was lost if replicas have filled a Secret, also after the webhook configurations were deleted', async () => {
      const cluster = unlisted();
      cluster.api.objects.delete(REGISTERED);
      cluster.api.put(SECRET, filled);
      await expectLost(installed(cluster), cluster);
    });

    // The Secrets are those of a newer version, or were deleted with the namespace.
    it.each<[string, JsonObject]>([
      ['a path', { service: { ...service, path: '/validate' } }],
      ['a caBundle', { service, caBundle: 'eA==' }],
      ['a URL', { url: 'https://192.0.2.1/validate' }],
    ])('was lost if a webhook has %s', async (_, clientConfig) => {
      for (const secrets of [[], ['certs']]) {
        const cluster = unlisted(clientConfig);
        await expectLost(installed(cluster, secrets), cluster);
      }
    });

    it('was lost if a replica may not read the Secret', async () => {
      const cluster = unlisted();
      cluster.api.meddle = (_, path) => {
        if (path === SECRET) throw apiError('forbidden', 403);
      };
      await expectLost(installed(cluster), cluster);
    });

    it('was lost if this replica knew it, also without a Secret', async () => {
      const cluster = unlisted();
      const replica = installed(cluster);
      expect((await ask(replica.app, '/validate', REVIEW)).response.allowed).toBe(true);
      cluster.api.objects.delete(PATH);
      await expectLost(replica, cluster);
    });
  });

  it('holds only what is needed to evaluate other objects', () => {
    const json = ledgerView(
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
      'iomesh-guard.io/waive': 'IOM201=given',
    });
    const other = ledgerView(
      toResource({ ...connection('a').json, data: { password: 'secret', clusterId: 'c' } })!,
    );
    expect(other['data']).toEqual({ clusterId: 'c' });
  });

  it.each([
    ['an object in place of the list', {}],
    ['an entry without id', [{ operation: 'create', key: 'ConfigMap/a/a', object: connection('a').json }]],
    ['an unknown operation', [{ id: '1', operation: 'grow', key: 'x' }]],
    ['a creation without an object', [{ id: '1', operation: 'create', key: 'ConfigMap/a/a' }]],
    [
      'an object of another name',
      [{ id: '1', operation: 'create', key: 'ConfigMap/b/b', object: connection('a').json }],
    ],
    ['keys of a prototype', [{ id: '1', operation: '__proto__', key: 'constructor' }]],
  ])('is not decoded with %s', (_what, value) => {
    expect(parseLedgerEntries(value as never)).toBeUndefined();
  });

  it('decodes what it encoded, and rejects text that expands too much', () => {
    const entries = [ledgerEntryOf('1', { after: connection('a') }, 'admin')];
    expect(decodeLedger(encodeLedger({ entries })!)?.entries).toEqual(entries);
    const bomb = encodeLedger({ entries: [{ id: 'x'.repeat(70_000_000), operation: 'unknown', key: '' }] });
    expect(bomb).toBeDefined();
    expect(decodeLedger(bomb!)).toBeUndefined();
    expect(decodeLedger('not base64 of anything')).toBeUndefined();
  });
});

describe('a pending change', () => {
  const stored = (version: string, more: JsonObject = {}) =>
    connection('a', 'one', { resourceVersion: version, ...more });
  const worldOf = (...resources: Resource[]) => World.of({ resources, today: '2026-06-01' });
  const update = { before: stored('5'), after: connection('a', 'two') };

  it('gives the worlds with the old and with the new object', () => {
    const world = worldOf(stored('5'));
    const entry = ledgerEntryOf('1', update, 'admin');
    const ids = [...possibleWorlds(world, [entry], 'other')].map((each) =>
      at(each.getByKey('ConfigMap/a/a')?.json, ['data', 'clusterId']),
    );
    expect(ids.sort()).toEqual(['one', 'two']);
    // Not for a change of the same object.
    expect([...possibleWorlds(world, [entry], 'ConfigMap/a/a')]).toEqual([world]);
  });

  it('of a deletion gives the worlds with the object stored, terminating and deleted', () => {
    const world = worldOf(stored('5'));
    const states = [
      ...possibleWorlds(world, [ledgerEntryOf('1', { before: stored('5') }, 'admin')], 'other'),
    ].map((each) => {
      const found = each.getByKey('ConfigMap/a/a');
      return found === undefined
        ? 'deleted'
        : 'deletionTimestamp' in (found.json['metadata'] as object)
          ? 'terminating'
          : 'stored';
    });
    expect(states.sort()).toEqual(['deleted', 'stored', 'terminating']);
  });

  it.each([
    [4, 6],
    [6, 6],
    [8, 7],
    [10, 7],
    [20, 8],
    [33, 9],
  ])('gives every combination with each other one of %i in %i worlds', (count, most) => {
    const names = Array.from({ length: count }, (_, index) => `c${index}`);
    const entries = names.map((name) => ledgerEntryOf(name, { after: connection(name) }, 'admin'));
    const worlds = [...possibleWorlds(worldOf(), entries, 'other')];
    const has = (world: World, name: string) => world.get('ConfigMap', name, name) !== undefined;
    for (const name of names)
      for (const other of names.filter((each) => each !== name)) {
        const seen = new Set(worlds.map((each) => `${has(each, name)} ${has(each, other)}`));
        expect(seen.size, `${name} and ${other}`).toBe(4);
      }
    expect(worlds).toHaveLength(most);
  });

  it('of a deletion among many gives each of its states with every state of another one', () => {
    const names = Array.from({ length: 6 }, (_, index) => `c${index}`);
    const entries = names.map((name) => ledgerEntryOf(name, { after: connection(name) }, 'admin'));
    const deletion = ledgerEntryOf('1', { before: stored('5') }, 'admin');
    for (const all of [
      [deletion, ...entries],
      [...entries, deletion],
    ]) {
      const worlds = [...possibleWorlds(worldOf(stored('5')), all, 'other')];
      for (const name of names) {
        const seen = worlds.map((each) => {
          const found = each.getByKey('ConfigMap/a/a')?.json['metadata'];
          const state =
            found === undefined ? 'deleted' : 'deletionTimestamp' in Object(found) ? 'terminating' : 'stored';
          return `${state} ${each.get('ConfigMap', name, name) !== undefined}`;
        });
        expect(new Set(seen).size).toBe(6);
      }
    }
  });

  it('of one object among many others of it gives each state', () => {
    const ids = Array.from({ length: 12 }, (_, index) => `id-${index}`);
    const entries = ids.map((id) => ledgerEntryOf(id, { after: connection('a', id) }, 'admin'));
    const states = [...possibleWorlds(worldOf(), entries, 'other')].map((each) =>
      at(each.getByKey('ConfigMap/a/a')?.json, ['data', 'clusterId']),
    );
    expect(new Set(states)).toEqual(new Set([undefined, ...ids]));
  });

  it('gives the new object with what was derived from it in another world', () => {
    const entry = ledgerEntryOf('1', update, 'admin');
    const [one, other] = ['5', '6'].map(
      (version) => [...possibleWorlds(worldOf(stored(version)), [entry], 'other')][0]!,
    );
    expect(one!.getByKey('ConfigMap/a/a')).toBe(other!.getByKey('ConfigMap/a/a'));
  });

  it('counts once if it was requested repeatedly', () => {
    const entries = ['1', '2', '3'].map((id) =>
      ledgerEntryOf(id, { after: connection('a', 'one', { uid: id }) }, 'admin'),
    );
    expect([...possibleWorlds(worldOf(), entries, 'other')]).toHaveLength(2);
  });

  it.each<[string, LedgerEntry, World, boolean]>([
    ['creation, stored', ledgerEntryOf('1', { after: stored('1') }, 'admin'), worldOf(stored('9')), true],
    [
      'creation, another object has the name',
      ledgerEntryOf('1', { after: stored('1') }, 'admin'),
      worldOf(stored('9', { uid: 'z' })),
      false,
    ],
    ['creation, not stored', ledgerEntryOf('1', { after: stored('1') }, 'admin'), worldOf(), false],
    ['update, not stored yet', ledgerEntryOf('1', update, 'admin'), worldOf(stored('5')), false],
    ['update, other version stored', ledgerEntryOf('1', update, 'admin'), worldOf(stored('6')), true],
    ['update, object deleted', ledgerEntryOf('1', update, 'admin'), worldOf(), true],
    ['deletion, applied', ledgerEntryOf('1', { before: stored('5') }, 'admin'), worldOf(), true],
    [
      'update of a ConfigMap whose version the world does not watch',
      ledgerEntryOf('1', update, 'admin'),
      worldOf(toResource({ ...stored('4').json, data: { other: 'x' } })!),
      false,
    ],
  ])('is resolved or not: %s', (_what, entry, world, resolved) => {
    expect(isResolved(entry, world)).toBe(resolved);
  });

  it('needs the ledger only if it alters a field that a rule reads', () => {
    const before = stored('5');
    expect(changesLedgerView({ before, after: stored('5', { finalizers: ['x'], generation: 3 }) })).toBe(
      false,
    );
    expect(changesLedgerView({ before, after: stored('5', { labels: { a: 'b' } }) })).toBe(false);
    const waived = { annotations: { 'iomesh-guard.io/waive': 'IOM201=moving' } };
    expect(changesLedgerView({ before, after: stored('5', waived) })).toBe(true);
    expect(
      changesLedgerView({ before, after: stored('5', { deletionTimestamp: '2026-06-01T00:00:00Z' }) }),
    ).toBe(true);
    expect(changesLedgerView({ before, after: connection('a', 'two', { resourceVersion: '5' }) })).toBe(true);
    expect(changesLedgerView({ before })).toBe(true);
  });
});

it('maintains the ledger in the background until it is closed', async () => {
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
