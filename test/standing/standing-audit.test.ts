/** The standing findings of `serve`: the same as those of `audit`, when they are evaluated, and what is reported. */
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { connect } from '../../src/cluster/client/connect.ts';
import { DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import { evaluateInWorker } from '../../src/standing/in-worker.ts';
import {
  type PassTimings,
  StandingAudit,
  type StandingPass,
  type StandingSource,
} from '../../src/standing/standing-audit.ts';
import { evaluateInProcess } from '../../src/standing/in-process.ts';
import type { ApiServer, Obj } from '../support/apiserver.ts';
import { configMap, example, startServer, storageClass, watchWorld } from '../support/cluster.ts';
import { collectGarbage } from '../support/garbage.ts';
import { metric } from '../support/webhook.ts';
import { runBeside } from '../support/run-cli.ts';

const SCRIPT = join(import.meta.dirname, '../../dist/standing-worker.js');
const FILES = ['0-namespace', 'zookeeper', 'iomesh', 'connection', 'storageclass'].flatMap((file) => [
  `management/${file}.yaml`,
  `cluster-1/${file}.yaml`,
]);
const SOON: Partial<PassTimings> = { pollMs: 10, settledMs: 100, latestMs: 400, retryMs: 50, pauseFactor: 0 };
const WAIT = { timeout: 20_000, interval: 20 };

const audits: StandingAudit[] = [];
afterEach(() => {
  for (const each of audits.splice(0)) each.close();
});

async function clusters(): Promise<ApiServer> {
  const server = await startServer();
  for (const file of FILES) for (const object of example(file)) server.put(object);
  return server;
}

/** The pool, with a node of the management cluster. */
function overlapping(): Obj {
  const text = JSON.stringify(example('cluster-1/iomesh.yaml')[0]);
  return JSON.parse(text.replaceAll('k8s-worker-3', 'k8s-worker-2'));
}

const claim = (name: string): Obj => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: 'default' },
  spec: {
    storageClassName: 'odd',
    accessModes: ['ReadWriteMany'],
    resources: { requests: { storage: '1Gi' } },
  },
});

function standing(server: ApiServer, timings: Partial<PassTimings> = SOON, source?: StandingSource) {
  const { world, metrics } = watchWorld(server);
  const passes: StandingPass[] = [];
  const lines: Record<string, unknown>[] = [];
  const clock = { today: '2026-11-23' };
  const audit = new StandingAudit({
    source:
      source ??
      evaluateInWorker({ file: SCRIPT }, connect({ kubeconfig: server.kubeconfig }), world, DEFAULT_CONFIG),
    logger: pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) }),
    registry: metrics.registry,
    today: () => clock.today,
    timings,
    onPass: (pass) => void passes.push(pass),
  });
  audits.push(audit);
  audit.start();
  const codes = () => passes.at(-1)?.findings.map(({ json }) => json.code);
  return { audit, world, metrics, passes, lines, clock, codes };
}

async function auditFindings(server: ApiServer): Promise<string> {
  const { stdout } = await runBeside(['audit', '--kubeconfig', server.kubeconfig, '--format', 'json']);
  return JSON.stringify(JSON.parse(stdout).findings);
}

