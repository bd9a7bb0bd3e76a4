/** Two conflicting changes are never both stored, in any interleaving; deliberate mistakes are found by the same check. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/base/json.ts';
import { refusalOf } from '../../../src/admission/refusal.ts';
import { toResource } from '../../../src/core/base/model.ts';
import type { World } from '../../../src/core/world.ts';
import type { LedgerEntry } from '../../../src/cluster/ledger/entry.ts';
import type { AppliedVersion, CacheNeeds } from '../../../src/cluster/ledger/types.ts';
import {
  HOLD_MS,
  type Mutation,
  OBJECT_REQUEST_MS,
  type Plan,
  REQUEST_MS,
  Simulation,
} from './simulation.ts';
import { runsOf } from '../../support/runs.ts';

const cluster = (name: string, namespace: string): JsonObject => ({
  apiVersion: 'iomesh.com/v1alpha1',
  kind: 'IOMeshCluster',
  metadata: { name, namespace },
  spec: {},
});
const connection = (name: string, clusterId: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: name },
  data: {
    clusterId,
    iscsiPortal: '127.0.0.1:3260',
    metaAddr: `x-meta-client.${name}.svc.cluster.local:10100`,
  },
});
/** Of another application. */
const plain = (name: string): JsonObject => ({ ...connection(name, ''), data: { text: 'x' } });
const storageClass = (name: string, target: string): JsonObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name },
  provisioner: 'com.iomesh.csi-driver',
  parameters: { clusterConnection: `${target}/${target}` },
});

const wish = fc.oneof(
  // Two clusters in one namespace.
  fc
    .constantFrom('a', 'b', 'c')
    .map((name) => ({ operation: 'create' as const, object: cluster(name, 'n') })),
  fc.constantFrom('a', 'b').map((name) => ({ operation: 'delete' as const, object: cluster(name, 'n') })),
  // Controllers delete a cluster, and the namespace is deleted.
  fc.constantFrom('a', 'b').map((name) => ({ operation: 'clean' as const, object: cluster(name, 'n') })),
  fc.constant({ operation: 'end' as const, object: cluster('a', 'n') }),
  // Two connections of different identity, by creation and by change.
  fc
    .tuple(fc.constantFrom('create', 'update'), fc.constantFrom('k', 'l'), fc.constantFrom('1', '2'))
    .map(([operation, name, id]) => ({ operation: operation as 'create', object: connection(name, id) })),
  // A class that refers to a connection, while the connection is deleted.
  fc
    .constantFrom('k', 'l')
    .map((name) => ({ operation: 'create' as const, object: storageClass('s', name) })),
  fc.constantFrom('k', 'l').map((name) => ({ operation: 'delete' as const, object: connection(name, '1') })),
  // The management cluster is deleted while a pool is created.
  fc.constant({ operation: 'delete' as const, object: cluster('iomesh', 'iomesh-system') }),
);

const plan: fc.Arbitrary<Plan> = fc.record({
  seed: fc.integer(),
  replicas: fc.integer({ min: 2, max: 3 }),
  stored: fc.subarray([
    cluster('iomesh', 'iomesh-system'),
    cluster('a', 'n'),
    connection('k', '1'),
    plain('l'),
  ]),
  wishes: fc.array(
    fc.tuple(wish, fc.nat({ max: 2 }), fc.nat({ max: 9 })).map(([each, replica, luck]) => ({
      ...each,
      replica,
      refused: luck === 0,
    })),
    { minLength: 2, maxLength: 6 },
  ),
  crashes: fc.array(fc.nat({ max: 2 }), { maxLength: 1 }),
  pauses: fc.array(
    fc.constantFrom(100, 20_000, 20_000, OBJECT_REQUEST_MS, REQUEST_MS - 1, REQUEST_MS + 1, HOLD_MS + 1),
    { maxLength: 3 },
  ),
  ledgerDeletions: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2),
  watches: fc.array(
    fc.record({
      replica: fc.nat({ max: 2 }),
      failure: fc.constantFrom('hang' as const, 'skip' as const, 'replay' as const),
    }),
    { maxLength: 2 },
  ),
  old: fc.constantFrom(0, 0, 0, 1),
  restores: fc.constantFrom([], [], [], [{ backup: 10, restore: 20 }]),
});

