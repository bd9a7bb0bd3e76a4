/** Policy reports and Events of standing findings, in an apiserver that stores objects as the real one does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { type Api, apiError } from '../../src/cluster/api.ts';
import type { JsonObject } from '../../src/core/base/json.ts';
import { REPORT_KINDS, type ReportApi } from '../../src/report/open-reports.ts';
import { EventWriter } from '../../src/standing/events.ts';
import { FindingHistory, type StandingFinding } from '../../src/standing/finding-history.ts';
import { ReportWriter } from '../../src/standing/reports/report-writer.ts';
import type { StandingPass } from '../../src/standing/standing-audit.ts';
import type { Obj } from '../support/apiserver.ts';

const WAIT = { timeout: 5_000, interval: 5 };
const OPENREPORTS = 'openreports.io/v1alpha1';

/** Stores objects by path. An update must name the version that it replaces. */
class StoredObjects {
  readonly objects = new Map<string, Obj>();
  readonly installed: ReportApi[] = [OPENREPORTS];
  readonly writes: string[] = [];
  /** Returns the status of a simulated failure. */
  fault: (method: string, path: string) => number | undefined = () => undefined;
  #version = 0;

  readonly api = {
    request: async (method, path, options) => {
      await sleep(0);
      const status = this.fault(method, path);
      if (status !== undefined) throw apiError('simulated', status);
      if (method !== 'GET') this.writes.push(method);
      return structuredClone(this.#answer(method, path, options?.body as Obj)) as JsonObject;
    },
  } as Api;

  all(): Obj[] {
    return [...this.objects.values()];
  }

  #answer(method: string, path: string, body: Obj): Obj {
    const stored = this.objects.get(path);
    const expected = stored?.['metadata'].resourceVersion;
    switch (method) {
      case 'GET':
        return this.#read(path);
      case 'POST': {
        const created = `${path}/${body['metadata'].name}`;
        if (this.objects.has(created)) throw apiError('already exists', 409);
        return this.#store(created, { ...body, metadata: { ...body['metadata'], uid: created } });
      }
      case 'PUT':
        if (stored === undefined) throw apiError('not found', 404);
        if (body['metadata'].resourceVersion !== expected) throw apiError('conflict', 409);
        return this.#store(path, { ...body, metadata: { ...stored['metadata'], ...body['metadata'] } });
      case 'PATCH':
        if (stored === undefined) throw apiError('not found', 404);
        return this.#store(path, { ...stored, ...body });
      default:
        if (!this.objects.delete(path)) throw apiError('not found', 404);
        return {};
    }
  }

  #read(path: string): Obj {
    const [, , group, version, plural] = path.split('/');
    const api = `${group}/${version}` as ReportApi;
    if (!this.installed.includes(api)) throw apiError('not found', 404);
    if (plural === undefined)
      return { resources: Object.values(REPORT_KINDS[api]).map((kind) => ({ name: kind.plural })) };
    const ours = [...this.objects].filter(([each]) => each.includes(api) && each.includes(`/${plural}/`));
    return { metadata: {}, items: ours.map(([, object]) => object) };
  }

  #store(path: string, object: Obj): Obj {
    this.#version += 1;
    const metadata = { ...object['metadata'], resourceVersion: String(this.#version) };
    this.objects.set(path, { ...object, metadata });
    return { ...object, metadata };
  }
}

type Found = Omit<StandingFinding, 'since'>;

function record(code: string, name: string, severity: 'error' | 'warning' = 'error'): Found {
  const object = { apiVersion: 'iomesh.com/v1alpha1', kind: 'IOMeshCluster', namespace: 'pool', name };
  return {
    key: `${severity}|${code}|${name}`,
    json: {
      code,
      name: 'affinity-overlap',
      severity,
      message: 'node "a" is claimed by two IOMesh clusters',
      object,
      path: 'spec.chunk',
      location: undefined,
      related: [],
      help: 'give each cluster its own nodes',
      fix: undefined,
      docs: '',
    },
    uid: `uid-${name}`,
  };
}

/** The passes of one replica. */
function passes() {
  const history = new FindingHistory();
  return (records: readonly Found[], at = new Date()): StandingPass => ({
    ...history.update(records, at),
    counts: {},
    unread: [],
    at,
  });
}

function reportWriter({ api }: StoredObjects, mayWrite = () => true) {
  const lines: string[] = [];
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  const writer = new ReportWriter({ api, logger, registry: new Registry(), mayWrite, retryMs: 20 });
  return { writer, lines };
}

