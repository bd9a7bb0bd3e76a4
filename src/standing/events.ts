import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { type Api, reasonOf, statusOf } from '../cluster/api.ts';
import { microTime } from '../cluster/micro-time.ts';
import type { JsonObject } from '../core/base/json.ts';
import { isClusterScoped, type Kind } from '../core/base/model.ts';
import { truncate } from '../core/base/text.ts';
import type { StandingFinding } from './finding-history.ts';
import type { StandingPass } from './standing-audit.ts';

/** client-go ends a series that has not gone on for this time: k8s.io/client-go/tools/events. */
const SERIES_MS = 6 * 60_000;
/** Less than 1 KiB, the limit in bytes: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/. */
const MAX_NOTE = 900;
/** Events of one pass; the metric counts all findings. */
const MAX_EVENTS = 50;
const REQUEST_MS = 5_000;
/** Events of cluster-scoped objects are here. */
const DEFAULT_NAMESPACE = 'default';

export interface EventWriterOptions {
  readonly api: Api;
  readonly logger: Logger;
  /** The name of this replica. */
  readonly instance: string;
  /** True while no other replica writes. Asked before each write. */
  readonly mayWrite: () => boolean;
}

interface Series {
  readonly path: string;
  count: number;
  last: number;
}

/** Writes an Event (events.k8s.io/v1) on an object when an error appears and when it is resolved. */
export class EventWriter {
  readonly #options: EventWriterOptions;
  readonly #series = new Map<string, Series>();
  #last: readonly StandingFinding[] = [];
  #queue: Promise<void> = Promise.resolve();
  #failing = false;

  constructor(options: EventWriterOptions) {
    this.#options = options;
  }

  /** Writes what appeared and what was resolved in a pass. */
  write({ findings, appeared, resolved, at }: StandingPass): void {
    this.#last = findings;
    if (!this.#options.mayWrite()) return;
    this.#enqueue(appeared, true, at);
    this.#enqueue(resolved, false, at);
  }

  /** After this replica has become the writer: the errors that the writer before cannot have seen. */
  takeOver(before: Date | undefined): void {
    const unseen = this.#last.filter(({ since }) => before === undefined || since > before);
    this.#enqueue(unseen, true, new Date());
  }

  #enqueue(findings: readonly StandingFinding[], appeared: boolean, at: Date): void {
    const errors = findings.filter(({ json }) => json.severity === 'error' && json.object !== undefined);
    for (const each of errors.slice(0, MAX_EVENTS))
      this.#queue = this.#queue.then(() => this.#send(each, appeared, at));
  }

  async #send(finding: StandingFinding, appeared: boolean, at: Date): Promise<void> {
    const { api, logger, mayWrite } = this.#options;
    if (!mayWrite()) return;
    const key = `${appeared} ${finding.key}`;
    const now = at.getTime();
    for (const [each, { last }] of this.#series) if (now - last >= SERIES_MS) this.#series.delete(each);
    const series = this.#series.get(key);
    const signal = AbortSignal.timeout(REQUEST_MS);
    try {
      if (series !== undefined && (await this.#continueSeries(series, at, signal))) return;
      const event = this.#event(finding, appeared, at);
      const { namespace, name } = event.metadata;
      const collection = `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;
      await api.request('POST', collection, { body: event as unknown as JsonObject, signal });
      this.#series.set(key, { path: `${collection}/${name}`, count: 1, last: now });
      this.#failing = false;
    } catch (error) {
      // Not repeated: metric, log and report have the finding too.
      if (!this.#failing) logger.warn({ reason: reasonOf(error) }, 'an Event cannot be written');
      this.#failing = true;
    }
  }

  /** Counts an Event that was written moments ago. False if it is gone. */
  async #continueSeries(series: Series, at: Date, signal: AbortSignal): Promise<boolean> {
    const body = { series: { count: series.count + 1, lastObservedTime: microTime(at) } };
    try {
      await this.#options.api.request('PATCH', series.path, {
        body,
        contentType: 'application/merge-patch+json',
        signal,
      });
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
    series.count += 1;
    series.last = at.getTime();
    return true;
  }

  #event({ json, uid, key, since }: StandingFinding, appeared: boolean, at: Date) {
    const { code, name, message, path, object } = json;
    const { apiVersion = '', kind = '', namespace, name: objectName = '' } = object ?? {};
    const inNamespace = namespace !== undefined && !isClusterScoped(kind as Kind);
    // Unique: the same finding can come and go.
    const hash = createHash('sha256').update(`${key} ${appeared} ${at.getTime()}`).digest('hex').slice(0, 16);
    const what = `${code} ${name}: ${path === '' ? '' : `${path}: `}${message}`;
    return {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: {
        name: `${objectName.slice(0, 200).replace(/\W+$/, '')}.${hash}`,
        namespace: inNamespace ? namespace : DEFAULT_NAMESPACE,
      },
      eventTime: microTime(at),
      reportingController: 'iomesh-guard',
      reportingInstance: this.#options.instance.slice(0, 128),
      action: 'Audit',
      reason: appeared ? 'FindingAppeared' : 'FindingResolved',
      type: appeared ? 'Warning' : 'Normal',
      regarding: {
        apiVersion,
        kind,
        name: objectName,
        ...(inNamespace ? { namespace } : {}),
        ...(uid === undefined ? {} : { uid }),
      },
      note: truncate(appeared ? what : `resolved, found since ${since.toISOString()}: ${what}`, MAX_NOTE),
    };
  }
}