const RUNS = runsOf(1500);
/** So many steps a request takes, with its conflicts. */
const TURN = 60;

/** A mistake must be found within this number of runs. */
const MAX_RUNS = 20_000;

/** A plan with many conflicts, which finds a wrong order soon. */
function busy(events: Partial<Record<'pauses' | 'ledgerDeletions', true>> = {}): fc.Arbitrary<Plan> {
  const create = (object: JsonObject, replica: number) => ({
    operation: 'create' as const,
    object,
    replica,
    refused: false,
  });
  return fc.record({
    seed: fc.integer(),
    replicas: fc.constant(2),
    stored: fc.constant([]),
    wishes: fc.constant([
      create(cluster('a', 'n'), 0),
      create(connection('k', '1'), 0),
      create(cluster('b', 'n'), 1),
      create(connection('l', '1'), 1),
    ]),
    crashes: fc.constant([]),
    pauses: fc.constant(events.pauses ? [REQUEST_MS / 3, REQUEST_MS / 3] : []),
    ledgerDeletions: fc.constant(events.ledgerDeletions ? 1 : 0),
  });
}

/** A plan in which a name is used again: its cluster is deleted by a controller. */
function reused(): fc.Arbitrary<Plan> {
  const wish = (operation: 'create' | 'clean', name: string, replica: number) => ({
    operation,
    object: cluster(name, 'n'),
    replica,
    refused: false,
  });
  return fc.record({
    seed: fc.integer(),
    replicas: fc.constant(2),
    stored: fc.subarray([cluster('a', 'n')]),
    wishes: fc.constant([
      wish('create', 'a', 0),
      wish('clean', 'a', 0),
      wish('create', 'b', 1),
      wish('create', 'b', 0),
    ]),
    crashes: fc.constant([]),
    pauses: fc.constant([]),
    ledgerDeletions: fc.constant(0),
  });
}

const HANGS = [{ replica: 1, failure: 'hang' }] as const;
const SKIPS = [{ replica: 1, failure: 'skip' }] as const;

/** A plan in which one replica removes entries while the watch of another lags, hangs, skips an event or goes back. */
function watched(events: Partial<Plan> = {}): fc.Arbitrary<Plan> {
  const wish = (
    object: JsonObject,
    replica: number,
    operation: Plan['wishes'][number]['operation'] = 'create',
  ) => ({
    operation,
    object,
    replica,
    refused: false,
  });
  const others = [
    wish(connection('k', '1'), 0),
    wish(storageClass('s', 'k'), 0),
    wish(storageClass('t', 'k'), 0),
  ];
  return fc.record({
    seed: fc.integer(),
    replicas: fc.constant(2),
    stored: fc.subarray([cluster('iomesh', 'iomesh-system')]),
    wishes: fc
      .subarray(others, { minLength: 1 })
      .map((some) => [wish(cluster('a', 'n'), 0), ...some, wish(cluster('b', 'n'), 1)]),
    crashes: fc.constant([]),
    pauses: fc.constant(events.pauses ?? []),
    ledgerDeletions: fc.constant(0),
    watches: fc.constant(events.watches ?? []),
    old: fc.constant(events.old ?? 0),
  });
}

/** The same, where a cluster is created while the webhook is not registered. */
function bypassed(): fc.Arbitrary<Plan> {
  return watched({ pauses: [6_000, 6_000], watches: [{ replica: 1, failure: 'hang' }] }).map((each) => ({
    ...each,
    wishes: each.wishes.map((wish, index) =>
      index === 0 ? { ...wish, operation: 'bypass' as const } : wish,
    ),
  }));
}

/** A plan in which these wishes come one after another, mostly. */
function inTurn(
  wishes: readonly (readonly [Plan['wishes'][number]['operation'], JsonObject, number, turn?: number])[],
  events: Partial<Plan>,
): fc.Arbitrary<Plan> {
  return fc.record({
    seed: fc.integer(),
    replicas: fc.constant(2),
    stored: fc.constant(events.stored ?? []),
    wishes: fc.constant(
      wishes.map(([operation, object, replica, turn], index) => ({
        operation,
        object,
        replica,
        refused: false,
        delay: (turn ?? index) * TURN,
      })),
    ),
    crashes: fc.constant([]),
    pauses: fc.constant([]),
    ledgerDeletions: fc.constant(0),
    watches: fc.constant(events.watches ?? []),
    restores: fc.constant(events.restores ?? []),
  });
}

