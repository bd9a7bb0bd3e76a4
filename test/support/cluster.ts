import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { pino } from 'pino';
import { afterEach } from 'vitest';
import { connect } from '../../src/cluster/client/connect.ts';
import { LiveWorld, type LiveWorldOptions } from '../../src/cluster/live-world.ts';
import { DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import { Metrics } from '../../src/webhook/metrics.ts';
import { ApiServer, type Obj } from './apiserver.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples/two-clusters');

/** The objects in one file of the correct example. */
export function example(file: string): Obj[] {
  return loadAll(readFileSync(join(EXAMPLES, file), 'utf8')) as Obj[];
}

export function configMap(namespace: string, name: string, data: Record<string, string> = {}): Obj {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

export function storageClass(name: string, parameters: Record<string, string> = {}): Obj {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner: 'com.iomesh.csi-driver',
    parameters,
  };
}

/** Short timeouts, so that a failure and its recovery fit into a test. */
export const QUICK = {
  timeoutSeconds: 1,
  silenceMs: 1200,
  backoffMs: 20,
  maxBackoffMs: 200,
  absentMs: 100,
  forbiddenMs: 100,
  listMs: 2000,
  pageSize: 3,
  readMs: 2000,
} as const;

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export async function startServer(): Promise<ApiServer> {
  const server = await ApiServer.start();
  cleanups.push(() => server.stop());
  return server;
}

/** The live world of a server, with its log and metrics. */
export function watchWorld(server: ApiServer, options: Partial<LiveWorldOptions> = {}) {
  const lines: Record<string, unknown>[] = [];
  const metrics = new Metrics();
  const world = LiveWorld.open({
    api: connect({ kubeconfig: server.kubeconfig }),
    config: DEFAULT_CONFIG,
    logger: pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) }),
    registry: metrics.registry,
    today: () => '2026-11-23',
    timings: QUICK,
    ...options,
  });
  cleanups.push(() => world.close());
  const read = (milliseconds = 5000) => world.current(AbortSignal.timeout(milliseconds));
  return { world, metrics, lines, read };
}