describe('policy reports', () => {
  it('exist for each object with findings, and are deleted when they are resolved', async () => {
    const store = new StoredObjects();
    const { writer } = reportWriter(store);
    const pass = passes();
    writer.write(pass([record('IOM101', 'a'), record('IOM604', 'a', 'warning'), record('IOM101', 'b')]));
    await expect.poll(() => store.objects.size, WAIT).toBe(2);
    expect([...store.objects.keys()]).toContain(
      '/apis/openreports.io/v1alpha1/namespaces/pool/reports/iomesh-guard-uid-a',
    );
    writer.write(pass([record('IOM101', 'b')]));
    await expect.poll(() => store.objects.size, WAIT).toBe(1);
    expect(store.all()[0]?.['scope'].name).toBe('b');
    writer.close();
  });

  it('are not written if nothing changed, and keep the times that another replica wrote', async () => {
    const store = new StoredObjects();
    const before = reportWriter(store).writer;
    before.write(passes()([record('IOM101', 'a')], new Date('2026-11-23T09:00:00Z')));
    await expect.poll(() => store.objects.size, WAIT).toBe(1);
    const written = store.all();

    const { writer } = reportWriter(store);
    const pass = passes();
    writer.write(pass([record('IOM101', 'a')]));
    await sleep(50);
    expect(store.all()).toEqual(written);
    writer.write(pass([record('IOM101', 'a'), record('IOM102', 'a')]));
    await expect.poll(() => store.all()[0]?.['results'].length, WAIT).toBe(2);
    expect(store.all()[0]?.['results'][0].timestamp).toEqual(written[0]?.['results'][0].timestamp);
  });

  it.each([403, 404, 409, 500])('are written again soon after a write failed with %i', async (status) => {
    const store = new StoredObjects();
    const { writer, lines } = reportWriter(store);
    let failures = 0;
    store.fault = (method, path) =>
      method === 'POST' && path.includes('/reports') && ++failures < 3 ? status : undefined;
    writer.write(passes()([record('IOM101', 'a')]));
    await expect.poll(() => store.objects.size, WAIT).toBe(1);
    expect(lines.filter((line) => line.includes('policy reports are incomplete'))).toHaveLength(1);
    await expect.poll(() => lines.at(-1), WAIT).toContain('policy reports are complete again');
  });

  it('are written by no replica that may not', async () => {
    const store = new StoredObjects();
    let mayWrite = false;
    const { writer } = reportWriter(store, () => mayWrite);
    writer.write(passes()([record('IOM101', 'a')]));
    await sleep(50);
    expect(store.writes).toEqual([]);
    // It is elected now: the last pass is written.
    mayWrite = true;
    writer.write();
    await expect.poll(() => store.objects.size, WAIT).toBe(1);
  });

  it('are of the former API where only that is installed', async () => {
    const store = new StoredObjects();
    store.installed.splice(0, 1, 'wgpolicyk8s.io/v1alpha2');
    const { writer } = reportWriter(store);
    writer.write(passes()([record('IOM101', 'a')]));
    await expect.poll(() => store.all()[0]?.['kind'], WAIT).toBe('PolicyReport');
  });

  it('wait for the definitions', async () => {
    const store = new StoredObjects();
    store.installed.length = 0;
    const { writer, lines } = reportWriter(store);
    writer.write(passes()([record('IOM101', 'a')]));
    await expect.poll(() => lines.join(), WAIT).toContain('is installed');
    store.installed.push(OPENREPORTS);
    await expect.poll(() => store.objects.size, WAIT).toBe(1);
  });

  it('are 2000 at most; the log says how many are left out', async () => {
    const store = new StoredObjects();
    const { writer, lines } = reportWriter(store);
    writer.write(passes()(Array.from({ length: 2003 }, (_, each) => record('IOM101', `n${each}`))));
    await expect
      .poll(() => lines.join(), { ...WAIT, timeout: 20_000 })
      .toContain('3 objects with findings have no report');
    expect(store.objects.size).toBe(2000);
  });
});

function eventWriter({ api }: StoredObjects, mayWrite = () => true): EventWriter {
  return new EventWriter({ api, logger: pino({ level: 'silent' }), instance: 'pod-1', mayWrite });
}

describe('Events', () => {
  const ofErrors = (store: StoredObjects) =>
    store.all().map(({ reason, type, regarding }) => `${reason} ${type} ${regarding.name}`);

  it('are written on the object when an error appears and when it is resolved, not for warnings', async () => {
    const store = new StoredObjects();
    const writer = eventWriter(store);
    const pass = passes();
    writer.write(pass([record('IOM101', 'a'), record('IOM604', 'b', 'warning')]));
    writer.write(pass([]));
    await expect
      .poll(() => ofErrors(store), WAIT)
      .toEqual(['FindingAppeared Warning a', 'FindingResolved Normal a']);
    expect(store.all()[0]).toMatchObject({
      metadata: { namespace: 'pool' },
      regarding: { kind: 'IOMeshCluster', namespace: 'pool', name: 'a', uid: 'uid-a' },
      note: 'IOM101 affinity-overlap: spec.chunk: node "a" is claimed by two IOMesh clusters',
    });
  });

  it('count an error that appears again within 6 minutes', async () => {
    const store = new StoredObjects();
    const writer = eventWriter(store);
    const pass = passes();
    const start = Date.parse('2026-11-23T09:00:00Z');
    for (const minute of [0, 2, 4]) {
      writer.write(pass([record('IOM101', 'a')], new Date(start + minute * 60_000)));
      writer.write(pass([], new Date(start + (minute + 1) * 60_000)));
    }
    const series = () =>
      store.all().map((each) => [each['reason'], each['series']?.count, each['series']?.lastObservedTime]);
    await expect.poll(series, WAIT).toEqual([
      ['FindingAppeared', 3, '2026-11-23T09:04:00.000000Z'],
      ['FindingResolved', 3, '2026-11-23T09:05:00.000000Z'],
    ]);
    writer.write(pass([record('IOM101', 'a')], new Date(start + 20 * 60_000)));
    await expect.poll(() => store.objects.size, WAIT).toBe(3);
  });

  it('of what the replica before cannot have seen are written by the next one', async () => {
    const store = new StoredObjects();
    let mayWrite = false;
    const writer = eventWriter(store, () => mayWrite);
    const pass = passes();
    writer.write(pass([record('IOM101', 'old')], new Date('2026-11-23T09:00:00Z')));
    const both = [record('IOM101', 'old'), record('IOM101', 'new')];
    writer.write(pass(both, new Date('2026-11-23T09:02:00Z')));
    mayWrite = true;
    writer.takeOver(new Date('2026-11-23T09:01:00Z'));
    await expect.poll(() => ofErrors(store), WAIT).toEqual(['FindingAppeared Warning new']);
  });
});
