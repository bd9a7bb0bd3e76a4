/** The definitions of policy reports with the fields that viewers read, written for the tests. */
import { REPORT_KINDS, type ReportApi } from '../../src/report/open-reports.ts';

const text = { type: 'string' } as const;
const whole = { type: 'integer' } as const;
const object = <T extends object>(properties: T) => ({ type: 'object', properties }) as const;
const reference = object({
  apiVersion: text,
  kind: text,
  namespace: text,
  name: text,
  uid: text,
  resourceVersion: text,
  fieldPath: text,
});
const outcomes = ['pass', 'fail', 'warn', 'error', 'skip'];

const result = {
  ...object({
    source: text,
    policy: text,
    rule: text,
    category: text,
    severity: { type: 'string', enum: ['critical', 'high', 'medium', 'low', 'info'] },
    result: { type: 'string', enum: outcomes },
    scored: { type: 'boolean' },
    timestamp: {
      ...object({
        seconds: { type: 'integer', format: 'int64' },
        nanos: { type: 'integer', format: 'int32' },
      }),
      required: ['seconds', 'nanos'],
    },
    resources: { type: 'array', items: reference },
    message: text,
    properties: { type: 'object', additionalProperties: text },
  }),
  required: ['policy'],
} as const;

const content = {
  scope: reference,
  summary: object(Object.fromEntries(outcomes.map((each) => [each, whole]))),
  results: { type: 'array', items: result },
} as const;

/** The two CustomResourceDefinitions of an API: namespaced, and cluster-scoped. */
export function reportDefinitions(api: ReportApi) {
  const [group, version] = api.split('/') as [string, string];
  const kinds = REPORT_KINDS[api];
  // Only the new API has the source of the whole report.
  const source = api === 'openreports.io/v1alpha1' ? { source: text } : {};
  return (['namespaced', 'cluster'] as const).map((scope) => {
    const { kind, plural } = kinds[scope];
    return {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: {
        name: `${plural}.${group}`,
        // Both groups belong to the community: https://github.com/kubernetes/enhancements/pull/1111.
        annotations: { 'api-approved.kubernetes.io': 'unapproved, for tests' },
      },
      spec: {
        group,
        scope: scope === 'cluster' ? 'Cluster' : 'Namespaced',
        names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
        versions: [
          {
            name: version,
            served: true,
            storage: true,
            schema: { openAPIV3Schema: object({ ...source, ...content }) },
          },
        ],
      },
    };
  });
}
