/** Findings as policy reports of both APIs. */
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { openReports, type ReportApi, type ReportedFinding } from '../../src/report/open-reports.ts';
import { reportDefinitions } from '../support/report-definitions.ts';

const APIS: readonly ReportApi[] = ['openreports.io/v1alpha1', 'wgpolicyk8s.io/v1alpha2'];

const finding = (
  code: string,
  name: string,
  rest: Partial<ReportedFinding['json']> = {},
): ReportedFinding => ({
  json: {
    code,
    name,
    severity: 'error',
    message: 'node "a" is claimed by two IOMesh clusters',
    object: { apiVersion: 'iomesh.com/v1alpha1', kind: 'IOMeshCluster', namespace: 'pool', name: 'one' },
    path: 'spec.chunk',
    location: undefined,
    related: [],
    help: 'give each cluster its own nodes',
    fix: undefined,
    docs: `docs/rules/${code}.md`,
    ...rest,
  },
  uid: 'uid-1',
  since: new Date('2026-11-23T09:00:00.250Z'),
});

const warning = { severity: 'warning' } as const;
const storageClass = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', name: 'gold' };

describe.each(APIS)('a report of %s', (apiVersion) => {
  const reports = openReports(
    [
      finding('IOM101', 'affinity-overlap'),
      finding('IOM505', 'fstype', { object: storageClass, ...warning }),
      finding('IOM604', 'scale-step', warning),
      finding('IOM103', 'affinity-undecided', { object: undefined, path: '' }),
    ],
    apiVersion,
  );

  it('has the fields of the definition', () => {
    const ajv = new Ajv({ strict: false, formats: { int32: true, int64: true } });
    for (const report of reports) {
      const definition = reportDefinitions(apiVersion).find(({ spec }) => spec.names.kind === report.kind)!;
      const schema = definition.spec.versions[0]!.schema.openAPIV3Schema;
      const validate = ajv.compile({ ...schema, additionalProperties: false });
      const { apiVersion: _, kind: __, metadata: ___, ...content } = report;
      expect(validate(content), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  it('is one for each object, in its namespace and owned by it', () => {
    expect(reports.map(({ metadata }) => metadata.namespace)).toEqual(['pool', undefined, undefined]);
    expect(reports[0]?.metadata).toMatchObject({
      name: 'iomesh-guard-uid-1',
      ownerReferences: [
        { apiVersion: 'iomesh.com/v1alpha1', kind: 'IOMeshCluster', name: 'one', uid: 'uid-1' },
      ],
    });
    expect(reports[0]?.['summary']).toEqual({ pass: 0, fail: 1, warn: 1, error: 0, skip: 0 });
    expect(reports[0]?.['scope']).toMatchObject({ kind: 'IOMeshCluster', namespace: 'pool', name: 'one' });
    expect(reports[1]?.['scope']).not.toHaveProperty('namespace');
    expect(reports[2]?.['scope']).toBeUndefined();
  });

  it('has rule, severity, category, message and time of each finding', () => {
    expect(reports[0]?.results[0]).toEqual({
      source: 'iomesh-guard',
      policy: 'affinity-overlap',
      rule: 'IOM101',
      category: 'Placement',
      severity: 'high',
      result: 'fail',
      scored: true,
      timestamp: { seconds: 1795424400, nanos: 250_000_000 },
      message: 'spec.chunk: node "a" is claimed by two IOMesh clusters',
      properties: { help: 'give each cluster its own nodes' },
    });
    expect(reports[0]?.results[1]).toMatchObject({ severity: 'medium', result: 'warn', scored: false });
  });

  it('is bounded; the summary counts all findings', () => {
    const many = Array.from({ length: 500 }, () => finding('IOM101', 'a', { message: 'x'.repeat(5000) }));
    const [report] = openReports(many, apiVersion);
    expect(report?.['summary']).toMatchObject({ fail: 500 });
    expect(report?.results).toHaveLength(200);
    expect(JSON.stringify(report).length).toBeLessThan(512 * 1024);
  });
});
