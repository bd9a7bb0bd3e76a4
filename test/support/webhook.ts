import { type Agent, request } from 'node:https';
import { pino } from 'pino';
import { DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import type { Change, Resource } from '../../src/core/base/model.ts';
import type { World } from '../../src/core/world.ts';
import { type AppOptions, buildApp } from '../../src/webhook/app.ts';
import { DecisionLog } from '../../src/webhook/log.ts';
import { Metrics } from '../../src/webhook/metrics.ts';
import type { ReviewResponse } from '../../src/admission/response.ts';
import type { WorldSource } from '../../src/admission/world-source.ts';

/** A source with one world. */
export function fixed(world: World): WorldSource {
  return { ready: true, current: () => world };
}

/** The app with a source of worlds, and the lines that it logs. */
export function appFor(source: WorldSource, more: Partial<AppOptions> = {}) {
  const lines: Record<string, unknown>[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const metrics = new Metrics();
  const app = buildApp({
    config: DEFAULT_CONFIG,
    source,
    metrics,
    log: new DecisionLog(pino({ base: null, level: 'debug' }, stream)),
    ...more,
  });
  return { app, metrics, lines };
}

/** The value of a metric with these labels; undefined if it was never set. */
export async function metric(
  metrics: Metrics,
  name: string,
  labels: Record<string, string> = {},
): Promise<number | undefined> {
  const found = await metrics.registry.getSingleMetric(name)?.get();
  const wanted = Object.entries(labels);
  return found?.values.find((each) =>
    wanted.every(([key, value]) => (each.labels as Record<string, unknown>)[key] === value),
  )?.value;
}

const PLURALS: Readonly<Record<string, string>> = {
  IOMeshCluster: 'iomeshclusters',
  ZookeeperCluster: 'zookeeperclusters',
  ConfigMap: 'configmaps',
  StorageClass: 'storageclasses',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  PersistentVolume: 'persistentvolumes',
  Namespace: 'namespaces',
  Node: 'nodes',
  CustomResourceDefinition: 'customresourcedefinitions',
};

/** The AdmissionReview that an apiserver sends for a change. */
export function reviewOf(change: Change, more: Record<string, unknown> = {}) {
  const subject = (change.after ?? change.before) as Resource;
  const { apiVersion, kind, namespace, name } = subject.ref;
  const [version, group = ''] = apiVersion.split('/').reverse() as [string, string?];
  const operation = change.before === undefined ? 'CREATE' : change.after === undefined ? 'DELETE' : 'UPDATE';
  const resource = { group, version, resource: PLURALS[kind] };
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      kind: { group, version, kind },
      resource,
      requestKind: { group, version, kind },
      requestResource: resource,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      operation,
      userInfo: { username: 'kubernetes-admin', groups: ['system:authenticated'] },
      object: change.after?.json ?? null,
      oldObject: change.before?.json ?? null,
      dryRun: false,
      options: null,
      ...more,
    },
  };
}

/** Injects a review into the app. */
export async function ask(
  app: ReturnType<typeof appFor>['app'],
  path: '/validate' | '/mutate' | `/validate?timeout=${number}s`,
  body: unknown,
): Promise<{ status: number; response: ReviewResponse['response'] }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const reply = await app.inject({
    method: 'POST',
    url: path,
    headers: { 'content-type': 'application/json' },
    payload: text,
  });
  return { status: reply.statusCode, response: (reply.json() as ReviewResponse).response };
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** One HTTPS request; rejects if the connection fails. */
export function call(
  options: { port: number; ca: string; agent?: Agent; path?: string; cert?: string; key?: string },
  body: string,
): Promise<Answer> {
  const { path = '/validate?timeout=5s', ...rest } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        method: 'POST',
        path,
        ...rest,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
        response.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
