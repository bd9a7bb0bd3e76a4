import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import { type Api, reasonOf, statusOf } from '../../cluster/api.ts';
import { itemsOf, listPosition } from '../../cluster/cached-object.ts';
import { asString, at, isArray, type Json, type JsonObject, own } from '../../core/base/json.ts';
import {
  type OpenReport,
  openReports,
  REPORT_KINDS,
  REPORT_LABEL,
  type ReportApi,
} from '../../report/open-reports.ts';
import type { StandingPass } from '../standing-audit.ts';

/** Objects with findings beyond this number have no report: each is an object in etcd. */
const MAX_REPORTS = 2_000;
const PAGE_SIZE = 100;
/** The longest time of one request. */
const REQUEST_MS = 10_000;
/** After a failed write, if no pass is earlier: the next one can be ten minutes away. Twice as long each time. */
const RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 300_000;

export interface ReportWriterOptions {
  readonly api: Api;
  readonly logger: Logger;
  readonly registry: Registry;
  /** True while no other replica writes. Asked before each write. */
  readonly mayWrite: () => boolean;
  readonly retryMs?: number | undefined;
}

/** Keeps the reports in the cluster equal to the findings: writes what changed, and deletes those of resolved findings. */
export class ReportWriter {
  readonly #options: ReportWriterOptions;
  readonly #writes: Counter<'operation' | 'result'>;
  #latest: StandingPass | undefined;
  #working = false;
  #failures = 0;
  #retry: NodeJS.Timeout | undefined;
  #missed: string | undefined;
  #problem: string | undefined;
  #closed = false;

  constructor(options: ReportWriterOptions) {
    this.#options = options;
    this.#writes = ReportWriter.countWrites(options.registry);
  }

  /** Registers the metric of the writes. */
  static countWrites(registry: Registry): Counter<'operation' | 'result'> {
    return new Counter({
      name: 'iomesh_guard_report_writes_total',
      help: 'Writes of policy reports by operation (create, update, delete) and result (done, failed).',
      labelNames: ['operation', 'result'],
      registers: [registry],
    });
  }

  /** Writes the findings of a pass, or of the last one again. Does nothing in a replica that may not write. */
  write(pass: StandingPass | undefined = this.#latest): void {
    this.#latest = pass;
    if (pass === undefined || this.#working || this.#closed || !this.#options.mayWrite()) return;
    this.#working = true;
    clearTimeout(this.#retry);
    void this.#synchronize(pass).then((isDone) => {
      this.#working = false;
      this.#failures = isDone ? 0 : this.#failures + 1;
      // A pass that ended meanwhile.
      if (this.#latest !== pass) this.write();
      else if (!isDone) this.#retry = setTimeout(() => this.write(), this.#retryDelay()).unref();
    });
  }

  #retryDelay(): number {
    const { retryMs = RETRY_MS } = this.#options;
    return Math.min(retryMs * 2 ** (this.#failures - 1), LONGEST_RETRY_MS);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
  }

  /** Returns whether all reports that can be written are. */
  async #synchronize(pass: StandingPass): Promise<boolean> {
    try {
      this.#missed = undefined;
      const reportApi = await this.#installedApi();
      if (reportApi === undefined)
        throw new Error('neither openreports.io/v1alpha1 nor wgpolicyk8s.io/v1alpha2 is installed');
      const wanted = openReports(pass.findings, reportApi);
      const left = wanted.length - MAX_REPORTS;
      const existing = await this.#list(reportApi);
      for (const report of wanted.slice(0, MAX_REPORTS)) {
        const path = pathOf(report as unknown as JsonObject);
        await this.#put(path, report, existing.get(path));
        existing.delete(path);
      }
      for (const [path, report] of existing) await this.#delete(path, report);
      const incomplete = left > 0 ? `${left} objects with findings have no report` : undefined;
      this.#report(this.#missed ?? incomplete);
      return this.#missed === undefined;
    } catch (error) {
      this.#report(reasonOf(error));
      return false;
    }
  }

  /** Logs a problem when it begins. */
  #report(problem: string | undefined): void {
    if (problem !== this.#problem && problem !== undefined)
      this.#options.logger.warn({ reason: problem }, 'policy reports are incomplete');
    if (problem === undefined && this.#problem !== undefined)
      this.#options.logger.info('policy reports are complete again');
    this.#problem = problem;
  }

  async #installedApi(): Promise<ReportApi | undefined> {
    for (const each of Object.keys(REPORT_KINDS) as ReportApi[]) {
      try {
        const found = await this.#request('GET', `/apis/${each}`);
        const resources = own(found, 'resources');
        const served = isArray(resources) ? resources.map((resource) => own(resource, 'name')) : [];
        const { namespaced, cluster } = REPORT_KINDS[each];
        if ([namespaced, cluster].every(({ plural }) => served.includes(plural))) return each;
      } catch (error) {
        if (statusOf(error) !== 404) throw error;
      }
    }
    return undefined;
  }

  /** Our reports in the cluster, by path. */
  async #list(reportApi: ReportApi): Promise<Map<string, JsonObject>> {
    const found = new Map<string, JsonObject>();
    const labelSelector = Object.entries(REPORT_LABEL)
      .map(([key, value]) => `${key}=${value}`)
      .join();
    const { namespaced, cluster } = REPORT_KINDS[reportApi];
    for (const { kind, plural } of [namespaced, cluster]) {
      let next: string | undefined;
      do {
        const query = { labelSelector, limit: PAGE_SIZE, continue: next };
        const page = await this.#request('GET', `/apis/${reportApi}/${plural}`, { query });
        for (const item of itemsOf(page)) {
          const report = { ...item, apiVersion: reportApi, kind };
          found.set(pathOf(report), report);
        }
        ({ next } = listPosition(page));
      } while (next !== undefined);
    }
    return found;
  }