describe('standing findings', () => {
  it('are those of audit, byte for byte, and follow the changes of the cluster', async () => {
    const server = await clusters();
    server.put(overlapping());
    server.put(storageClass('odd', { clusterConnection: 'default/named', fstype: 'ext4' }));
    server.put(configMap('default', 'named', { clusterID: 'typo' }));
    server.put(configMap('default', 'unrelated', { clusterID: 'typo' }));
    server.put(claim('b'));
    server.put(claim('a'));
    const { passes } = standing(server);
    const same = async () => {
      const findings = passes.at(-1)?.findings.map(({ json }) => json);
      expect(JSON.stringify(findings)).toBe(await auditFindings(server));
    };
    await expect.poll(() => passes.length, WAIT).toBeGreaterThan(0);
    await same();
    expect(new Set(passes[0]?.findings.map(({ json }) => json.object?.kind))).toContain(
      'PersistentVolumeClaim',
    );

    const before = passes.length;
    for (const object of example('cluster-1/iomesh.yaml')) server.put(object);
    server.delete('PersistentVolumeClaim', 'a', 'default');
    server.put(storageClass('other', { clusterConnection: 'default/missing' }));
    await expect.poll(() => passes.length, WAIT).toBeGreaterThan(before);
    await same();
    expect(JSON.stringify(passes.at(-1)?.findings)).not.toContain('IOM101');
  });

  it('are the same if they are evaluated in the calling thread', async () => {
    const server = await clusters();
    server.put(overlapping());
    const { world } = watchWorld(server);
    const api = connect({ kubeconfig: server.kubeconfig });
    const { passes } = standing(server, SOON, evaluateInProcess(api, world, DEFAULT_CONFIG));
    await expect.poll(() => passes.length, WAIT).toBeGreaterThan(0);
    expect(JSON.stringify(passes[0]?.findings.map(({ json }) => json))).toBe(await auditFindings(server));
    await api.close();
  });

  it('are counted, and logged with object, rule and time when they appear and when they are resolved', async () => {
    const server = await clusters();
    const { codes, lines, metrics } = standing(server);
    await expect.poll(codes, WAIT).toEqual([]);
    server.put(overlapping());
    await expect.poll(codes, WAIT).toContain('IOM101');
    const labels = { rule: 'IOM101', severity: 'error' };
    expect(await metric(metrics, 'iomesh_guard_standing_findings', labels)).toBe(1);
    expect(await metric(metrics, 'iomesh_guard_standing_age_seconds')).toBeLessThan(10);
    expect(await metric(metrics, 'iomesh_guard_standing_duration_seconds')).toBeGreaterThan(0);
    const appeared = lines.find(({ msg, rule }) => msg === 'standing finding appeared' && rule === 'IOM101');
    expect(appeared).toMatchObject({
      severity: 'error',
      kind: 'IOMeshCluster',
      namespace: 'iomesh-cluster-1',
    });
    expect(appeared?.['name']).toBe('iomesh-cluster-1');

    for (const object of example('cluster-1/iomesh.yaml')) server.put(object);
    await expect.poll(codes, WAIT).toEqual([]);
    expect(await metric(metrics, 'iomesh_guard_standing_findings', labels)).toBe(0);
    const resolved = lines.find(({ msg, rule }) => msg === 'standing finding resolved' && rule === 'IOM101');
    expect(resolved?.['since']).toBe(appeared?.['since']);
  });

  it('are evaluated again on the next day: a waiver expires', async () => {
    const server = await clusters();
    const waived = example('cluster-1/iomesh.yaml')[0]!;
    waived['metadata'].annotations = { 'iomesh-guard.io/waive': 'IOM604=planned; until=2026-11-23' };
    server.put(waived);
    const { passes, clock, codes } = standing(server);
    await expect.poll(() => passes.length, WAIT).toBe(1);
    expect(codes()).not.toContain('IOM901');
    clock.today = '2026-11-24';
    await expect.poll(codes, WAIT).toContain('IOM901');
  });

  it('include changes of claims, which are not watched, after the interval', async () => {
    const server = await clusters();
    server.put(storageClass('odd', {}));
    const { codes, passes } = standing(server, { ...SOON, everyMs: 300 });
    await expect.poll(() => passes.length, WAIT).toBeGreaterThan(0);
    const before = codes()?.length ?? 0;
    server.put(claim('late'));
    await expect.poll(() => codes()?.length, WAIT).toBeGreaterThan(before);
  });

  it('are evaluated in a cluster that never settles', async () => {
    const server = await clusters();
    const { passes } = standing(server, { ...SOON, settledMs: 2_000 });
    const restless = setInterval(() => server.put(storageClass(`c-${Date.now()}`)), 20);
    await expect.poll(() => passes.length, WAIT).toBeGreaterThan(1);
    clearInterval(restless);
  });

  it('stay as they are while the cluster cannot be read, which is logged once and counted', async () => {
    const server = await clusters();
    server.put(overlapping());
    const { codes, lines, metrics } = standing(server);
    await expect.poll(codes, WAIT).toContain('IOM101');
    server.fault = ({ plural }) =>
      plural === 'persistentvolumes' ? { status: 500, message: 'broken' } : undefined;
    server.put(storageClass('odd', {}));
    const failed = () => metric(metrics, 'iomesh_guard_standing_passes_total', { result: 'failed' });
    await expect.poll(failed, WAIT).toBeGreaterThan(1);
    expect(lines.filter(({ msg }) => String(msg).includes('cannot be evaluated'))).toHaveLength(1);
    expect(
      await metric(metrics, 'iomesh_guard_standing_findings', { rule: 'IOM101', severity: 'error' }),
    ).toBe(1);
    server.fault = () => undefined;
    await expect
      .poll(() => lines.some(({ msg }) => String(msg).includes('evaluated again')), WAIT)
      .toBe(true);
  });

  it('grow old from the start if they can never be evaluated', async () => {
    const server = await clusters();
    server.fault = ({ plural }) => (plural === 'persistentvolumes' ? { status: 500 } : undefined);
    const { metrics } = standing(server);
    const failed = () => metric(metrics, 'iomesh_guard_standing_passes_total', { result: 'failed' });
    await expect.poll(failed, WAIT).toBeGreaterThan(0);
    expect(await metric(metrics, 'iomesh_guard_standing_age_seconds')).toBeGreaterThan(0);
  });

  it('skip the rules of a kind that may not be listed, and say so', async () => {
    const server = await clusters();
    server.forbidden.add('persistentvolumeclaims');
    const { passes, lines } = standing(server);
    await expect.poll(() => passes.length, WAIT).toBeGreaterThan(0);
    expect(passes[0]?.unread.join()).toContain('persistentvolumeclaims is forbidden');
    expect(lines.some(({ msg }) => String(msg).includes('standing findings are incomplete'))).toBe(true);
  });

  it('are those of audit with claims of which a page is too large', async () => {
    const server = await clusters();
    for (let each = 0; each < 12; each++) {
      const metadata = {
        name: `large-${each}`,
        namespace: 'default',
        annotations: { note: 'x'.repeat(2 ** 20) },
      };
      server.put({ ...claim('large'), metadata });
    }
    server.put(storageClass('odd', { clusterConnection: 'default/named', fstype: 'ext4' }));
    server.put(configMap('default', 'named', { clusterID: 'typo' }));
    const { passes } = standing(server);
    await expect.poll(() => passes.length, WAIT).toBeGreaterThan(0);
    const findings = passes[0]?.findings.map(({ json }) => json);
    expect(findings?.filter(({ object }) => object?.kind === 'PersistentVolumeClaim')).toHaveLength(12);
    expect(JSON.stringify(findings)).toBe(await auditFindings(server));
  });

  it('of a pass are freed before the time for it is over', async () => {
    const server = await clusters();
    const { world } = watchWorld(server);
    const api = connect({ kubeconfig: server.kubeconfig });
    const source = evaluateInWorker({ file: SCRIPT }, api, world, DEFAULT_CONFIG);
    await expect.poll(() => world.ready, WAIT).toBe(true);
    const signal = AbortSignal.timeout(60_000);
    const result = new WeakRef(await source.evaluate('2026-11-23', signal));
    await expect
      .poll(() => {
        collectGarbage();
        return result.deref() === undefined;
      }, WAIT)
      .toBe(true);
    expect(signal.aborted).toBe(false);
    source.close();
    await api.close();
  });

  it('survive the end of the worker', async () => {
    const server = await clusters();
    const script = join(import.meta.dirname, 'missing.js');
    const { metrics } = standing(server, SOON, undefined);
    const { world } = watchWorld(server);
    const api = connect({ kubeconfig: server.kubeconfig });
    const broken = evaluateInWorker({ file: script }, api, world, DEFAULT_CONFIG);
    await expect.poll(() => world.ready, WAIT).toBe(true);
    await expect(broken.evaluate('2026-11-23', AbortSignal.timeout(5000))).rejects.toThrow(/missing\.js/);
    const done = () => metric(metrics, 'iomesh_guard_standing_passes_total', { result: 'done' });
    await expect.poll(done, WAIT).toBeGreaterThan(0);
  });
});
