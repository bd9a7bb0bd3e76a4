import { type PeerCertificate, type SecureContextOptions, type TlsOptions, TLSSocket } from 'node:tls';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type AccessSource, withPermission } from '../admission/access.ts';
import { admitWithLedger, needsLedger } from '../admission/admit-with-ledger.ts';
import {
  admit,
  decideUnverified,
  fillDefaults,
  type Intent,
  intentOf,
  mayIgnoreErrors,
  needsVolumes,
} from '../admission/admit.ts';
import { type Decision, passed, type WebhookKind } from '../admission/decision.ts';
import { readForeignReview } from '../admission/foreign-review.ts';
import type { Ledger } from '../admission/ledger.ts';
import { allow } from '../admission/response.ts';
import { type AdmissionRequest, parseBody, parseReview } from '../admission/review.ts';
import type { WebhookPaths } from '../admission/webhook-paths.ts';
import { type WorldSource, WorldUnreadable } from '../admission/world-source.ts';
import { beforeAbort } from '../before-abort.ts';
import type { Config } from '../core/base/config.ts';
import type { World } from '../core/world.ts';
import { isNamed, withoutSecret } from './caller.ts';
import { CALLER_TIMEOUTS } from './connection-limits.ts';
import { deadlineOf, withinTime } from './deadline.ts';
import type { DecisionLog } from './log.ts';
import type { Metrics } from './metrics.ts';

/** The dependencies of the app. */
export interface AppOptions {
  readonly config: Config;
  readonly source: WorldSource;
  /** Undefined without a cluster: then no permission is asked for. */
  readonly access?: AccessSource | undefined;
  readonly metrics: Metrics;
  readonly log: DecisionLog;
  /** TLS options of the HTTPS server; undefined in tests that inject requests. */
  readonly tls?: (TlsOptions & SecureContextOptions) | undefined;
  /** The secret paths that are answered; undefined if `/validate` and `/mutate` are. */
  readonly paths?: WebhookPaths | undefined;
  /** The name that the client certificate must have; undefined if callers need no certificate. */
  readonly clientName?: string | undefined;
  /** Timeout of a review without `?timeout=`, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** Records admitted changes for all replicas; undefined for a single replica without a namespace. */
  readonly ledger?: Ledger | undefined;
  /**
   * Called before a change is admitted that will be stored. Must not reject. The answer waits for it, but not past
   * the deadline of the review.
   */
  readonly onAdmit?: ((request: AdmissionRequest) => Promise<void>) | undefined;
}

/** The largest accepted body. The UPDATE of a ConfigMap of 900 KB has a body of 3.6 MB. */
export const BODY_LIMIT = 8 * 1024 * 1024;

/**
 * The apiserver closes idle connections after 90 s, the default of Go's HTTP client. If the server closes
 * first, a review can be sent on a closed connection: 24 of 240 reviews failed with a timeout of 5 s.
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apimachinery/pkg/util/net/http.go
 */
const KEEP_ALIVE_MS = 120_000;

/** The HTTP application of the webhook: `POST /validate` and `POST /mutate`, each with the secret if there is one. */
export function buildApp(options: AppOptions): FastifyInstance & { drain(): void } {
  const { paths, clientName, metrics } = options;
  const rewriteUrl =
    paths && ((request: { url?: string | undefined }) => withoutSecret(request.url ?? '', paths));
  const app = Fastify({
    ...(rewriteUrl === undefined ? {} : { rewriteUrl }),
    ...(options.tls === undefined ? {} : { https: { ...options.tls, ...CALLER_TIMEOUTS } }),
    logger: false,
    bodyLimit: BODY_LIMIT,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: CALLER_TIMEOUTS.requestTimeout,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  }) as unknown as FastifyInstance;
  let draining = false;

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  // Before the body is read, so that a request of a stranger costs nothing.
  app.addHook('onRequest', (request, reply, done) => {
    const refuse = (reason: 'path' | 'client', status: number, message: string) => {
      metrics.failed(reason);
      void reply.code(status).header('connection', 'close').send(statusBody(status, message));
    };
    if (clientName !== undefined && !isNamed(clientCertificate(request), clientName))
      return refuse('client', 403, `the client certificate does not have the name ${clientName}`);
    if (request.is404) return refuse('path', 404, 'not found');
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // The caller opens its next connection to another replica.
    if (draining) reply.header('connection', 'close');
    done();
  });
  app.post('/validate', (request, reply) => answer(options, 'validating', request, reply));
  app.post('/mutate', (request, reply) => answer(options, 'mutating', request, reply));
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const unreadable = error instanceof WorldUnreadable;
    const status = unreadable ? 503 : (error.statusCode ?? 500);
    const reason = unreadable ? 'unreadable' : status >= 500 ? 'internal' : 'request';
    options.metrics.failed(reason);
    options.log.failure(status, error);
    return reply
      .code(status)
      .send(statusBody(status, reason === 'internal' ? 'internal error' : error.message));
  });
  return Object.assign(app, {
    drain() {
      draining = true;
    },
  });
}

function clientCertificate({ raw: { socket } }: FastifyRequest): Partial<PeerCertificate> {
  return socket instanceof TLSSocket ? socket.getPeerCertificate() : {};
}