  async #put(path: string, report: OpenReport, existing: JsonObject | undefined): Promise<void> {
    if (existing === undefined) {
      const collection = path.slice(0, path.lastIndexOf('/'));
      // Its object is gone, or its namespace is being deleted: a later pass does not find it.
      await this.#count('create', [403, 404, 409], 'POST', collection, report as unknown as JsonObject);
      return;
    }
    const merged = withKnownTimes(report, existing);
    if (hasSameReport(merged, existing)) return;
    const metadata = {
      ...merged.metadata,
      resourceVersion: at(existing, ['metadata', 'resourceVersion']) ?? '',
    };
    await this.#count('update', [404, 409], 'PUT', path, { ...merged, metadata } as unknown as JsonObject);
  }

  async #delete(path: string, report: JsonObject): Promise<void> {
    const body = { preconditions: { uid: at(report, ['metadata', 'uid']) ?? '' } };
    await this.#count('delete', [404, 409], 'DELETE', path, body);
  }

  /** Sends a write, unless another replica is the writer. `expected`: statuses that concern this report only. */
  async #count(
    operation: 'create' | 'update' | 'delete',
    expected: readonly number[],
    method: string,
    path: string,
    body: JsonObject,
  ): Promise<void> {
    if (!this.#options.mayWrite() || this.#closed) throw new Error('another replica writes the reports');
    try {
      await this.#request(method, path, { body });
      this.#writes.inc({ operation, result: 'done' });
    } catch (error) {
      this.#writes.inc({ operation, result: 'failed' });
      if (!expected.includes(statusOf(error) ?? 0)) throw error;
      this.#missed = reasonOf(error);
    }
  }

  #request(
    method: string,
    path: string,
    options: {
      readonly query?: Readonly<Record<string, string | number | undefined>>;
      readonly body?: Json;
    } = {},
  ): Promise<JsonObject> {
    return this.#options.api.request(method, path, { ...options, signal: AbortSignal.timeout(REQUEST_MS) });
  }
}

function pathOf(report: JsonObject): string {
  const apiVersion = asString(own(report, 'apiVersion')) as ReportApi;
  const namespace = asString(at(report, ['metadata', 'namespace']));
  const name = asString(at(report, ['metadata', 'name'])) ?? '';
  const { namespaced, cluster } = REPORT_KINDS[apiVersion];
  return namespace === undefined
    ? `/apis/${apiVersion}/${cluster.plural}/${name}`
    : `/apis/${apiVersion}/namespaces/${namespace}/${namespaced.plural}/${name}`;
}

/** A result keeps the time that the report in the cluster has: another replica, or this one before it restarted, found it. */
function withKnownTimes(report: OpenReport, existing: JsonObject): OpenReport {
  const results = own(existing, 'results');
  const known = new Map(
    (isArray(results) ? results : []).map((each) => [resultKey(each), own(each, 'timestamp')]),
  );
  return {
    ...report,
    results: report.results.map((each) => ({
      ...each,
      timestamp: known.get(resultKey(each)) ?? each['timestamp'] ?? null,
    })),
  };
}

function resultKey(result: Json): string {
  return ['rule', 'result', 'message'].map((field) => asString(own(result, field)) ?? '').join('|');
}

/** Compares what we write; the apiserver omits nothing of it. */
function hasSameReport(report: OpenReport, existing: JsonObject): boolean {
  const content = (of: unknown) => {
    const { source, scope, summary, results, metadata } = of as JsonObject;
    const owners = own(metadata, 'ownerReferences');
    return stable({ source, scope, summary, results, owners });
  };
  return content(report) === content(existing);
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
