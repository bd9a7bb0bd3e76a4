/** The output of kubectl: dry runs, diffs, denials, warnings, waivers. */
import { afterEach, describe, expect, it } from 'vitest';
import { decodeLedger } from '../../src/cluster/ledger/codec.ts';
import { type Manifest, NAMESPACE } from '../deploy/objects.ts';
import { expectDenied, expectOk, expectWarned, warnings } from './support/cluster.ts';
import { onKubernetes } from './support/suite.ts';
import { useInstallation } from './support/installation.ts';
import { OF_DEFINITION, all, management, on, placed, pool, refOf, tagged } from './support/objects.ts';

const KINDS =
  'iomeshclusters,zookeeperclusters,configmaps,secrets,storageclasses,validatingwebhookconfigurations,mutatingwebhookconfigurations';

/** Its deletions are always admitted. */
const CLEANER = '--as=system:serviceaccount:kube-system:namespace-controller';

onKubernetes('kubectl output', (kubernetes) => {
  const installed = useInstallation(kubernetes);
  afterEach(() => installed().clear());
  const overlapping = () =>
    placed(pool(), { affinity: on('k8s-worker-2', 'k8s-worker-3', 'k8s-worker-4') }).cluster;

  it('shows the decision in a dry run and a diff, and stores nothing', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    const before = await everything();
    expectDenied(await cluster.dryRun(overlapping()), 'IOM101', ['k8s-worker-2']);
    const refused = await cluster.diff(overlapping());
    expect(refused.code).toBeGreaterThan(1);
    expect(refused.stderr).toContain('IOM101');

    const admitted = pool().cluster;
    delete admitted['spec'].chunk.podPolicy;
    const previewed = await cluster.dryRun(admitted);
    expectOk(previewed);
    expect(JSON.parse(previewed.stdout).spec).toEqual({ ...OF_DEFINITION, ...pool().cluster['spec'] });
    const shown = await cluster.diff(admitted);
    expect(shown.code).toBe(1);
    expect(shown.stdout.match(/^\+ +- k8s-worker-5$/gm)).toHaveLength(3);
    expect(await everything()).toEqual(before);
    // Entries of changes before the test may remain.
    expect(await ledger()).not.toContain(pool().cluster['metadata'].name);
    expect(await ledger()).toContain('"entries"');
  });

  it('has one line per finding in a denial', async () => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    const object = tagged({ ...pool(), cluster: overlapping() }, 'v5.3.0-rc13-community').cluster;
    object['spec'].meta.replicas = 2;
    object['spec'].chunk.dataCIDR = '10.234.2.9/24';
    object['spec'].redirector.image.pullPolicy = 'Sometimes';
    object['spec'].chunk.devicemanager.blockDeviceNamespace = 'iomesh-cluster-1';
    const result = await cluster.apply(object);
    const codes = ['IOM101', 'IOM301', 'IOM304', 'IOM401', 'IOM405', 'IOM603'];
    for (const code of codes) expectDenied(result, code);
    const lines = result.stderr.split('\n').filter((line) => line.startsWith('- '));
    for (const code of codes)
      expect(
        lines.some((line) => line.startsWith(`- ${code} `)),
        result.stderr,
      ).toBe(true);
    for (const line of lines)
      expect(line).toMatch(
        /^- IOM\d{3} [a-z-]+: .+ \[IOMeshCluster iomesh-cluster-1\/iomesh-cluster-1, spec\..+\] help: .+/,
      );
    expect(result.stderr).toContain(`denied the request: ${lines.length} findings\n`);
    await cluster.expectNotStored(...refOf(object));
  });

  it.each([15, 60])('prints or counts each of %i warnings', async (count) => {
    const { cluster } = installed();
    expectOk(await cluster.apply(all(management())));
    const { storageClass } = management();
    storageClass['metadata'].name = 'odd';
    for (let each = 0; each < count; each++) storageClass['parameters'][`odd-${each}-parameter`] = 'x';
    const result = await cluster.apply(storageClass);
    expectOk(result);
    const shown = warnings(result).filter((line) => line.includes('IOM510'));
    const more = /and (\d+) more findings/.exec(result.stderr)?.[1] ?? '0';
    expect(new Set(shown).size + Number(more)).toBe(count);
    expect(shown.length).toBeGreaterThanOrEqual(15);
    await cluster.expectStored(...refOf(storageClass));
  });

  it('names every pool in the warnings of an upgrade with ten pools', async () => {
    const { cluster } = installed();
    const names = Array.from({ length: 10 }, (_, index) => `iomesh-cluster-${index + 1}`);
    const namespaces = names.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
    const clusters = names.map((name, index) => {
      const text = JSON.stringify(pool().cluster)
        .replaceAll('iomesh-cluster-1', name)
        .replaceAll('10.234.2.', `10.234.${index + 20}.`)
        .replaceAll(/k8s-worker-(\d)/g, (_, digit) => `k8s-worker-${index * 10 + Number(digit)}`);
      return JSON.parse(text) as Manifest;
    });
    expectOk(await cluster.apply([...all(management()), ...namespaces, ...clusters]));
    try {
      const text = JSON.stringify(management().cluster)
        .replaceAll('v5.3.0-rc13-enterprise', 'v5.4.0-rc3-enterprise')
        .replaceAll('"v1.0.1"', '"v1.0.2"');
      const result = await cluster.apply(JSON.parse(text));
      expectOk(result);
      const lagging = warnings(result).filter((line) => line.includes('IOM403'));
      expect(lagging, result.stderr).toHaveLength(2);
      for (const line of lagging) {
        for (const name of names) expect(line).toMatch(new RegExp(` ${name}/${name}[,: ]`));
        expect(line).toMatch(/; wait until .* then set spec\./);
      }
    } finally {
      for (const { metadata } of clusters)
        await cluster.kubectl([
          'delete',
          'iomesh',
          metadata.name,
          '-n',
          metadata.namespace!,
          '--wait=false',
          CLEANER,
        ]);
    }
  });

  describe('admits an accepted finding', () => {
    afterEach(() => installed().configure({}));

    it('in a namespace of warnNamespaces', async () => {
      const { cluster } = installed();
      expectOk(await cluster.apply(all(management())));
      expectDenied(await cluster.dryRun(overlapping()), 'IOM101');
      await installed().configure({ warnNamespaces: ['iomesh-cluster-1'] });
      expectWarned(await cluster.dryRun(overlapping()), 'IOM101', ['k8s-worker-2']);
    });

    it('about its object alone with an annotation, until the end of its last day', async () => {
      const { cluster } = installed();
      // Without matchConditions, ConfigMaps are checked only in namespaces with a cluster.
      expectOk(await cluster.apply([...all(management()), pool().zookeeper, pool().cluster]));
      const waived = (waiver: string) => {
        const object = pool().connection;
        object['data'].iscsiPortal = '10.0.0.1:3260';
        object['metadata'].annotations = { 'iomesh-guard.io/waive': waiver };
        return object;
      };
      const lapsed = await cluster.apply(waived(`IOM202=until the new rack is there; until=${day(-1)}`));
      expectDenied(lapsed, 'IOM202', ['IOM901', day(-1)]);
      expectDenied(await cluster.apply(waived('IOM202=')), 'IOM901', ['reason']);
      expectDenied(await cluster.apply(waived('IOM999=because')), 'IOM901', ['IOM999']);
      await cluster.expectNotStored(...refOf(pool().connection));
      const today = await cluster.apply(waived(`IOM202=until the new rack is there; until=${day(0)}`));
      expectWarned(today, 'IOM202', [
        'waived by the annotation of ConfigMap iomesh-cluster-1/iomesh-cluster-1-csi-configmap',
        '"until the new rack is there"',
        'the waiver arrived with what it waives',
      ]);
      await cluster.expectStored(...refOf(pool().connection));
      const waiver = { rule: 'IOM202', by: 'new-annotation' };
      expect(await installed().metric('iomesh_guard_waived_total', waiver)).toBe(1);
    });

    it('about another cluster with an exception of the configuration only', async () => {
      const { cluster } = installed();
      expectOk(await cluster.apply([...all(management()), pool().zookeeper]));
      const annotated = overlapping();
      annotated['metadata'].annotations = { 'iomesh-guard.io/waive': 'IOM101=until the new rack is there' };
      expectDenied(await cluster.apply(annotated), 'IOM101', [
        'the annotation iomesh-guard.io/waive does not waive this rule in a cluster',
        'waivers.exceptions',
      ]);
      const exception = (until: string) => ({
        waivers: {
          exceptions: [
            { rule: 'IOM101', objects: ['IOMeshCluster/iomesh-cluster-1/*'], reason: 'new rack', until },
          ],
        },
      });
      await installed().configure(exception(day(-1)));
      expectDenied(await cluster.apply(overlapping()), 'IOM101', [`expired on ${day(-1)}`]);
      await installed().configure(exception(day(0)));
      expectWarned(await cluster.apply(overlapping()), 'IOM101', [
        `waived by the configuration until ${day(0)}: "new rack"`,
      ]);
      await cluster.expectStored(...refOf(overlapping()));
      const waiver = { rule: 'IOM101', by: 'configuration' };
      expect(await installed().metric('iomesh_guard_waived_total', waiver)).toBe(1);
    });
  });

  function day(from: number): string {
    return new Date(Date.now() + from * 86_400_000).toISOString().slice(0, 10);
  }

  /** The decoded ledger in the Lease. */
  async function ledger(): Promise<string> {
    const lease = await installed().cluster.expectStored('lease', 'iomesh-guard-ledger', NAMESPACE);
    const { 'iomesh-guard.io/ledger': text } = lease.metadata['annotations'] as Record<string, string>;
    return JSON.stringify(decodeLedger(text ?? ''));
  }

  /** Name and version of every object that a request of this test can change. */
  async function everything(): Promise<string[]> {
    const { cluster } = installed();
    const format =
      '{range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name} {.metadata.resourceVersion}{"\\n"}{end}';
    const result = await cluster.kubectl(['get', KINDS, '-A', '-o', `jsonpath=${format}`]);
    expectOk(result);
    return result.stdout.split('\n').sort();
  }
});