/**
 * The management cluster gets a new version that the watch of a replica does not show. That replica deletes it, while
 * the other creates a pool.
 */
function touched(): fc.Arbitrary<Plan> {
  return inTurn(
    [
      ['create', connection('k', '1'), 0],
      ['create', connection('l', '1'), 1],
      ['touch', cluster('iomesh', 'iomesh-system'), 0],
      ['delete', cluster('iomesh', 'iomesh-system'), 1],
      ['create', cluster('a', 'n'), 0, 3],
    ],
    {
      stored: [cluster('iomesh', 'iomesh-system')],
      watches: [{ replica: 1, failure: 'hang', delay: 1.8 * TURN }],
    },
  );
}

/** A name is used again; the watch of the other replica repeats that it was deleted. */
function replayed(): fc.Arbitrary<Plan> {
  return inTurn(
    [
      ['create', cluster('a', 'n'), 0],
      ['clean', cluster('a', 'n'), 0],
      ['create', cluster('a', 'n'), 0],
      ['create', cluster('b', 'n'), 1],
      ['create', cluster('c', 'k'), 0],
      ['create', cluster('b', 'n'), 1],
    ],
    { watches: [{ replica: 1, failure: 'replay', delay: 3.5 * TURN }] },
  );
}

/** A cluster is deleted, and exists again after the restore. */
function restored(bumped = false): fc.Arbitrary<Plan> {
  return inTurn(
    [
      ['create', connection('k', '1'), 0],
      ['clean', cluster('a', 'n'), 0],
      ['create', connection('l', '1'), 1],
      ['create', cluster('b', 'n'), 1],
    ],
    { stored: [cluster('a', 'n')], restores: [{ backup: 0.6 * TURN, restore: TURN, bumped }] },
  );
}

/** A controller deletes a cluster, which the watch of a replica does not show. */
function cleaned(): fc.Arbitrary<Plan> {
  return inTurn(
    [
      ['create', connection('k', '1'), 0],
      ['clean', cluster('a', 'n'), 0],
      ['create', cluster('b', 'n'), 1],
    ],
    { stored: [cluster('a', 'n')], watches: [{ replica: 1, failure: 'hang', delay: 0.5 * TURN }] },
  );
}

/** A ConfigMap of another application becomes a connection, while one of another identity is created. */
function promoted(): fc.Arbitrary<Plan> {
  return inTurn(
    [
      ['update', connection('k', '1'), 0, 0],
      ['create', connection('l', '2'), 1, 0],
    ],
    { stored: [plain('k')] },
  );
}

/** Changes what a cached world must have. */
function needing(change: (needs: CacheNeeds, simulation: Simulation) => CacheNeeds): Mutation {
  return {
    access: ({ store, reader }, simulation) => ({
      store,
      reader: {
        ...reader,
        ...(reader.cached && { cached: (needs) => reader.cached!(change(needs, simulation)) }),
      },
    }),
  };
}

function isApplied(simulation: Simulation, { key, resourceVersion }: AppliedVersion): boolean {
  const { progress } = simulation.readLedger();
  return (
    progress?.applied.some((each) => each.key === key && each.resourceVersion === resourceVersion) ?? false
  );
}

