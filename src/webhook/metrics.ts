import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type Kind, KINDS } from '../core/base/model.ts';
import type { ForeignReview } from '../admission/foreign-review.ts';
import type { Decision, WebhookKind } from '../admission/decision.ts';
import type { AdmissionRequest } from '../admission/review.ts';

/** Kinds with a label value of their own; all others share one, which bounds the number of series. */
const LABELLED: ReadonlySet<string> = new Set([...KINDS, 'Scale']);

/** The metrics of the webhook. One registry per server: two servers in one process share no values. */
export class Metrics {
  readonly registry = new Registry();
  readonly #decisions = new Counter({
    name: 'iomesh_guard_decisions_total',
    help: 'Decisions by webhook (validating, mutating), operation, kind and outcome (allowed, warned, denied, patched, passed).',
    labelNames: ['webhook', 'operation', 'kind', 'outcome'],
    registers: [this.registry],
  });
  readonly #findings = new Counter({
    name: 'iomesh_guard_findings_total',
    help: 'Findings in decisions by rule, operation and outcome (denied, warned, waived).',
    labelNames: ['rule', 'operation', 'outcome'],
    registers: [this.registry],
  });
  readonly #waived = new Counter({
    name: 'iomesh_guard_waived_total',
    help: 'Waived findings by rule and waiver (configuration, annotation, new-annotation: it came with the change that it waives).',
    labelNames: ['rule', 'by'],
    registers: [this.registry],
  });
  readonly #failures = new Counter({
    name: 'iomesh_guard_failures_total',
    help: 'Requests answered with an HTTP error by reason (path, client, request, unreadable, internal).',
    labelNames: ['reason'],
    registers: [this.registry],
  });
  readonly #duration = new Histogram({
    name: 'iomesh_guard_review_duration_seconds',
    help: 'Time from the end of the request body to the response.',
    labelNames: ['webhook'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });
  readonly #inFlight = new Gauge({
    name: 'iomesh_guard_reviews_in_flight',
    help: 'Reviews in progress.',
    registers: [this.registry],
  });
  readonly #ready = new Gauge({
    name: 'iomesh_guard_ready',
    help: '1 if the readiness probe succeeds, otherwise 0.',
    registers: [this.registry],
  });
  readonly #reloads = new Counter({
    name: 'iomesh_guard_world_reloads_total',
    help: 'Reads of a changed --world directory by result (loaded, failed).',
    labelNames: ['result'],
    registers: [this.registry],
  });
  readonly #certificate = new Gauge({
    name: 'iomesh_guard_certificate_not_after_seconds',
    help: 'Expiry of the served certificate in seconds since 1970.',
    registers: [this.registry],
  });
  readonly #callersAuthenticated = new Gauge({
    name: 'iomesh_guard_callers_authenticated',
    help: '1 if only callers are answered that know the secret path or have the client certificate, otherwise 0.',
    registers: [this.registry],
  });
  readonly #dropped = new Gauge({
    name: 'iomesh_guard_match_conditions_dropped',
    help: '1 if the apiserver did not store the matchConditions of the webhooks (Kubernetes before 1.28): install the kustomize overlay kubernetes-1.23, or the chart with matchConditions: false.',
    registers: [this.registry],
  });
  readonly #registered = new Gauge({
    name: 'iomesh_guard_registered',
    help: '1 if the webhook configuration exists, by webhook (validating, mutating). 0: nothing is checked, or no defaults are set.',
    labelNames: ['webhook'],
    registers: [this.registry],
  });
  readonly #unchecked = new Gauge({
    name: 'iomesh_guard_unchecked_objects',
    help: 'Objects of IOMesh clusters that the validating webhook configuration excludes, by kind: changes of them are not checked.',
    labelNames: ['kind'],
    registers: [this.registry],
  });
  readonly #clock: () => number;
  #worldRead: number | undefined;
  #worldAge = () => (this.#worldRead === undefined ? Number.NaN : (this.#clock() - this.#worldRead) / 1000);

  /** `clock` gives milliseconds since 1970. */
  constructor(clock: () => number = Date.now) {
    this.#clock = clock;
    const age = () => this.#worldAge();
    new Gauge({
      name: 'iomesh_guard_world_age_seconds',
      help: 'Seconds since the world was last known to be current; NaN before the first time.',
      registers: [this.registry],
      collect() {
        this.set(age());
      },
    });
  }

  /** Counts a review as in progress until the returned function is called. */
  started(): () => void {
    this.#inFlight.inc();
    return () => this.#inFlight.dec();
  }

  decided(webhook: WebhookKind, request: AdmissionRequest, decision: Decision, seconds: number): void {
    const { operation } = request;
    const kind = LABELLED.has(request.kind) ? request.kind : 'other';
    this.#duration.observe({ webhook }, seconds);
    this.#decisions.inc({ webhook, operation, kind, outcome: decision.outcome });
    for (const [outcome, findings] of [
      ['denied', decision.denied],
      ['warned', decision.warned],
      ['waived', decision.waived],
    ] as const)
      for (const { code } of findings) this.#findings.inc({ rule: code, operation, outcome });
    for (const { code, waiver } of decision.waived) this.#waived.inc({ rule: code, by: waiver.by });
  }

  /** A review of an object of others that was answered without being parsed. */
  foreign(webhook: WebhookKind, { operation, kind }: ForeignReview, seconds: number): void {
    this.#duration.observe({ webhook }, seconds);
    this.#decisions.inc({ webhook, operation, kind, outcome: 'passed' });
  }

  /** Whether the configuration of a webhook exists. */
  registered(webhook: WebhookKind, yes: boolean): void {
    this.#registered.set({ webhook }, yes ? 1 : 0);
  }

  /** The apiserver did not store the matchConditions of our webhooks. */
  matchConditionsDropped(): void {
    this.#dropped.set(1);
  }

  /** The number of objects that the webhook configuration excludes. */
  uncheckedObjects(kind: Kind, count: number): void {
    this.#unchecked.set({ kind }, count);
  }

  failed(reason: 'path' | 'client' | 'request' | 'unreadable' | 'internal'): void {
    this.#failures.inc({ reason });
  }

  callersAuthenticated(yes: boolean): void {
    this.#callersAuthenticated.set(yes ? 1 : 0);
  }

  ready(yes: boolean): void {
    this.#ready.set(yes ? 1 : 0);
  }

  /** The world is known to be current now. */
  worldRead(): void {
    this.#worldRead = this.#clock();
  }

  /** Sets the source of the world's age in seconds, if it is not reported with {@link worldRead}. */
  worldAge(age: () => number): void {
    this.#worldAge = age;
  }

  worldReloaded(result: 'loaded' | 'failed'): void {
    this.#reloads.inc({ result });
  }

  certificate(notAfter: Date): void {
    this.#certificate.set(notAfter.getTime() / 1000);
  }
}
