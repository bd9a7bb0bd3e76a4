/** The objects that we read from values are those that Helm rendered from them with the vendor's chart. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../../src/core/base/config.ts';
import { compareWithRendered } from '../../support/rendered-chart.ts';
import { run } from '../../support/run-cli.ts';

const DATA = process.env['IOMESH_VENDOR_DATA'];
const PAIRS = DATA === undefined ? '' : join(DATA, 'helm-1.0.1');
const NAMES = DATA === undefined ? [] : readdirSync(PAIRS).sort();

/** What IOM80x reports of the pairs with a key that no template reads, or a value that has no image. */
const VALUE_FINDINGS: Readonly<Record<string, readonly string[]>> = {
  '04-edition-misspelt': ['IOM803 iomesh.edition'],
  '11-zookeeper-pod-policy-more': [
    'IOM801 iomesh.zookeeper.podPolicy.labels',
    'IOM801 iomesh.zookeeper.podPolicy.securityContext',
    'IOM801 iomesh.zookeeper.podPolicy.topologySpreadConstraints',
  ],
  '13-keys-nobody-reads': ['IOM801 iomesh.licenseSecretName', 'IOM801 iomesh.portOffset'],
  '26-wrong-root': ['IOM801 chunk', 'IOM801 meta'],
};

describe.skipIf(DATA === undefined)(
  'values of the vendor chart 1.0.1 (needs IOMESH_VENDOR_DATA: recorded pairs of values and rendered objects)',
  () => {
    it('has 20 pairs', () => {
      expect(NAMES).toHaveLength(20);
    });

    describe.each(NAMES)('%s', (name) => {
      const values = join(PAIRS, name, 'values.yaml');
      const given = join(PAIRS, name, 'release.txt');
      const [release = '', namespace = ''] = existsSync(given)
        ? readFileSync(given, 'utf8').trim().split('/')
        : [DEFAULT_CONFIG.managementCluster.name, DEFAULT_CONFIG.managementCluster.namespace];
      const compared = compareWithRendered(
        readFileSync(values, 'utf8'),
        readFileSync(join(PAIRS, name, 'rendered.yaml'), 'utf8'),
        { name: release, namespace },
      );

      it('gives the objects that Helm rendered', () => {
        expect(compared.objects.read.length).toBeGreaterThanOrEqual(2);
        expect(compared.objects.read).toEqual(compared.objects.rendered);
      });

      it('gives the findings of the rendered objects', () => {
        expect(compared.findings.read).toEqual(compared.findings.rendered);
      });

      it('reports keys and values without an effect, and no others', () => {
        const { stdout } = run(['lint', '--values', `${values}=${release}/${namespace}`, '--format', 'json']);
        const { findings } = JSON.parse(stdout) as { findings: { code: string; path: string }[] };
        const found = findings.filter(({ code }) => code.startsWith('IOM80'));
        expect(found.map(({ code, path }) => `${code} ${path}`).sort()).toEqual(VALUE_FINDINGS[name] ?? []);
      });
    });
  },
);
