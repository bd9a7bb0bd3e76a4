/** What is installed on each Kubernetes release has only fields that its apiserver stores. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHART, DEPLOY, type Manifest, NAMESPACE, one, parse } from './objects.ts';
import { BUILD_MS, missingTools, run, tool } from './tools.ts';

/**
 * By version and kind: the minor release in which a field first is in the API and on by default, and the `last` one
 * that has the version; api-fields.mjs writes it.
 */
const FIELDS = JSON.parse(readFileSync(join(import.meta.dirname, 'api-fields.json'), 'utf8')) as Record<
  string,
  Record<string, number>
>;

/** The minor release before which each overlay is for. */
const OVERLAYS = [
  [23, 'overlays/kubernetes-1.21'],
  [28, 'overlays/kubernetes-1.23'],
  [30, 'overlays/kubernetes-1.28'],
] as const;

const MINORS = Array.from({ length: 17 }, (_, index) => 21 + index);

/** Kinds of other projects, which the apiserver knows from definitions. */
const FOREIGN = /^(cert-manager\.io|monitoring\.coreos\.com)\//;

const missing = missingTools();

/** The fields of an object that an apiserver of that minor release does not store. */
function unstoredFields({ apiVersion, kind, ...rest }: Manifest, minor: number): string[] {
  if (FOREIGN.test(apiVersion)) return [];
  const since = FIELDS[`${apiVersion} ${kind}`];
  if (since === undefined) return [`${apiVersion} ${kind}: no release is known that has it`];
  const first = since['metadata'] ?? 0;
  const isServed = first <= minor && minor <= (since['last'] ?? 0);
  if (!isServed) return [`${apiVersion} ${kind} (from 1.${first} to 1.${since['last']})`];
  const walk = (value: unknown, path: string): string[] => {
    if (Array.isArray(value)) return value.flatMap((each) => walk(each, `${path}[]`));
    if (typeof value !== 'object' || value === null || since[`${path}.*`] !== undefined) return [];
    return Object.entries(value).flatMap(([key, each]) => {
      const field = path === '' ? key : `${path}.${key}`;
      const first = since[field];
      const isStored = first !== undefined && first <= minor;
      return [...(isStored ? [] : [`${kind} ${field} (since 1.${first ?? '?'})`]), ...walk(each, field)];
    });
  };
  return walk(rest, '');
}

