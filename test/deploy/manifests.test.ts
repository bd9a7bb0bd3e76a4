/** The manifests in deploy/ agree with the program. */
import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import { CLUSTER_DEFINITIONS } from '../../src/core/iomesh/cluster.ts';
import { AUDITED, WATCHED } from '../../src/cluster/kinds.ts';
import { parseArguments } from '../../src/commands/parse.ts';
import { serveCommand } from '../../src/commands/serve.ts';
import { serveOptions } from '../../src/commands/serve/options.ts';
import { loadConfig } from '../../src/config/load.ts';
import { intentOf } from '../../src/admission/admit.ts';
import { buildHealthServer } from '../../src/webhook/health.ts';
import { Metrics } from '../../src/webhook/metrics.ts';
import { parseReview } from '../../src/admission/review.ts';
import {
  CHART,
  DEPLOY,
  type Manifest,
  NAMESPACE,
  one,
  parse,
  podOf,
  webhooksOf,
  written,
} from './objects.ts';
import { securityProblems } from './security.ts';

const files = written();
const base = [...files]
  .filter(([name]) => name.startsWith('base/'))
  .flatMap(([, objects]) => objects)
  .filter((each) => each['kind'] !== undefined && each['kind'] !== 'Kustomization');
const webhooks = webhooksOf(base);
const { validate, connections, scale, mutate } = webhooks;
const root = join(DEPLOY, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('the files', () => {
  it('are all listed in a kustomization', () => {
    const listed = [...files].flatMap(([name, [kustomization]]) =>
      !name.endsWith('kustomization.yaml') || kustomization === undefined
        ? []
        : [
            ...(kustomization['resources'] ?? []),
            ...(kustomization['components'] ?? []),
            ...(kustomization['patches'] ?? []).flatMap((each: Manifest) => each['path'] ?? []),
            ...(kustomization['configMapGenerator'] ?? []).flatMap((each: Manifest) => each['files']),
          ].map((each: string) => join(name, '..', each)),
    );
    const components = [...files.keys()].filter((each) => each.endsWith('kustomization.yaml'));
    for (const name of files.keys()) expect([...listed, ...components]).toContain(name);
  });

  it('delete at most one object per patch, because the kustomize in kubectl 1.33 panics at more', () => {
    const patches = [...files].flatMap(([name, [kustomization]]): string[] =>
      (name.endsWith('kustomization.yaml') ? (kustomization?.['patches'] ?? []) : []).map((each: Manifest) =>
        each['path'] === undefined ? each['patch'] : read(join('deploy/kustomize', name, '..', each['path'])),
      ),
    );
    expect(patches.length).toBeGreaterThan(4);
    for (const text of patches) expect(text.split('$patch: delete').length).toBeLessThanOrEqual(2);
  });

  it('have the version of the program', () => {
    const { version } = JSON.parse(read('package.json'));
    const [chart] = parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8'));
    const [kustomization] = files.get('base/kustomization.yaml')!;
    expect(chart).toMatchObject({ version, appVersion: version });
    expect(kustomization!['images']).toEqual([{ name: 'iomesh-guard', newTag: version }]);
  });

  it('have a valid configuration', () => {
    const config = (name: string) => loadConfig(join(DEPLOY, 'kustomize', name), '/');
    expect(config('base/iomesh-guard.yaml').mode).toBe('enforce');
    expect(config('overlays/warn-only/iomesh-guard.yaml')).toEqual({
      ...config('base/iomesh-guard.yaml'),
      mode: 'warn',
    });
  });
});

describe('the Deployment', () => {
  const pod = podOf(base);
  const container = pod['containers'][0];

  it.each([
    'base/deployment.yaml',
    'components/cert-manager/deployment.yaml',
    'components/client-certificate/deployment.yaml',
    'components/reports/deployment.yaml',
    'components/events/deployment.yaml',
  ])('has valid flags and mounted files in %s', (name) => {
    const patched = (path: string) =>
      files
        .get(name)!
        .flat()
        .filter((each) => each['path']?.endsWith(path))
        .map((each) => each['value']);
    const given = name.startsWith('base/') ? container.args.slice(1) : patched('/args/-');
    const mounts = name.startsWith('base/') ? container.volumeMounts : patched('/volumeMounts/-');
    const volumes = name.startsWith('base/') ? pod['volumes'] : patched('/volumes/-');
    const { flags } = parseArguments(serveCommand, given);
    expect(flags.length).toBeGreaterThan(0);
    for (const { value } of flags.filter((each) => each.value?.startsWith('/')))
      expect(mounts.some((each: Manifest) => `${value}/`.startsWith(`${each['mountPath']}/`))).toBe(true);
    expect(mounts.map((each: Manifest) => each['name'])).toEqual(
      volumes.map((each: Manifest) => each['name']),
    );
  });

  it('uses the entry point of the image', () => {
    const dockerfile = read('Dockerfile');
    expect(container.command).toBeUndefined();
    expect(container.args[0]).toBe(serveCommand.name);
    expect(dockerfile).toMatch(/^ENTRYPOINT \[.*"\/app\/dist\/cli\.js"\]$/m);
    // runAsNonRoot without runAsUser requires a numeric user.
    expect(dockerfile).toMatch(/^USER [1-9]\d*(:\d+)?$/m);
  });

  it('has the ports of serve, and a grace period longer than its shutdown', () => {
    const more = ['--namespace', NAMESPACE];
    const options = serveOptions(parseArguments(serveCommand, [...container.args.slice(1), ...more]), '/');
    const ports = Object.fromEntries(
      container.ports.map((each: Manifest) => [each['name'], each['containerPort']]),
    );
    expect(ports).toEqual({ https: options.port, health: options.healthPort });
    // After the drain the last reviews have 20 s.
    expect(pod['terminationGracePeriodSeconds']).toBeGreaterThan(options.drainMs / 1000 + 20);
    expect(validate['timeoutSeconds'] * 1000).toBeLessThanOrEqual(options.timeoutMs);
  });

  it('has probes and a ServiceMonitor for paths that are served', async () => {
    const server = buildHealthServer(() => undefined, new Metrics());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const [monitor] = files.get('components/monitoring/service-monitor.yaml')!;
    const { livenessProbe, readinessProbe } = container;
    const paths = [livenessProbe, readinessProbe].map((each) => each.httpGet.path);
    try {
      for (const path of [...paths, monitor!['spec'].endpoints[0].path])
        expect((await fetch(`http://127.0.0.1:${port}${path}`)).status, path).toBe(200);
    } finally {
      server.closeAllConnections();
      server.close();
    }
    for (const probe of [livenessProbe, readinessProbe]) expect(probe.httpGet.port).toBe('health');
  });

  it('is selected by Service, PodDisruptionBudget and NetworkPolicy', () => {
    const { labels } = one(base, 'Deployment')['spec'].template.metadata;
    const [metrics] = files.get('components/monitoring/service.yaml')!;
    for (const selector of [
      one(base, 'Service')['spec'].selector,
      metrics!['spec'].selector,
      one(base, 'PodDisruptionBudget')['spec'].selector.matchLabels,
      one(base, 'NetworkPolicy')['spec'].podSelector.matchLabels,
      one(base, 'Deployment')['spec'].selector.matchLabels,
      pod['topologySpreadConstraints'][0].labelSelector.matchLabels,
    ])
      expect(labels).toEqual(selector);
    expect(one(base, 'Service')['spec'].ports).toEqual([{ name: 'https', port: 443, targetPort: 'https' }]);
  });
});

describe('security', () => {
  it('follows the restricted Pod Security Standard', () => expect(securityProblems(base)).toEqual([]));

  it('is enforced by the label of the namespace', () => {
    const { labels } = one(base, 'Namespace', NAMESPACE)['metadata'];
    expect(labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
  });

  it.each([
    ['hostNetwork', (pod: Manifest) => Object.assign(pod, { hostNetwork: true })],
    ['root', (pod: Manifest) => delete pod['securityContext'].runAsNonRoot],
    [
      'capabilities',
      (pod: Manifest) =>
        Object.assign(pod['containers'][0].securityContext, {
          capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
        }),
    ],
    [
      'root file system',
      (pod: Manifest) => delete pod['containers'][0].securityContext.readOnlyRootFilesystem,
    ],
    ['hostPath', (pod: Manifest) => pod['volumes'].push({ name: 'x', hostPath: { path: '/' } })],
  ] as const)('is checked: %s', (word, loosen) => {
    const copy = structuredClone(base);
    loosen(podOf(copy));
    expect(securityProblems(copy)).toEqual([expect.stringContaining(word)]);
  });

  it.each([
    ['a wildcard', { apiGroups: ['*'], resources: ['pods'], verbs: ['get'] }],
    ['Secrets of others', { apiGroups: [''], resources: ['secrets'], verbs: ['list'] }],
    ['without a name', { apiGroups: [''], resources: ['configmaps'], verbs: ['update'] }],
    ['creates anywhere', { apiGroups: [''], resources: ['pods'], verbs: ['create'] }],
    [
      'all rights',
      { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], verbs: ['escalate'] },
    ],
  ])('is checked for roles: %s', (word, rule) => {
    const role = { kind: 'ClusterRole', metadata: { name: 'x' }, rules: [rule] };
    expect(securityProblems([role])).toEqual([expect.stringContaining(word)]);
  });

  it('limits the ServiceAccount, and the Secrets that its Role names, by the admission policy', () => {
    const { matchConditions, validations } = one(base, 'ValidatingAdmissionPolicy')['spec'];
    const { name, namespace } = one(base, 'ServiceAccount')['metadata'];
    expect(matchConditions).toEqual([
      {
        name: 'by-iomesh-guard',
        expression: `request.userInfo.username == "system:serviceaccount:${namespace}:${name}"`,
      },
    ]);
    const named = base
      .filter(({ kind }) => kind === 'Role')
      .flatMap((role) => role['rules'] as Manifest[])
      .filter((rule) => rule['resources'].includes('secrets'))
      .flatMap((rule) => (rule['resourceNames'] ?? []) as string[]);
    const secrets = validations.find((each: Manifest) => each['message'].includes('Secret'));
    const [, listed = '[]'] = /metadata\.name in (\[.*?\])/.exec(secrets.expression)!;
    expect((JSON.parse(listed) as string[]).sort()).toEqual([...new Set(named)].sort());
    expect(one(base, 'ValidatingAdmissionPolicyBinding')['spec']).toMatchObject({
      policyName: 'iomesh-guard',
      validationActions: ['Deny', 'Audit'],
    });
  });

  it('has a ResourceQuota for the priority class of the pods', () => {
    const [{ values }] = one(base, 'ResourceQuota')['spec'].scopeSelector.matchExpressions;
    expect(values).toEqual([podOf(base)['priorityClassName']]);
  });

  it('grants read access only to the kinds that the program reads', () => {
    const { rules } = one(base, 'ClusterRole', 'iomesh-guard-world');
    const granted = rules.flatMap(({ apiGroups, resources, verbs }: Manifest) =>
      resources.map((resource: string) => `${verbs.join()} ${resource}.${apiGroups.join()}`),
    );
    const group = (apiVersion: string) => (apiVersion.includes('/') ? apiVersion.split('/')[0] : '');
    const read = WATCHED.map(
      ({ plural, apiVersion, metadataOnly }) =>
        `${metadataOnly ? '' : 'get,'}list,watch ${plural}.${group(apiVersion)}`,
    );
    const listed = AUDITED.filter((each) => !WATCHED.includes(each)).map(({ plural }) => `list ${plural}.`);
    const others = [...listed, 'get customresourcedefinitions.apiextensions.k8s.io'];
    expect(granted.sort()).toEqual([...read, ...others].sort());
  });
});

describe('the webhook configurations', () => {
  it.each(Object.values(webhooks))('leave path and caBundle to the replicas: $name', (webhook) => {
    // An apply of a path would replace the secret one.
    expect(webhook['clientConfig']).toEqual({
      service: { name: 'iomesh-guard', namespace: NAMESPACE, port: 443 },
    });
  });

  it('have the intended failurePolicy, matchPolicy and sideEffects', () => {
    const common = { matchPolicy: 'Equivalent', admissionReviewVersions: ['v1'] };
    const { classes, mutateConnections, mutateClasses } = webhooks;
    for (const each of [validate, connections, classes])
      expect(each).toMatchObject({ ...common, failurePolicy: 'Fail', sideEffects: 'NoneOnDryRun' });
    for (const each of [mutate, mutateConnections, mutateClasses])
      expect(each).toMatchObject({
        ...common,
        failurePolicy: 'Ignore',
        sideEffects: 'None',
        reinvocationPolicy: 'IfNeeded',
      });
    for (const webhook of Object.values(webhooks)) {
      expect(webhook['timeoutSeconds']).toBeLessThanOrEqual(5);
      expect(webhook['objectSelector']).toBeUndefined();
    }
  });

  it('have names that IOMesh does not use', () => {
    const names = [validate, mutate].map((each) => each['name']);
    for (const name of [...names, one(base, 'ValidatingWebhookConfiguration')['metadata'].name])
      expect(['validate-iomeshcluster.iomesh.com', 'iomesh-validating-webhook-configuration']).not.toContain(
        name,
      );
  });

  it('exclude kube-system and their own namespace by a label that users cannot set', () => {
    const { namespaces: _, ...others } = webhooks;
    for (const webhook of Object.values(others))
      expect(webhook['namespaceSelector'].matchExpressions).toEqual([
        { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system', NAMESPACE] },
      ]);
  });

  it('delay no deletion of a Namespace or a definition of others', () => {
    const { namespaces, definitions } = webhooks;
    for (const each of [namespaces, definitions]) {
      expect(each).toMatchObject({ failurePolicy: 'Ignore', timeoutSeconds: 2, sideEffects: 'None' });
      expect(each['rules']).toMatchObject([{ operations: ['DELETE'], scope: 'Cluster' }]);
    }
    expect(namespaces['namespaceSelector'].matchExpressions).toEqual([
      { key: 'kubernetes.io/metadata.name', operator: 'In', values: ['iomesh-system'] },
    ]);
    const [{ expression }] = definitions['matchConditions'];
    expect([...expression.matchAll(/"([^"]+)"/g)].map(([, name]) => name)).toEqual([
      ...CLUSTER_DEFINITIONS.keys(),
    ]);
  });

  it('ignore failures for scale requests', () => {
    expect(scale).toMatchObject({ failurePolicy: 'Ignore', clientConfig: validate['clientConfig'] });
    const subresources = (webhook: Manifest) =>
      webhook['rules']
        .flatMap((rule: Manifest) => rule['resources'])
        .filter((each: string) => each.includes('/'));
    expect(subresources(scale)).toHaveLength(scale['rules'].length);
    expect(subresources(validate)).toEqual([]);
  });

  const asked = Object.values(webhooks).flatMap((webhook) =>
    webhook['rules'].flatMap((rule: Manifest) =>
      rule['operations'].map((operation: string) => ({
        webhook: webhook['name'],
        operation,
        resource: rule['resources'].join(),
        rule,
      })),
    ),
  );
  it.each(asked)('send $operation of $resource to $webhook', ({ rule, operation }) => {
    expect(rule.resources).toHaveLength(1);
    const intent = intentOf(parseReview(reviewFor(rule, operation)), DEFAULT_CONFIG);
    expect(intent.kind).toBe(rule.resources[0].endsWith('/scale') ? 'scale' : 'change');
  });

  it('exclude cleanup controllers that the program admits as well', () => {
    const { expression } = validate['matchConditions'].find(
      (each: Manifest) => each['name'] === 'not-cleaning-up',
    );
    const names = [...expression.matchAll(/"(system:[^"]+)"/g)].map((match) => match[1]);
    expect(names).toHaveLength(3);
    const configMaps = connections['rules'][0];
    const intent = (operation: string, username: string) =>
      intentOf(parseReview(reviewFor(configMaps, operation, username)), DEFAULT_CONFIG).kind;
    for (const operation of ['DELETE', 'UPDATE']) {
      for (const name of names) expect(intent(operation, name)).toBe('pass');
      expect(intent(operation, 'somebody')).toBe('change');
    }
    for (const name of names) expect(intent('CREATE', name)).toBe('change');
  });
});

describe('the guides', () => {
  it.each(['docs/install.md', 'docs/troubleshooting.md'])(
    '%s mentions only files and objects that exist',
    (page) => {
      const text = read(page);
      for (const [, path] of text.matchAll(/\]\(([^)#:]+)[^)]*\)/g))
        expect(() => read(join('docs', path!))).not.toThrow();
      for (const [path] of text.matchAll(/\bdeploy\/[a-zA-Z0-9./-]*[a-zA-Z0-9]/g))
        expect(existsSync(join(root, path)), path).toBe(true);
      const ends = 'kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration iomesh-guard';
      expect(text).toContain(ends);
    },
  );
});

/** The requests that an apiserver sends for a rule. */
function reviewFor(rule: Manifest, operation: string, username = 'somebody'): Manifest {
  const [resource, subResource] = rule['resources'][0].split('/');
  const { plural, kind, apiVersion } =
    WATCHED.find((each) => each.plural === resource) ??
    ({
      plural: 'customresourcedefinitions',
      kind: 'CustomResourceDefinition',
      apiVersion: 'apiextensions.k8s.io/v1',
    } as const);
  expect(plural).toBe(resource);
  const scale = subResource === 'scale';
  const group = rule['apiGroups'][0];
  const version = apiVersion.split('/').at(-1);
  expect(apiVersion).toBe(group === '' ? version : `${group}/${version}`);
  // Custom resources in every version that a definition may serve.
  const isCustom = ['iomesh.com', 'zookeeper.pravega.io'].includes(group);
  expect(rule['apiVersions']).toEqual([isCustom ? '*' : version]);
  const object = {
    metadata: {
      name: kind === 'CustomResourceDefinition' ? 'iomeshclusters.iomesh.com' : 'x',
      namespace: 'y',
    },
    ...(kind === 'StorageClass' ? { provisioner: 'com.iomesh.csi-driver' } : {}),
  };
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'u',
      kind: scale ? { group: 'autoscaling', version: 'v1', kind: 'Scale' } : { group, version, kind },
      resource: { group, version, resource: plural },
      ...(scale ? { subResource } : {}),
      name: 'x',
      namespace: 'y',
      operation,
      userInfo: { username },
      object: operation === 'DELETE' ? null : object,
      oldObject: operation === 'CREATE' ? null : object,
    },
  };
}
