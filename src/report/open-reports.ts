import { asString, at, type Json, type JsonObject } from '../core/base/json.ts';
import { isClusterScoped, type ObjectRef, resourceKey, type Kind } from '../core/base/model.ts';
import { truncate } from '../core/base/text.ts';
import { type FindingJson, findingJson } from './json.ts';
import type { FindingsReport, RenderedReport } from './report.ts';

/** A finding to report: as JSON, with the uid of its object and the time it was found first. */
export interface ReportedFinding {
  readonly json: FindingJson;
  readonly uid: string | undefined;
  readonly since: Date;
}

/**
 * The API of policy reports. The second is the former one, from before the project OpenReports:
 * https://github.com/openreports/reports-api, https://github.com/kubernetes-sigs/wg-policy-prototypes.
 */
export type ReportApi = 'openreports.io/v1alpha1' | 'wgpolicyk8s.io/v1alpha2';

/** The kinds of an API, and their plurals. */
export const REPORT_KINDS = {
  'openreports.io/v1alpha1': {
    namespaced: { kind: 'Report', plural: 'reports' },
    cluster: { kind: 'ClusterReport', plural: 'clusterreports' },
  },
  'wgpolicyk8s.io/v1alpha2': {
    namespaced: { kind: 'PolicyReport', plural: 'policyreports' },
    cluster: { kind: 'ClusterPolicyReport', plural: 'clusterpolicyreports' },
  },
} as const satisfies Readonly<Record<ReportApi, unknown>>;

/** The label of all reports of this program. */
export const REPORT_LABEL = { 'app.kubernetes.io/managed-by': 'iomesh-guard' } as const;

/** One report of an object with findings. */
export interface OpenReport {
  readonly apiVersion: ReportApi;
  readonly kind: string;
  readonly metadata: JsonObject & { readonly name: string; readonly namespace?: string };
  readonly results: readonly JsonObject[];
  readonly [field: string]: Json | undefined;
}

const SOURCE = 'iomesh-guard';
/** Results of one report: an object of etcd has at most 1.5 MiB. */
const MAX_RESULTS = 200;
const MAX_MESSAGE = 1024;

/** What the hundreds digit of a code means. */
const CATEGORIES: Readonly<Record<string, string>> = {
  0: 'Files and schemas',
  1: 'Placement',
  2: 'Connection',
  3: 'Devices',
  4: 'Images',
  5: 'Storage',
  6: 'Lifecycle',
  7: 'Cluster',
  8: 'Helm values',
  9: 'Waivers',
};

/**
 * The reports of findings: one for each object, owned by it, so that it is deleted with the object. Findings without
 * an object share a cluster-scoped report.
 */
export function openReports(
  findings: readonly ReportedFinding[],
  apiVersion: ReportApi,
): readonly OpenReport[] {
  const byObject = new Map<string, ReportedFinding[]>();
  for (const each of findings) {
    const { object } = each.json;
    const key = object === undefined ? '' : resourceKey(object.kind as Kind, object.namespace, object.name);
    const list = byObject.get(key);
    if (list === undefined) byObject.set(key, [each]);
    else list.push(each);
  }
  return [...byObject.values()].map((list) => toReport(list, apiVersion));
}

/** The reports of all findings as a list, as `kubectl get -o json` prints one. Ends with a newline. */
export function openReportsList({ findings }: Pick<FindingsReport, 'findings'>): RenderedReport {
  const since = new Date();
  const items = openReports(
    findings.map((located) => ({
      json: findingJson(located),
      uid: asString(at(located.finding.resource?.json, ['metadata', 'uid'])),
      since,
    })),
    'openreports.io/v1alpha1',
  );
  return { text: `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, undefined, 2)}\n`, notes: [] };
}

function toReport(findings: readonly ReportedFinding[], apiVersion: ReportApi): OpenReport {
  const { json, uid } = findings[0]!;
  const { object } = json;
  const kinds = REPORT_KINDS[apiVersion];
  const isInNamespace = object?.namespace !== undefined && !isClusterScoped(object.kind as Kind);
  const errors = findings.filter((each) => each.json.severity === 'error').length;
  return {
    apiVersion,
    kind: (isInNamespace ? kinds.namespaced : kinds.cluster).kind,
    metadata: {
      name: uid === undefined ? nameWithoutUid(object) : `${SOURCE}-${uid}`,
      ...(isInNamespace ? { namespace: object.namespace } : {}),
      labels: REPORT_LABEL,
      ...(object === undefined || uid === undefined
        ? {}
        : { ownerReferences: [{ ...identityOf(object), uid }] }),
    },
    ...(apiVersion === 'openreports.io/v1alpha1' ? { source: SOURCE } : {}),
    ...(object === undefined
      ? {}
      : {
          scope: {
            ...identityOf(object),
            ...(isInNamespace ? { namespace: object.namespace } : {}),
            ...(uid === undefined ? {} : { uid }),
          },
        }),
    summary: { pass: 0, fail: errors, warn: findings.length - errors, error: 0, skip: 0 },
    results: findings.slice(0, MAX_RESULTS).map(toReportResult),
  };
}

/** For an object of a file, which has no uid. */
function nameWithoutUid(object: ObjectRef | undefined): string {
  return object === undefined
    ? SOURCE
    : truncate(`${SOURCE}-${object.kind}-${object.name}`.toLowerCase(), 253);
}

function identityOf({ apiVersion, kind, name }: ObjectRef): Record<'apiVersion' | 'kind' | 'name', string> {
  return { apiVersion, kind, name };
}

function toReportResult({ json, since }: ReportedFinding): JsonObject {
  const { code, name, severity, message, path, help } = json;
  const milliseconds = since.getTime();
  return {
    source: SOURCE,
    policy: name,
    rule: code,
    category: CATEGORIES[code.charAt(3)] ?? 'Other',
    severity: severity === 'error' ? 'high' : 'medium',
    result: severity === 'error' ? 'fail' : 'warn',
    scored: severity === 'error',
    timestamp: { seconds: Math.floor(milliseconds / 1000), nanos: (milliseconds % 1000) * 1_000_000 },
    message: truncate(path === '' ? message : `${path}: ${message}`, MAX_MESSAGE),
    ...(help === undefined ? {} : { properties: { help: truncate(help, MAX_MESSAGE) } }),
  };
}
