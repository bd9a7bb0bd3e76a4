import type { SecureContextOptions, TlsOptions } from 'node:tls';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { World } from '../core/world.ts';
import type { Ledger } from '../admission/ledger.ts';
import { admit, intentOf } from '../admission/admit.ts';
import { admitWithLedger, needsLedger } from '../admission/admit-with-ledger.ts';
import { complete } from '../admission/complete.ts';
import { deadlineOf } from '../admission/deadline.ts';
import type { Decision, Door } from '../admission/decision.ts';
import { failureStatus } from './failure.ts';
import type { DecisionLog } from './log.ts';
import type { Metrics } from './metrics.ts';
import { type AdmissionRequest, parseBody, parseReview } from '../admission/review.ts';
import { type WorldSource, WorldUnreadable } from '../admission/world-source.ts';

/** What the app stands on; everything that differs between a test and a cluster. */
export interface AppOptions {
  readonly source: WorldSource;
  readonly metrics: Metrics;
  readonly log: DecisionLog;
  /** TLS options of the HTTPS server; absent for tests that inject. */
  readonly tls?: (TlsOptions & SecureContextOptions) | undefined;
  /** Longest an answer may take where the caller does not say, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** Where changes that are allowed are written down first; absent where this is the only replica, or nothing is stored. */
  readonly ledger?: Ledger | undefined;
}

/** An UPDATE of a 900 KB ConfigMap was a body of 3.6 MB. */
export const BODY_LIMIT = 8 * 1024 * 1024;

/** Go's HTTP client closes an idle connection at 90 s: it must be the client that closes first. */
const KEEP_ALIVE_MS = 120_000;

/** The webhook's HTTP application: `POST /validate` and `POST /mutate`, and nothing else. */
export function buildApp(options: AppOptions): FastifyInstance & { drain(): void } {
  const app = Fastify({
    ...(options.tls === undefined ? {} : { https: options.tls }),
    logger: false,
    bodyLimit: BODY_LIMIT,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: 30_000,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  }) as unknown as FastifyInstance;
  let draining = false;

  // The text is read later, if at all: what came before need not be.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // The caller opens its next connection elsewhere, and this one is free to close.
    if (draining) reply.header('connection', 'close');
    done();
  });
  app.post('/validate', (request, reply) => answer(options, 'validate', request, reply));
  app.post('/mutate', (request, reply) => answer(options, 'mutate', request, reply));
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(failureStatus(404, 'POST /validate or /mutate')),
  );
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const unreadable = error instanceof WorldUnreadable;
    const status = unreadable ? 503 : (error.statusCode ?? 500);
    const reason = unreadable ? 'unreadable' : status >= 500 ? 'internal' : 'request';
    options.metrics.failed(reason);
    options.log.failure(status, error);
    return reply
      .code(status)
      .send(failureStatus(status, reason === 'internal' ? 'internal error' : error.message));
  });
  return Object.assign(app, {
    drain() {
      draining = true;
    },
  });
}

async function answer(
  options: AppOptions,
  door: Door,
  http: FastifyRequest,
  reply: FastifyReply,
): Promise<string> {
  const stop = options.metrics.started();
  const began = performance.now();
  try {
    const text = typeof http.body === 'string' ? http.body : '';
    const { request, decision } = await decide(options, door, text, http.query);
    const milliseconds = performance.now() - began;
    options.metrics.decided(door, request, decision, milliseconds / 1000);
    options.log.decision(door, request, decision, milliseconds);
    reply.header('content-type', 'application/json');
    return JSON.stringify(decision.response);
  } finally {
    stop();
  }
}

async function decide(
  { source, ledger, timeoutMs }: AppOptions,
  door: Door,
  text: string,
  query: unknown,
): Promise<{ readonly request: AdmissionRequest; readonly decision: Decision }> {
  const request = parseReview(parseBody(text));
  const intent = intentOf(request);
  const budgetMs = deadlineOf(query, timeoutMs);
  if (door === 'validate' && ledger !== undefined && needsLedger(intent))
    return { request, decision: await admitWithLedger(ledger, request, intent, budgetMs) };
  const world = intent.kind === 'pass' ? undefined : await readWorld(source, budgetMs);
  const decision = door === 'mutate' ? complete(request, intent, world) : admit(request, intent, world);
  return { request, decision };
}

/** The world, or a failure before the apiserver stops waiting: it must hear from us why. */
async function readWorld(source: WorldSource, budgetMs: number): Promise<World> {
  const signal = AbortSignal.timeout(budgetMs);
  const current = source.current(signal);
  if (!(current instanceof Promise)) return current;
  return await Promise.race([current, expiry(signal)]);
}

function expiry(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => reject(new WorldUnreadable('the world could not be read in time')),
      { once: true },
    );
  });
}
