/** Two conflicting changes are never both stored, in any interleaving; deliberate mistakes are found by the same check. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/base/json.ts';
import { refusalOf } from '../../../src/admission/refusal.ts';
import { toResource } from '../../../src/core/base/model.ts';
import type { World } from '../../../src/core/world.ts';
import type { LedgerEntry } from '../../../src/cluster/ledger/entry.ts';
import { HOLD_MS, type Mutation, type Plan, REQUEST_MS, Simulation } from './simulation.ts';
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
  stored: fc.subarray([cluster('iomesh', 'iomesh-system'), cluster('a', 'n'), connection('k', '1')]),
  wishes: fc.array(
    fc.tuple(wish, fc.nat({ max: 2 }), fc.nat({ max: 9 })).map(([each, replica, luck]) => ({
      ...each,
      replica,
      refused: luck === 0,
    })),
    { minLength: 2, maxLength: 6 },
  ),
  crashes: fc.array(fc.nat({ max: 2 }), { maxLength: 1 }),
  pauses: fc.array(fc.constantFrom(100, 20_000, 20_000, REQUEST_MS + 1, HOLD_MS + 1), { maxLength: 3 }),
  ledgerDeletions: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2),
});

const RUNS = runsOf(1500);

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
          async write(entries, _version, ...rest) {
            await simulation.step();
            return await store.write(entries, simulation.readLedger().version, ...rest);
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
            write: (entries, ...rest) =>
              store.write(
                entries.filter((each) => !isRefused(each)),
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
          async read(signal) {
            const state = await store.read(signal);
            const entries = (state.entries ?? []).filter(({ operation }) => operation !== 'unknown');
            return { ...state, entries, untouched: false, identity: 'the same' };
          },
        },
        reader,
      }),
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
