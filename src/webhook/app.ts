import type { SecureContextOptions, TlsOptions } from 'node:tls';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { World } from '../core/world.ts';
import type { Ledger } from '../cluster/ledger/ledger.ts';
import { admit, type Intent, intentOf } from './admit.ts';
import { admitWithLedger, needsLedger } from './admit-with-ledger.ts';
import { complete } from './complete.ts';
import { deadlineOf } from './deadline.ts';
import { answerTo, type Decision, type Door } from './decision.ts';
import { failureStatus } from './failure.ts';
import type { DecisionLog } from './log.ts';
import type { Metrics } from './metrics.ts';
import { type AdmissionRequest, parseReview } from './review.ts';
import { Verdicts } from './verdicts.ts';
import { type WorldSource, WorldUnreadable } from './world-source.ts';

/** What the app stands on; everything that differs between a test and a cluster. */
export interface AppOptions {
  readonly source: WorldSource;
  readonly metrics: Metrics;
  readonly log: DecisionLog;
  /** TLS options of the HTTPS server; absent for tests that inject. */
  readonly tls?: TlsOptions & SecureContextOptions;
  /** Longest an answer may take where the caller does not say, in milliseconds. */
  readonly timeoutMs?: number;
  /** Where changes that are allowed are written down first; absent where this is the only replica, or nothing is stored. */
  readonly ledger?: Pick<Ledger, 'decide'>;
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
    // A body with such a key must be judged, not answered 400: under failurePolicy Ignore that is a way round us.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    forceCloseConnections: 'idle',
  }) as unknown as FastifyInstance;
  let draining = false;

  const verdicts = new Verdicts();

  app.addHook('onSend', (_request, reply, _payload, done) => {
    // The caller opens its next connection elsewhere, and this one is free to close.
    if (draining) reply.header('connection', 'close');
    done();
  });
  app.post('/validate', (request, reply) => answer(options, verdicts, 'validate', request, reply));
  app.post('/mutate', (request, reply) => answer(options, verdicts, 'mutate', request, reply));
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
  verdicts: Verdicts,
  door: Door,
  http: FastifyRequest,
  reply: FastifyReply,
): Promise<string> {
  const stop = options.metrics.started();
  const began = performance.now();
  try {
    const request = parseReview(http.body);
    const intent = intentOf(request);
    const budgetMs = deadlineOf(http.query, options.timeoutMs);
    // A body of unknown length is as long as it may be.
    const bytes = Number(http.headers['content-length'] ?? BODY_LIMIT);
    const decision = await decide(options, verdicts, door, request, intent, bytes, budgetMs);
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
  { source, ledger }: AppOptions,
  verdicts: Verdicts,
  door: Door,
  request: AdmissionRequest,
  intent: Intent,
  bytes: number,
  budgetMs: number,
): Promise<Decision> {
  if (door === 'validate' && ledger !== undefined && needsLedger(intent))
    return await admitWithLedger(ledger, request, intent, budgetMs);
  const known = intent.kind === 'pass' ? undefined : source.atHand?.();
  const world = intent.kind === 'pass' ? undefined : (known ?? (await readWorld(source, budgetMs)));
  if (door === 'mutate') return complete(request, intent, world);
  const judge = () => admit(request, intent, world);
  if (intent.kind !== 'change' || world === undefined) return judge();
  return answerTo(request, verdicts.decide(world, intent, bytes, judge));
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
