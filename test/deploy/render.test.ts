/** kustomize and Helm render the same objects, and Helm rejects invalid values. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHART, DEPLOY, type Manifest, NAMESPACE, one, parse, podOf, webhooksOf } from './objects.ts';
import { securityProblems } from './security.ts';
import { BUILD_MS, missingTools, type Run, run, tool } from './tools.ts';

const missing = missingTools();
if (missing !== undefined && process.env['CI'] === 'true') throw new Error(missing);
if (missing !== undefined) process.stderr.write(`${missing}\n`);

const KUSTOMIZE = join(DEPLOY, 'kustomize');
const ALL = ['cert-manager', 'client-certificate', 'monitoring', 'reports', 'events'];

describe.skipIf(missing !== undefined)('rendered', () => {
  let kustomize: string;
  let helm: string;
  let work: string;

  beforeAll(async () => {
    kustomize = await tool('kustomize');
    helm = await tool('helm');
    work = mkdtempSync(join(tmpdir(), 'iomesh-guard-deploy-'));
  }, BUILD_MS);
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  describe('kustomize and Helm render the same objects', () => {
    it('by default', () => expectSame(build('base'), template()));
    it.each(['warn-only', 'cert-manager'])('in the overlay %s', (name) =>
      expectSame(build(`overlays/${name}`), template('-f', values(name))),
    );
    it.each(['client-certificate', 'monitoring', 'reports', 'events'])('with the component %s', (name) =>
      expectSame(overlay({ components: [name] }), template('-f', values(name))),
    );
    it('with all components', () =>
      expectSame(overlay({ components: ALL }), template(...ALL.flatMap((name) => ['-f', values(name)]))));
    it('with another image', () => {
      const helmed = template('--set', 'image.repository=mirror/iomesh-guard,image.tag=9.9.9');
      const images = [{ name: 'iomesh-guard', newName: 'mirror/iomesh-guard', newTag: '9.9.9' }];
      const built = overlay({ images });
      expect(podOf(built)['containers'][0].image).toBe('mirror/iomesh-guard:9.9.9');
      expectSame(built, helmed);
    });
  });

  it('is secure in every variant', () => {
    const variants = [
      build('base'),
      build('overlays/warn-only'),
      build('overlays/cert-manager'),
      overlay({ components: ALL }),
      template(),
      template(...ALL.flatMap((name) => ['-f', values(name)])),
    ];
    for (const objects of variants) expect(securityProblems(objects)).toEqual([]);
  });

  it('uses the image version of the program', () => {
    const { version } = JSON.parse(readFileSync(join(DEPLOY, '../package.json'), 'utf8'));
    for (const objects of [build('base'), template()])
      expect(podOf(objects)['containers'][0].image).toBe(`iomesh-guard:${version}`);
  });

  it('restarts the pods when the configuration changes', () => {
    const podTemplate = (objects: readonly Manifest[]) => one(objects, 'Deployment')['spec'].template;
    expect(podTemplate(build('base'))).not.toEqual(podTemplate(build('overlays/warn-only')));
    expect(podTemplate(template())).not.toEqual(podTemplate(template('--set', 'config.mode=warn')));
    expect(podTemplate(template())).toEqual(podTemplate(template('--set', 'replicas=3')));
  });

  it('admits changes in warn-only while the webhook is not available', () => {
    for (const objects of [build('overlays/warn-only'), template('--set', 'config.mode=warn')])
      expect(one(objects, 'ValidatingWebhookConfiguration')['webhooks'][0].failurePolicy).toBe('Ignore');
    const kept = template('--set', 'config.mode=warn,validator.failurePolicy=Fail');
    expect(one(kept, 'ValidatingWebhookConfiguration')['webhooks'][0].failurePolicy).toBe('Fail');
  });

  it('gives access to no Secret but that of the path with cert-manager, and to no webhook configuration but its own', () => {
    const roles = build('overlays/cert-manager').filter((each) => each['kind'].endsWith('Role'));
    expect(JSON.stringify(roles)).toContain('iomeshclusters');
    const rights = (resource: string) =>
      roles
        .flatMap((each) => each['rules'] as Manifest[])
        .filter((rule) => JSON.stringify(rule).includes(resource));
    expect(rights('secrets')).toEqual([
      {
        apiGroups: [''],
        resources: ['secrets'],
        resourceNames: ['iomesh-guard-paths'],
        verbs: ['get', 'update'],
      },
    ]);
    expect(rights('webhookconfigurations')).toMatchObject([
      { resourceNames: ['iomesh-guard'], verbs: ['get', 'patch'] },
    ]);
  });

  it('has no reference to the default namespace in another one', () => {
    const objects = template('-n', 'elsewhere', ...ALL.flatMap((name) => ['-f', values(name)]));
    expect(JSON.stringify(objects)).not.toContain(NAMESPACE);
  });

  describe('Helm', () => {
    it.each(['', ...ALL, 'warn-only', 'site', 'few-rights'])('lint accepts the values %s', (name) => {
      const linted = run(helm, ['lint', '--strict', CHART, ...(name === '' ? [] : ['-f', values(name)])]);
      expect(linted.code, linted.stdout).toBe(0);
      expect(linted.stdout).not.toMatch(/WARNING|ERROR/);
    });

    it.each([
      ['replica=3', 'replica'],
      ['replicas=0', 'replicas'],
      ['image.tag=a b', '/image/tag'],
      ['image.digest=sha256:1', '/image/digest'],
      ['config.mode=strict', '/config/mode'],
      ['config.managementCluster=iomesh', '/config/managementCluster'],
      ['config.iomeshVersion=1.0.3', '/config/iomeshVersion'],
      ['validator.timeoutSeconds=10', '/validator/timeoutSeconds'],
      ['validator.failurePolicy=fail', '/validator/failurePolicy'],
      ['ledger.holdSeconds=60', '/ledger/holdSeconds'],
      ['certificates.source=none', '/certificates/source'],
      ['certificates.source=secret', '/certificates/secret'],
      ['logLevel=trace', '/logLevel'],
      ['host=localhost', '/host'],
      ['networkPolicy.apiServerPorts={0}', '/networkPolicy/apiServerPorts'],
      ['networkPolicy.apiServerCIDRs={10.0.0.1}', '/networkPolicy/apiServerCIDRs'],
      ['networkPolicy.callerCIDRs={all}', '/networkPolicy/callerCIDRs'],
      ['admissionPolicy=no', '/admissionPolicy'],
      ['flowSchema.matchingPrecedence=9000', '/flowSchema/matchingPrecedence'],
      ['nodeSelector.disk=1', '/nodeSelector/disk'],
      ['resources.limits.memory=512MB', '/resources/limits/memory'],
      ['resources.limit.memory=512Mi', 'limit'],
      ['enabled=yes', '/enabled'],
      ['clientCertificate.required=yes', '/clientCertificate/required'],
      ['tls.minVersion=1.1', '/tls/minVersion'],
    ])('refuses %s, and names it', (set, word) => {
      const refused = helmTemplate('--set', set);
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toContain("don't meet the specifications");
      expect(refused.stderr).toContain(word);
    });

    it.each([
      [
        ['--set', 'excludedNamespaces={kube-system,iomesh-system}'],
        'excludedNamespaces cannot contain iomesh-system',
      ],
      [
        ['--set', 'excludedNamespaces={a},config.pools.a/b.zone={x}'],
        'excludedNamespaces cannot contain a: it has an IOMesh cluster',
      ],
      [['-n', 'iomesh-system'], 'the release cannot be in namespace iomesh-system'],
      [['-n', 'storage', '--set', 'config.managementCluster=storage/main'], 'cannot be in namespace storage'],
    ])('refuses to exempt the namespace of a cluster: %j', (args, words) => {
      const refused = helmTemplate(...args);
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toContain(words);
    });

    it('accepts the configuration as the program does, including a plain `off`', () => {
      const config = { pools: { 'a/b': { zone: ['x'] } }, nodes: ['n', { name: 'm', labels: { a: 'b' } }] };
      const file = join(work, 'values.yaml');
      writeFileSync(
        file,
        `config: ${JSON.stringify(config).slice(0, -1)}, "rules": {affinity-split: off}}\n`,
      );
      const [stored] = template('-f', file).filter((each) => each['kind'] === 'ConfigMap');
      const text = stored!['data']['iomesh-guard.yaml'];
      expect(load(text)).toMatchObject({ ...config, mode: 'enforce', rules: { 'affinity-split': false } });
    });

    describe('as a subchart with a condition', () => {
      const parent = () => {
        const folder = mkdtempSync(join(work, 'parent-'));
        const dependency = {
          name: 'iomesh-guard',
          version: JSON.parse(readFileSync(join(DEPLOY, '../package.json'), 'utf8')).version,
          repository: `file://${CHART}`,
          condition: 'iomesh-guard.enabled',
        };
        const chart = { apiVersion: 'v2', name: 'parent', version: '1.0.0', dependencies: [dependency] };
        writeFileSync(join(folder, 'Chart.yaml'), JSON.stringify(chart));
        const values = { global: { imageRegistry: 'mirror' }, 'iomesh-guard': { replicas: 3 } };
        writeFileSync(join(folder, 'values.yaml'), JSON.stringify(values));
        const built = run(helm, ['dependency', 'build', '--skip-refresh', folder]);
        expect(built.code, built.stderr).toBe(0);
        return (...args: readonly string[]) => {
          const { code, stdout, stderr } = run(helm, ['template', 'x', folder, '-n', NAMESPACE, ...args]);
          expect(code, stderr).toBe(0);
          return parse(stdout);
        };
      };

      it('renders the same objects as alone, or none', () => {
        const render = parent();
        const alone = byName(template('--set', 'replicas=3', ...ALL.flatMap((name) => ['-f', values(name)])));
        const nested = ALL.flatMap((name) => {
          const file = join(work, `nested-${name}.yaml`);
          writeFileSync(file, JSON.stringify({ 'iomesh-guard': load(readFileSync(values(name), 'utf8')) }));
          return ['-f', file];
        });
        for (const set of [[], ['--set', 'iomesh-guard.enabled=true']])
          expect(byName(render(...set, ...nested))).toEqual(alone);
        expect(render('--set', 'iomesh-guard.enabled=false')).toEqual([]);
      });
    });

    it('includes the schema of the configuration in its own', () => {
      const { $schema: _, ...config } = JSON.parse(
        readFileSync(join(DEPLOY, '../schemas/config.schema.json'), 'utf8'),
      );
      const schema = JSON.parse(readFileSync(join(CHART, 'values.schema.json'), 'utf8'));
      // The webhook has one cluster and no files.
      const { worlds: _worlds, values: _values, ...properties } = config.properties;
      expect(schema.properties.config).toEqual({ ...config, properties });
    });

    it('calls the webhook for the classes of another CSI driver, as the kustomize guide does', () => {
      const guide = readFileSync(join(DEPLOY, '../docs/configuration.md'), 'utf8');
      const patches = load(/```yaml\n(patches:\n[^`]*)```/.exec(guide)![1]!) as Manifest;
      const helmed = template('--set', 'config.provisioner=storage.example.com');
      const [built, expected] = [overlay(patches), helmed].map((objects) => webhooksOf(objects));
      expect(built).toEqual(expected);
      for (const { matchConditions } of [expected!.classes, expected!.mutateClasses])
        expect(JSON.stringify(matchConditions)).toContain('storage.example.com');
    });

    it('uses an existing Secret with its CA', () => {
      const pem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
      const file = join(work, 'secret.yaml');
      writeFileSync(
        file,
        JSON.stringify({ certificates: { source: 'secret', secret: { name: 'mine', caBundle: pem } } }),
      );
      const objects = template('-f', file);
      // The replicas add it to the caBundle, next to the former one.
      for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'])
        expect(JSON.stringify(one(objects, kind))).not.toContain('caBundle');
      const config = objects.find((each) => each['kind'] === 'ConfigMap');
      expect(config?.['data']['ca.crt']).toBe(pem);
      expect(podOf(objects)['containers'][0].args).toContain('--ca-bundle=/etc/iomesh-guard/ca.crt');
      expect(podOf(objects)['volumes']).toContainEqual({ name: 'tls', secret: { secretName: 'mine' } });
    });

    it('sets site-specific values in the pod', () => {
      const site = {
        nodeSelector: { role: 'infra' },
        tolerations: [{ key: 'infra', operator: 'Exists' }],
        affinity: { podAntiAffinity: {} },
        priorityClassName: 'storage',
        imagePullSecrets: [{ name: 'registry' }],
      };
      const digest = `sha256:${'0'.repeat(64)}`;
      const file = join(work, 'site.yaml');
      const more = { podAnnotations: { team: 'storage' }, logLevel: 'debug', excludedNamespaces: ['a', 'b'] };
      writeFileSync(file, JSON.stringify({ ...site, ...more, image: { digest } }));
      const objects = template('-f', file);
      const pod = podOf(objects);
      expect(pod).toMatchObject(site);
      expect(pod['containers'][0].image).toBe(`iomesh-guard@${digest}`);
      expect(pod['containers'][0].args).toContain('--log-level=debug');
      expect(one(objects, 'Deployment')['spec'].template.metadata.annotations).toMatchObject({
        team: 'storage',
      });
      // A ResourceQuota is for the classes of the system only.
      expect(objects.filter(({ kind }) => kind === 'ResourceQuota')).toEqual([]);
      const { namespaces: _, ...others } = webhooksOf(objects);
      for (const webhook of Object.values(others))
        expect(webhook['namespaceSelector'].matchExpressions[0].values).toEqual(['a', 'b', NAMESPACE]);
    });

    it('limits the network to the given addresses', () => {
      const policy = (...sets: string[]) =>
        one(template(...sets.flatMap((set) => ['--set', `networkPolicy.${set}`])), 'NetworkPolicy')['spec'];
      const block = (cidr: string) => [{ ipBlock: { cidr } }];
      const own = policy('apiServerCIDRs={10.0.0.0/28}');
      expect(own.ingress[0]).toMatchObject({ ports: [{ port: 'https' }], from: block('10.0.0.0/28') });
      expect(own.egress).toEqual([expect.objectContaining({ to: block('10.0.0.0/28') })]);
      const both = policy('apiServerCIDRs={10.0.0.0/28}', 'callerCIDRs={fd00::/64}', 'metricsFrom=null');
      expect(both.ingress).toEqual([expect.objectContaining({ from: block('fd00::/64') })]);
      expect(both.egress[0].to).toEqual(block('10.0.0.0/28'));
      const ports = policy('dns=true').egress.map((each: Manifest) =>
        each['ports'].map((one: Manifest) => one['port']),
      );
      expect(ports).toEqual([
        [443, 6443],
        [53, 53],
      ]);
    });

    it('limits the network as the kustomize guide does', () => {
      const guide = readFileSync(join(DEPLOY, '../docs/install.md'), 'utf8');
      const text = /## Network\n[\s\S]*?```yaml\n(patches:\n[^`]*)```/.exec(guide)![1]!;
      const built = overlay(load(text) as Manifest);
      const helmed = template('--set', 'networkPolicy.apiServerCIDRs={203.0.113.0/28}');
      expect(one(built, 'NetworkPolicy')['spec']).toEqual(one(helmed, 'NetworkPolicy')['spec']);
    });

    it('permits DNS as the kustomize guide does', () => {
      const guide = readFileSync(join(DEPLOY, '../docs/install.md'), 'utf8');
      const text = /DNS is not permitted[\s\S]*?```yaml\n(patches:\n[^`]*)```/.exec(guide)![1]!;
      const built = overlay(load(text) as Manifest);
      const helmed = template('--set', 'networkPolicy.dns=true');
      expect(one(built, 'NetworkPolicy')['spec']).toEqual(one(helmed, 'NetworkPolicy')['spec']);
    });

    it('excludes a namespace as the kustomize guide does', () => {
      const guide = readFileSync(join(DEPLOY, '../docs/install.md'), 'utf8');
      const text = /## Excluded namespaces\n[\s\S]*?```yaml\n( *patches:\n[^`]*)```/.exec(guide)![1]!;
      const { webhooks } = one(overlay(load(text) as Manifest), 'ValidatingWebhookConfiguration');
      const values = (webhooks as Manifest[])
        .slice(0, 2)
        .map((each) => each['namespaceSelector'].matchExpressions[0].values);
      expect(values).toEqual([
        ['kube-system', NAMESPACE, 'backup'],
        ['kube-system', NAMESPACE],
      ]);
    });

    it('has no admission policy with admissionPolicy=false', () => {
      const kinds = template('--set', 'admissionPolicy=false').map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind.startsWith('ValidatingAdmission'))).toEqual([]);
    });

    it('passes host to the program', () => {
      const args = (...sets: string[]) => podOf(template(...sets))['containers'][0].args;
      for (const host of ['0.0.0.0', '::']) expect(args('--set', `host=${host}`)).toContain(`--host=${host}`);
      expect(args().join()).not.toContain('--host');
    });

    it('passes ledger.holdSeconds to the program', () => {
      const args = (...sets: string[]) => podOf(template(...sets))['containers'][0].args;
      expect(args('--set', 'ledger.holdSeconds=360')).toContain('--ledger-hold=360');
      expect(args().join()).not.toContain('ledger-hold');
    });
  });

  function build(folder: string): Manifest[] {
    return kustomized(join(KUSTOMIZE, folder));
  }

  /** An overlay as a user would write it. */
  function overlay({
    components = [],
    ...more
  }: {
    components?: readonly string[];
    images?: readonly object[];
  }): Manifest[] {
    const folder = mkdtempSync(join(work, 'overlay-'));
    const to = (path: string) => relative(folder, join(KUSTOMIZE, path));
    const kustomization = {
      resources: [to('base')],
      components: components.map((name) => to(`components/${name}`)),
      ...more,
    };
    writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
    return kustomized(folder);
  }

  function kustomized(folder: string): Manifest[] {
    const { code, stdout, stderr } = run(kustomize, ['build', folder]);
    expect(code, stderr).toBe(0);
    expect(stderr).toBe('');
    return parse(stdout);
  }

  function helmTemplate(...args: readonly string[]): Run {
    const namespace = args.includes('-n') ? [] : ['-n', NAMESPACE];
    return run(helm, ['template', 'x', CHART, ...namespace, ...args]);
  }

  function template(...args: readonly string[]): Manifest[] {
    const { code, stdout, stderr } = helmTemplate(...args);
    expect(code, stderr).toBe(0);
    return parse(stdout);
  }
});