describe('in any interleaving', () => {
  it('stores only changes that could have been admitted one after another', async () => {
    const totals = { allowed: 0, denied: 0, unanswered: 0, stored: 0 };
    await fc.assert(
      fc.asyncProperty(plan, async (each) => {
        const simulation = new Simulation(each);
        await simulation.run();
        for (const key of Object.keys(totals) as (keyof typeof totals)[])
          totals[key] += simulation.answers[key];
        expect(simulation.violations()).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    console.info('ledger:', RUNS, 'interleavings', JSON.stringify(totals));
    // A ledger that admits nothing would be safe but useless.
    expect(totals.stored).toBeGreaterThan(RUNS / 3);
    expect(totals.denied).toBeGreaterThan(RUNS / 10);
  }, 120_000);
});

interface Mistake extends Mutation {
  readonly plan?: fc.Arbitrary<Plan>;
}

describe('finds the mistake that', () => {
  const mistakes: Record<string, Mistake> = {
    'the ledger is ignored': {
      access: ({ store, reader }) => ({
        store: { ...store, read: async (signal) => ({ ...(await store.read(signal)), entries: [] }) },
        reader,
      }),
    },
    'the world is read before the ledger': {
      access: ({ store, reader }) => {
        let early: World | undefined;
        return {
          store: {
            ...store,
            async read(signal) {
              early = await reader.consistent(signal);
              return await store.read(signal);
            },
          },
          reader: { ...reader, consistent: async () => early! },
        };
      },
    },
    'the world is stale': {
      access({ store, reader }, simulation) {
        let last: World = simulation.world();
        const consistent = async (signal: AbortSignal) => {
          const old = last;
          last = await reader.consistent(signal);
          return old;
        };
        return { store, reader: { ...reader, consistent } };
      },
    },
    'the answer does not wait for the write': {
      access: ({ store, reader }) => ({
        store: {
          ...store,
          async write(...all) {
            void store.write(...all);
            return { result: 'ok' as const };
          },
        },
        reader,
      }),
    },
    'a ConfigMap of which only the name is known counts as deleted': { plan: promoted(), uses: 'ignored' },
    'a write conflict is ignored': {
      access: ({ store, reader }) => ({
        store: {
          ...store,
          write: async (...all) => ({ ...(await store.write(...all)), result: 'ok' as const }),
        },
        reader,
      }),
    },
    'the last write wins': {
      access: ({ store, reader }, simulation) => ({
        store: {
          ...store,
          async write(content, _version, ...rest) {
            await simulation.step();
            return await store.write(content, simulation.readLedger().version, ...rest);
          },
        },
        reader,
      }),
    },
    'entries expire while an apiserver may still store them': {
      holdMs: REQUEST_MS / 4,
      plan: busy({ pauses: true }),
    },
    'a creation is forgotten although it was not seen': {
      access: ({ store, reader }) => ({ store, reader: { ...reader, hasBeenStored: () => true } }),
    },
    'a creation is forgotten that was seen after the world was read': {
      plan: reused(),
      access({ store, reader }, simulation) {
        let early: World | undefined;
        return {
          store: {
            ...store,
            async read(signal) {
              const state = await store.read(signal);
              early = await reader.consistent(signal);
              return state;
            },
          },
          reader: {
            consistent: async () => early!,
            hasBeenStored: (_key, uid) => simulation.everStored.has(uid),
          },
        };
      },
    },
    'a creation of a name that exists is admitted without an entry': {
      plan: reused(),
      refusals: 'ignored',
      access({ store, reader }) {
        let last: World | undefined;
        const isRefused = ({ operation, object }: LedgerEntry) =>
          operation === 'create' && refusalOf({ after: toResource(object!)! }, last!) !== undefined;
        return {
          store: {
            ...store,
            write: (content, ...rest) =>
              store.write(
                { ...content, entries: content.entries.filter((each) => !isRefused(each)) },
                ...rest,
              ),
          },
          reader: {
            ...reader,
            async consistent(signal) {
              last = await reader.consistent(signal);
              return last;
            },
          },
        };
      },
    },
    'a lost ledger is treated as empty': {
      plan: busy({ ledgerDeletions: true }),
      access: ({ store, reader }) => ({
        store: {
          ...store,
          // What was written last has the identity of the new ledger.
          latest: () => undefined,
          async read(signal) {
            const state = await store.read(signal);
            const entries = (state.entries ?? []).filter(({ operation }) => operation !== 'unknown');
            return { ...state, entries, untouched: false, identity: 'the same' };
          },
        },
        reader,
      }),
    },
    'the cache is used although it lacks a change that was removed from the ledger': {
      plan: watched(),
      ...needing((needs, simulation) => ({
        ...needs,
        shown: needs.shown.filter((each) => !isApplied(simulation, each)),
      })),
    },
    'a removed change is not named in the ledger': {
      plan: watched({ watches: HANGS }),
      access: ({ store, reader }) => ({
        store: {
          ...store,
          write: (content, ...rest) =>
            store.write(
              { ...content, progress: content.progress && { ...content.progress, applied: [] } },
              ...rest,
            ),
        },
        reader,
      }),
    },
    'the cache is used if the watch has come as far, although it skipped an event': {
      plan: watched({ watches: SKIPS }),
      cache: 'by position',
    },
    'changes that are no longer named are taken for seen': {
      plan: watched({ watches: HANGS }),
      appliedMs: 0,
      ...needing((needs) => ({ ...needs, listed: {} })),
    },
    'a ledger of an older release is taken for one from which nothing was removed': {
      plan: watched({ old: 1, watches: HANGS }),
      access: ({ store, reader }) => ({
        store: {
          ...store,
          async read(signal) {
            const state = await store.read(signal);
            return { ...state, progress: state.progress ?? { applied: [], forgotten: {} } };
          },
        },
        reader,
      }),
    },
    'a cache is used for any time after its proof': { plan: bypassed(), provenMs: Number.POSITIVE_INFINITY },
    'a watch goes back and old states replace new ones': {
      plan: replayed(),
      replays: 'accepted',
    },
    'etcd is restored and the cache is still trusted': { plan: restored(), restores: 'unnoticed' },
    'a write names another version than that of the known ledger': {
      access: ({ store, reader }, simulation) => ({
        store: {
          ...store,
          ...(store.latest && {
            latest() {
              const state = store.latest!();
              return state && { ...state, version: simulation.readLedger().version };
            },
          }),
        },
        reader,
      }),
    },
    'a denial names an object that is not read again': {
      plan: cleaned(),
      access: ({ store, reader }) => ({ store, reader: { ...reader, areCurrent: async () => true } }),
    },
    'the cache has an older version than the one that is deleted': {
      plan: touched(),
      ...needing((needs, simulation) => ({
        ...needs,
        shown: needs.shown.filter((each) => isApplied(simulation, each)),
      })),
    },
  };

  it.each(Object.entries(mistakes))(
    '%s',
    async (name, { plan: wanted = busy(), ...mutation }) => {
      const property = fc.asyncProperty(wanted, async (each) => {
        const simulation = new Simulation(each, mutation);
        await simulation.run();
        expect(simulation.violations()).toEqual([]);
      });
      const details = await fc.check(property, { numRuns: MAX_RUNS, endOnFailure: true });
      console.info(`ledger: "${name}" found after ${details.numRuns} runs (seed ${details.seed})`);
      expect(details.counterexample).not.toBeNull();
    },
    90_000,
  );

  it('finds nothing without a mistake: names that are used again', async () => {
    const property = fc.asyncProperty(reused(), async (each) => {
      const simulation = new Simulation(each);
      await simulation.run();
      expect(simulation.violations()).toEqual([]);
    });
    await fc.assert(property, { numRuns: RUNS });
  }, 90_000);

  it.each([
    ['a watch lags', watched()],
    ['a watch hangs', watched({ watches: HANGS })],
    [
      'a watch hangs and removed changes are soon no longer named',
      watched({ watches: HANGS }),
      { appliedMs: 0 },
    ],
    ['a watch skips an event', watched({ watches: SKIPS })],
    ['a watch goes back', replayed()],
    ['a replica is of an older release', watched({ old: 1, watches: HANGS })],
    ['etcd is restored', restored()],
    ['etcd is restored with higher versions', restored(true)],
    ['a change bypasses the webhook', bypassed()],
    ['a watch does not show the version that is deleted', touched()],
    ['a controller deletes what a watch still shows', cleaned()],
  ])(
    'finds nothing without a mistake while %s',
    async (_name, plan, mutation: Mutation = {}) => {
      const property = fc.asyncProperty(plan, async (each) => {
        const simulation = new Simulation(each, mutation);
        await simulation.run();
        expect(simulation.violations()).toEqual([]);
      });
      await fc.assert(property, { numRuns: RUNS });
    },
    90_000,
  );

  // The same plans without a mistake.
  it.each([{}, { pauses: true }, { ledgerDeletions: true }] as const)(
    'finds nothing without a mistake: %j',
    async (events) => {
      const property = fc.asyncProperty(busy(events), async (each) => {
        const simulation = new Simulation(each);
        await simulation.run();
        expect(simulation.violations()).toEqual([]);
      });
      await fc.assert(property, { numRuns: RUNS });
    },
    90_000,
  );
});