async function answer(
  options: AppOptions,
  webhook: WebhookKind,
  http: FastifyRequest,
  reply: FastifyReply,
): Promise<string> {
  const finish = options.metrics.started();
  const began = performance.now();
  try {
    const text = typeof http.body === 'string' ? http.body : '';
    // A connection keeps its last request. With it the body would get so old that only a collection of the whole heap
    // frees it: 3 KB of each review, nearly half of what V8 kept.
    http.body = undefined;
    reply.header('content-type', 'application/json');
    const foreign = readForeignReview(text, options.config);
    if (foreign !== undefined) {
      options.metrics.foreign(webhook, foreign, (performance.now() - began) / 1000);
      options.log.foreign(webhook, foreign);
      return JSON.stringify(allow(foreign.uid));
    }
    const request = parseReview(parseBody(text));
    const timeoutMs = deadlineOf(http.query, options.timeoutMs);
    const decision = await decide(options, webhook, request, timeoutMs);
    const willBeStored = webhook === 'validating' && decision.response.response.allowed && !request.dryRun;
    if (willBeStored && options.onAdmit !== undefined)
      await waitFor(options.onAdmit(request), began + timeoutMs - performance.now());
    const milliseconds = performance.now() - began;
    options.metrics.decided(webhook, request, decision, milliseconds / 1000);
    options.log.decision(webhook, request, decision, milliseconds);
    return JSON.stringify(decision.response);
  } finally {
    finish();
  }
}

async function decide(
  options: AppOptions,
  webhook: WebhookKind,
  request: AdmissionRequest,
  timeoutMs: number,
): Promise<Decision> {
  const asked = intentOf(request, options.config);
  if (asked.kind === 'pass') return passed(request);
  if (asked.kind === 'change') options.source.use?.([asked]);
  return await withinTime(timeoutMs, (signal) =>
    webhook === 'mutating'
      ? complete(options, request, asked, signal)
      : validateWithFacts(options, request, asked, timeoutMs, signal),
  );
}

/** The decision of the validating webhook, with the permission and the volumes that it needs. */
async function validateWithFacts(
  options: AppOptions,
  request: AdmissionRequest,
  asked: Intent,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Decision> {
  const { source, access } = options;
  const permitted = await withPermission(access, request, asked, signal);
  const recent = createsCluster(permitted);
  const intent = await withVolumes(source, permitted, recent, timeoutMs);
  const decision = await validate(options, request, intent, timeoutMs, signal);
  if (!recent || decision.outcome !== 'denied' || !hasVolumes(intent)) return decision;
  // The denial may rest on a volume that was deleted in the last seconds.
  const current = await withVolumes(source, permitted, false, timeoutMs);
  return await validate(options, request, current, timeoutMs, signal);
}

/** The decision of the mutating webhook. */
async function complete(
  { source, ledger }: AppOptions,
  request: AdmissionRequest,
  intent: Intent,
  signal: AbortSignal,
): Promise<Decision> {
  if (ledger === undefined || intent.kind !== 'change' || intent.after === undefined)
    return fillDefaults(request, intent, await readWorld(source, signal));
  return await ledger.evaluate(
    {
      change: intent,
      evaluate(world) {
        const answer = fillDefaults(request, intent, world);
        return { allowed: true, answer, warned: answer.response.response.warnings !== undefined };
      },
    },
    signal,
  );
}

async function validate(
  { config, source, ledger, metrics }: AppOptions,
  request: AdmissionRequest,
  intent: Intent,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Decision> {
  try {
    if (ledger !== undefined && needsLedger(intent))
      return await admitWithLedger(ledger, request, intent, timeoutMs, signal);
    return admit(request, intent, await readWorld(source, signal));
  } catch (error) {
    if (!(error instanceof WorldUnreadable) || !mayIgnoreErrors(intent)) throw error;
    metrics.failed('unreadable');
    return decideUnverified(request, config, error.message);
  }
}

/**
 * True for a new cluster, for which the volumes of some seconds ago are enough: those of an earlier cluster of its name
 * are older.
 */
function createsCluster(intent: Intent): boolean {
  return intent.kind === 'change' && intent.before === undefined && intent.after?.kind === 'IOMeshCluster';
}

function hasVolumes(intent: Intent): boolean {
  if (intent.kind !== 'change' || intent.volumes === undefined) return false;
  const { kind, objects, failure } = intent.volumes;
  return failure !== undefined || objects.count(kind) > 0;
}

/** Half of the time is left for the world, so that a denial can say why the volumes could not be read. */
async function withVolumes(
  source: WorldSource,
  intent: Intent,
  recent: boolean,
  timeoutMs: number,
): Promise<Intent> {
  if (!needsVolumes(intent)) return intent;
  const volumes = await source.volumes?.(AbortSignal.timeout(timeoutMs / 2), recent);
  return volumes === undefined ? intent : { ...intent, volumes };
}

/** The world, or an error before the apiserver's own timeout, which would hide the reason. */
async function readWorld(source: WorldSource, signal: AbortSignal): Promise<World> {
  const current = source.current(signal);
  if (!(current instanceof Promise)) return current;
  return await beforeAbort(current, signal, () => new WorldUnreadable('the world could not be read in time'));
}

/** Waits until a promise that never rejects is fulfilled, but no longer than `ms`. */
async function waitFor(done: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.max(0, ms))));
  await Promise.race([done, late]);
  clearTimeout(timer);
}

/**
 * The body of an HTTP error: a Kubernetes `Status`. The apiserver shows its message; of any other body it
 * shows only the HTTP status:
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/client-go/rest/request.go (transformResponse).
 */
function statusBody(code: number, message: string) {
  const reason = REASONS[code] ?? (code >= 500 ? 'InternalError' : 'BadRequest');
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
}

const REASONS: Readonly<Record<number, string>> = {
  403: 'Forbidden',
  404: 'NotFound',
  503: 'ServiceUnavailable',
};