function values(name: string): string {
  return join(CHART, 'ci', `${name}-values.yaml`);
}

function expectSame(kustomized: readonly Manifest[], helmed: readonly Manifest[]): void {
  // Helm creates the namespace itself, or uses an existing one.
  const objects = kustomized.filter((each) => each['kind'] !== 'Namespace');
  expect(objects.length).toBe(kustomized.length - 1);
  expect(byName(helmed)).toEqual(byName(objects));
}

/** Objects by kind and name, without labels and names that each tool adds differently. */
function byName(objects: readonly Manifest[]): Record<string, unknown> {
  return Object.fromEntries(
    objects.map(neutral).map((each) => [`${each['kind']} ${each['metadata'].name}`, each]),
  );
}

const HELM_LABELS = [
  'app.kubernetes.io/instance',
  'app.kubernetes.io/version',
  'app.kubernetes.io/managed-by',
  'helm.sh/chart',
];

function neutral(object: Manifest): Manifest {
  // kustomize changes the name of the ConfigMap, Helm an annotation of the pods.
  const text = JSON.stringify(object).replace(/iomesh-guard-config-[a-z0-9]{10}\b/g, 'iomesh-guard-config');
  const copy = JSON.parse(text) as Manifest;
  for (const metadata of [copy['metadata'], copy['spec']?.template?.metadata].filter(Boolean)) {
    for (const label of HELM_LABELS) delete metadata.labels?.[label];
    delete metadata.annotations?.['checksum/config'];
    if (Object.keys(metadata.annotations ?? {}).length === 0) delete metadata.annotations;
  }
  if (copy['kind'] === 'ConfigMap')
    copy['data'] = Object.fromEntries(
      Object.entries(copy['data']).map(([name, content]) => [name, load(content as string)]),
    );
  return copy;
}