describe.skipIf(missing !== undefined)('manifests', () => {
  let kustomize: string;
  let helm: string;

  beforeAll(async () => {
    kustomize = await tool('kustomize');
    helm = await tool('helm');
  }, BUILD_MS);

  const template = (minor: number, ...args: readonly string[]): Manifest[] => {
    const { code, stdout, stderr } = run(helm, [
      'template',
      'x',
      CHART,
      ...['-n', NAMESPACE, '--kube-version', `1.${minor}.0`, ...args],
    ]);
    expect(code, stderr).toBe(0);
    return parse(stdout);
  };
  const build = (folder: string): Manifest[] => {
    const { code, stdout, stderr } = run(kustomize, ['build', join(DEPLOY, 'kustomize', folder)]);
    expect(code, stderr).toBe(0);
    return parse(stdout);
  };
  /** What the install guide names for a release. */
  const kustomized = (minor: number) => build(OVERLAYS.find(([before]) => minor < before)?.[1] ?? 'base');
  const conditions = (objects: readonly Manifest[]) =>
    ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].flatMap((kind) =>
      one(objects, kind)['webhooks'].map((each: Manifest) => each['matchConditions']?.length ?? 0),
    );

  it.each(MINORS)('have only fields that Kubernetes 1.%i stores', (minor) => {
    const options = ['cert-manager', 'client-certificate', 'monitoring', 'reports', 'events'].flatMap(
      (name) => ['-f', join(CHART, 'ci', `${name}-values.yaml`)],
    );
    for (const objects of [template(minor), template(minor, ...options), kustomized(minor)])
      expect(objects.flatMap((each) => unstoredFields(each, minor))).toEqual([]);
  });

  it('would not be stored whole if the wrong ones were installed', () => {
    const dropped = build('overlays/kubernetes-1.28').flatMap((each) => unstoredFields(each, 27));
    expect([...new Set(dropped)].sort()).toEqual([
      'MutatingWebhookConfiguration webhooks[].matchConditions (since 1.28)',
      'ValidatingWebhookConfiguration webhooks[].matchConditions (since 1.28)',
    ]);
  });

  it.each([
    [22, 'v1beta1', 'assuredConcurrencyShares'],
    [23, 'v1beta2', 'assuredConcurrencyShares'],
    [27, 'v1beta2', 'assuredConcurrencyShares'],
    [28, 'v1beta3', 'nominalConcurrencyShares'],
    [30, 'v1', 'nominalConcurrencyShares'],
    [37, 'v1', 'nominalConcurrencyShares'],
  ])('on Kubernetes 1.%i have a FlowSchema in version %s', (minor, version, shares) => {
    const [schema, level] = ['FlowSchema', 'PriorityLevelConfiguration'].map((kind) =>
      one(kustomized(minor), kind),
    );
    for (const each of [schema, level])
      expect(each!['apiVersion']).toBe(`flowcontrol.apiserver.k8s.io/${version}`);
    expect(level!['spec'].limited[shares]).toBe(20);
  });

  it('have a FlowSchema in the newest version that each release serves, from Helm', () => {
    const version = (minor: number) => one(template(minor), 'FlowSchema')['apiVersion'].split('/')[1];
    expect(MINORS.slice(0, 10).map(version)).toEqual([
      ...Array(2).fill('v1beta1'),
      ...Array(3).fill('v1beta2'),
      ...Array(3).fill('v1beta3'),
      ...Array(2).fill('v1'),
    ]);
    const without = template(37, '--set', 'flowSchema.enabled=false').map(({ kind }) => kind);
    expect(without.filter((kind) => /FlowSchema|PriorityLevel/.test(kind))).toEqual([]);
  });

  it.each([
    [27, false],
    [28, true],
    [37, true],
  ])('on Kubernetes 1.%i have matchConditions: %s', (minor, has) => {
    // Scaling and Namespaces have none.
    for (const objects of [template(minor), kustomized(minor)])
      expect(conditions(objects).filter((count) => count > 0)).toHaveLength(has ? 7 : 0);
  });

  it.each([
    [27, 0],
    [29, 0],
    [30, 2],
    [37, 2],
  ])('on Kubernetes 1.%i have %i objects of an admission policy', (minor, count) => {
    for (const objects of [template(minor), kustomized(minor)])
      expect(objects.filter(({ kind }) => /^ValidatingAdmissionPolicy/.test(kind))).toHaveLength(count);
  });

  it('have a variant of each overlay for Kubernetes 1.28 and 1.29', () => {
    for (const name of ['warn-only', 'cert-manager']) {
      const kinds = (folder: string) => build(folder).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      const kept = new Set(kinds(`overlays/${name}-kubernetes-1.28`));
      const removed = kinds(`overlays/${name}`).filter((each) => !kept.has(each));
      expect(removed.sort()).toEqual([
        'ValidatingAdmissionPolicy iomesh-guard',
        'ValidatingAdmissionPolicyBinding iomesh-guard',
      ]);
    }
  });

  it('take the minor release of distributions that add a suffix', () => {
    const suffixed = run(helm, [
      'template',
      'x',
      CHART,
      '-n',
      NAMESPACE,
      '--kube-version',
      'v1.27.8-eks-8cb36c9',
    ]);
    expect(conditions(parse(suffixed.stdout)).every((count) => count === 0)).toBe(true);
  });

  it('without matchConditions send only ConfigMaps of IOMesh namespaces, and reject none while no replica answers', () => {
    const config = 'config.pools.pool-a/pool-a.zone={a}';
    for (const [objects, namespaces] of [
      [template(25), ['iomesh-system']],
      [template(25, '--set', config), ['iomesh-system', 'pool-a']],
      [template(35, '--set', 'matchConditions=false'), ['iomesh-system']],
      [kustomized(25), ['iomesh-system']],
    ] as const) {
      const webhooks = [
        ...one(objects, 'ValidatingWebhookConfiguration')['webhooks'],
        ...one(objects, 'MutatingWebhookConfiguration')['webhooks'],
      ] as Manifest[];
      for (const webhook of webhooks) {
        const resources = webhook['rules'].flatMap((rule: Manifest) => rule['resources']);
        const shared = resources.includes('configmaps') || resources.includes('storageclasses');
        if (shared) expect(webhook['failurePolicy'], webhook['name']).toBe('Ignore');
        const [selector] = webhook['namespaceSelector'].matchExpressions;
        if (resources.includes('configmaps') || resources.includes('namespaces'))
          expect(selector).toMatchObject({ operator: 'In', values: namespaces });
        else expect(selector).toMatchObject({ operator: 'NotIn' });
      }
      expect(webhooks[0]).toMatchObject({ name: 'validate.iomesh-guard.io', failurePolicy: 'Fail' });
    }
  });

  it('take failurePolicy Fail for ConfigMaps and StorageClasses by value', () => {
    const objects = template(25, '--set', 'validator.sharedKindFailurePolicy=Fail');
    const policies = one(objects, 'ValidatingWebhookConfiguration')['webhooks'].map(
      (each: Manifest) => each['failurePolicy'],
    );
    expect(policies).toEqual(['Fail', 'Fail', 'Fail', 'Ignore', 'Ignore', 'Ignore']);
  });

  it('are refused by Helm before Kubernetes 1.21', () => {
    const refused = run(helm, ['template', 'x', CHART, '--kube-version=1.20.15']);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain('>=1.21.0-0');
  });
});
