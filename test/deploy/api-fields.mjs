/**
 * Writes api-fields.json: the Kubernetes minor release in which each field of our manifests first is in the API and on
 * by default, and the last one that has the version of the API (`last`). The OpenAPI of each release comes with the Go module k8s.io/kubernetes; which fields are behind a
 * feature gate that is off by default is listed here, because the OpenAPI does not say it.
 *
 *   node test/deploy/api-fields.mjs MANIFESTS.yaml…
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';

const RELEASES = [
  '1.21.14',
  '1.22.17',
  '1.23.17',
  '1.24.17',
  '1.25.4',
  '1.26.15',
  '1.27.8',
  '1.28.15',
  '1.29.15',
  '1.30.14',
  '1.31.14',
  '1.33.13',
  '1.35.4',
  '1.37.2',
];

/** https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/ */
const ON_BY_DEFAULT = {
  'ValidatingWebhookConfiguration webhooks[].matchConditions': 28,
  'MutatingWebhookConfiguration webhooks[].matchConditions': 28,
  'Deployment spec.template.spec.topologySpreadConstraints[].matchLabelKeys': 27,
  'PodDisruptionBudget spec.unhealthyPodEvictionPolicy': 27,
};

function openApiOf(release) {
  const args = ['mod', 'download', '-json', `k8s.io/kubernetes@v${release}`];
  const { Dir } = JSON.parse(
    execFileSync('go', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  const { definitions } = JSON.parse(readFileSync(join(Dir, 'api/openapi-spec/swagger.json'), 'utf8'));
  const byKind = new Map();
  for (const definition of Object.values(definitions))
    for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? [])
      byKind.set(`${group === '' ? version : `${group}/${version}`} ${kind}`, definition);
  return { definitions, byKind };
}

const resolve = ({ definitions }, schema) =>
  schema?.$ref === undefined ? schema : definitions[schema.$ref.replace('#/definitions/', '')];

/** The paths of an object's fields that the API knows: [] for items, .* for the keys of a map. */
function fieldsOf(openApi, definition, value, path = '') {
  const schema = resolve(openApi, definition);
  if (schema === undefined) return [];
  if (Array.isArray(value))
    return value.flatMap((each) => fieldsOf(openApi, schema.items, each, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  if (schema.properties === undefined) return [`${path}.*`];
  return Object.entries(value).flatMap(([key, each]) => {
    const field = schema.properties[key];
    if (field === undefined) return [];
    const at = path === '' ? key : `${path}.${key}`;
    return [at, ...fieldsOf(openApi, field, each, at)];
  });
}

const objects = process.argv
  .slice(2)
  .flatMap((file) => loadAll(readFileSync(file, 'utf8')))
  .filter(Boolean);
const since = {};
for (const release of RELEASES) {
  const minor = Number(release.split('.')[1]);
  const openApi = openApiOf(release);
  for (const object of objects) {
    const { apiVersion, kind } = object;
    const key = `${apiVersion} ${kind}`;
    const definition = openApi.byKind.get(key);
    if (definition === undefined) continue;
    since[key] ??= {};
    since[key].last = minor;
    for (const path of fieldsOf(openApi, definition, object)) {
      const field = `${kind} ${path}`;
      const first = Math.max(minor, ON_BY_DEFAULT[field] ?? 0);
      since[key][path] = Math.min(since[key][path] ?? first, first);
    }
  }
}
const sorted = (map) => Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
const table = sorted(Object.fromEntries(Object.entries(since).map(([kind, map]) => [kind, sorted(map)])));
writeFileSync(join(import.meta.dirname, 'api-fields.json'), `${JSON.stringify(table, null, 2)}\n`);
