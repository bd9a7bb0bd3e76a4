/**
 * The same findings for the chart in test/fixtures/charts/, rendered by real Helm and checked from standard
 * input, as for its values, checked with --values.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../../src/core/base/config.ts';
import type { JsonObject } from '../../../src/core/base/json.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { describe as describeRef } from '../../../src/core/base/model.ts';
import { readManifests } from '../../../src/manifests/read.ts';
import { releaseOf } from '../../../src/manifests/helm/release.ts';
import { mergeValues } from '../../../src/manifests/helm/merge.ts';
import { readValuesFile } from '../../../src/manifests/helm/read.ts';
import { KNOWN_KINDS, worldOf } from '../../../src/manifests/world.ts';
import { VALUES, valuesWith } from '../../cases/values.ts';
import { BUILD_MS, missingTools, type Run, run as runTool, tool } from '../../deploy/tools.ts';
import { folderOf, ROOT, run } from '../../support/run-cli.ts';

const missing = missingTools();
if (missing !== undefined && process.env['CI'] === 'true') throw new Error(missing);
if (missing !== undefined) process.stderr.write(`${missing}\n`);

const CHART = join(ROOT, 'test/fixtures/charts/iomesh');
const EXAMPLE = join(ROOT, 'examples/two-clusters');
const RELEASE = DEFAULT_CONFIG.managementCluster;
/** The objects next to the release: the pool, and the objects of the management cluster that no chart renders. */
const BESIDE = [
  ...['0-namespace', 'connection', 'storageclass'].map((name) => `management/${name}.yaml`),
  ...['0-namespace', 'connection', 'storageclass', 'iomesh', 'zookeeper'].map(
    (name) => `cluster-1/${name}.yaml`,
  ),
].map((name) => [`pools/${name}`, readFileSync(join(EXAMPLE, name), 'utf8')] as const);

const POLICY = (component: string) =>
  VALUES.slice(
    VALUES.indexOf('    podPolicy:\n', VALUES.indexOf(`  ${component}:\n`)),
    VALUES.indexOf('\n  ', VALUES.indexOf('k8s-worker-2]', VALUES.indexOf(`  ${component}:\n`))) + 1,
  );

/** Faults in values that render to objects with the same faults, and the rules that say so. */
const FAULTS: readonly (readonly [name: string, values: readonly string[], codes: readonly string[]])[] = [
  ['nothing wrong', [VALUES], []],
  ['a placeholder', [valuesWith(['10.234.1.0/24', '<your-data-cidr-here>'])], ['IOM007']],
  ['a network with host bits', [valuesWith(['10.234.1.0/24', '10.234.1.7/24'])], ['IOM304']],
  ['no network at all', [valuesWith(['    dataCIDR: 10.234.1.0/24\n', ''])], ['IOM006']],
  [
    'two chunk servers',
    [valuesWith(['  chunk:\n    replicaCount: 3', '  chunk:\n    replicaCount: 2'])],
    ['IOM603'],
  ],
  [
    'a count as a text',
    [valuesWith(['  meta:\n    replicaCount: 3', '  meta:\n    replicaCount: "4"'])],
    ['IOM106', 'IOM603'],
  ],
  ['four ZooKeepers', [valuesWith(['    replicas: 3', '    replicas: 4'])], ['IOM106', 'IOM603']],
  ["a node of the pool's", [VALUES.replace('k8s-worker-2]', 'k8s-worker-3]')], ['IOM101', 'IOM105']],
  [
    'meta may run anywhere',
    [valuesWith([`  meta:\n    replicaCount: 3\n${POLICY('meta')}`, '  meta:\n    replicaCount: 3\n'])],
    ['IOM102'],
  ],
  ['the community edition, which is the default', [valuesWith(['  edition: enterprise\n', ''])], ['IOM401']],
  [
    'another platform',
    [valuesWith(['  edition: enterprise\n', '  edition: enterprise\n  platform: hygon_x86_64\n'])],
    ['IOM401'],
  ],
  [
    'another version',
    [valuesWith(['  edition: enterprise\n', '  edition: enterprise\n  appVersion: v5.2.0-rc13\n'])],
    ['IOM401'],
  ],
  [
    'an operator of another version',
    [valuesWith(['operatorVersion: v1.0.1', 'operatorVersion: v1.0.0'])],
    ['IOM401'],
  ],
  [
    'one tag written out',
    [valuesWith(['  meta:\n', '  meta:\n    image: {tag: v5.3.0-rc13}\n'])],
    ['IOM401', 'IOM402'],
  ],
  ['a tag that is no text', [valuesWith(['  meta:\n', '  meta:\n    image: {tag: 1.5}\n'])], ['IOM005']],
  [
    'a pull policy misspelt',
    [valuesWith(['  meta:\n', '  meta:\n    image: {pullPolicy: ifNotPresent}\n'])],
    ['IOM405'],
  ],
  [
    'a registry, which 1.0 has for other images',
    [valuesWith(['\niomesh:\n', '\nglobal: {registry: "mirror.example/"}\niomesh:\n'])],
    [],
  ],
  ['devices of the other mode', [valuesWith(['hybridFlash', 'allFlash'])], ['IOM302']],
  ['a mount type misspelt', [valuesWith(['cacheWithJournal', 'cacheWithJounral'])], ['IOM302']],
  [
    'block devices elsewhere',
    [
      valuesWith([
        '    deviceMap:\n',
        '    devicemanager: {blockDeviceNamespace: elsewhere}\n    deviceMap:\n',
      ]),
    ],
    ['IOM301'],
  ],
  [
    'a reclaim policy in lower case',
    [valuesWith(['  meta:\n', '  reclaimPolicy: {volume: delete}\n  meta:\n'])],
    ['IOM305'],
  ],
  ["the anti-affinity of another's", [valuesWith(['iomesh-zookeeper', 'pool-zookeeper'])], ['IOM702']],
  [
    'a storage size that is none',
    [valuesWith(['    replicas: 3', '    storageSize: much\n    replicas: 3'])],
    ['IOM005'],
  ],
  [
    'a default class with wrong parameters',
    [
      VALUES.replace(
        'csi-driver: {storageClass: {create: false}}',
        'csi-driver: {storageClass: {parameters: {csi.storage.k8s.io/fstype: ex4, replicaFactor: "1"}}}',
      ),
    ],
    ['IOM501', 'IOM506', 'IOM507'],
  ],
  ['no cluster', [valuesWith(['\niomesh:\n', '\niomesh:\n  create: false\n'])], ['IOM504', 'IOM705']],
  ['an operator in lower case', [VALUES.replace('operator: In', 'operator: in')], ['IOM104']],
  [
    'a later file that takes the affinity away',
    [VALUES, 'iomesh: {chunk: {podPolicy: {affinity: null}}}\n'],
    ['IOM102'],
  ],
  ['a later file that takes a default away', [VALUES, 'iomesh:\n  storageClass:\n'], ['IOM006']],
  [
    'a later file that mends',
    [valuesWith(['10.234.1.0/24', '10.234.1.7/24']), 'iomesh: {chunk: {dataCIDR: 10.234.1.0/24}}\n'],
    [],
  ],
];

/** What is found in files and in values, each rule and object once. */
function found(text: string, values: readonly string[] = []): string[] {
  const files = [...BESIDE, ['-', text] as const].map(([name, each]) =>
    readManifests(name, each, { kinds: KNOWN_KINDS }),
  );
  const read = values.map((each, index) => readValuesFile(`values-${index}.yaml`, each));
  const more = values.length === 0 ? {} : releaseOf(RELEASE, read, DEFAULT_CONFIG);
  const { findings } = judge(worldOf(files, DEFAULT_CONFIG, '2026-11-23', 'lint', more));
  const names = findings.map(
    ({ code, object }) => `${code} ${object === undefined ? '' : describeRef(object)}`,
  );
  return [...new Set(names)].sort();
}

describe.skipIf(missing !== undefined)('with real Helm', () => {
  let helm: string;

  beforeAll(async () => {
    helm = await tool('helm');
  }, BUILD_MS);

  /** A folder with the pools, the values, and the objects that Helm renders from them. */
  function rendered(values: readonly string[]): { folder: string; files: string[]; template: Run } {
    const files = values.map((_, index) => `values-${index}.yaml`);
    const folder = folderOf({
      ...Object.fromEntries(BESIDE),
      ...Object.fromEntries(values.map((text, index) => [files[index], text])),
    });
    const named = files.flatMap((file) => ['-f', join(folder, file)]);
    const template = runTool(helm, ['template', 'iomesh', CHART, '-n', 'iomesh-system', ...named]);
    return { folder, files, template };
  }

  it.each(FAULTS)(
    'finds the same errors in the values and in the rendered objects: %s',
    (_name, values, codes) => {
      const { template } = rendered(values);
      expect(template.code, template.stderr).toBe(0);
      const named = found('', values);
      expect(named).toEqual(found(template.stdout));
      expect([...new Set(named.map((each) => each.slice(0, 6)))]).toEqual(codes);
    },
  );

  it('finds the same errors on the command line', () => {
    const values = [valuesWith(['hybridFlash', 'allFlash']), 'iomesh: {chunk: {replicaCount: 2}}\n'];
    const { folder: cwd, files, template } = rendered(values);
    const piped = run(['lint', '-', 'pools'], { cwd, input: template.stdout });
    const named = run(['lint', ...files.flatMap((file) => ['--values', file]), 'pools'], { cwd });
    const heads = (text: string) => text.match(/^\w+\[IOM\d+\] .*/gm)?.sort();
    expect(heads(named.stdout)).toEqual(heads(piped.stdout));
    expect(heads(named.stdout)?.length).toBeGreaterThan(1);
    expect([named.code, piped.code, named.stderr, piped.stderr]).toEqual([1, 1, '', '']);
    expect(piped.stdout).toContain('--> <stdin>:');
    expect(named.stdout).toContain('--> values-1.yaml:1:32');
  });

  it.each([
    ['a whole section at the root', VALUES.replace('iomesh:\n', 'meta: {replicaCount: 5}\niomesh:\n')],
    ['the name of a field', valuesWith(['  meta:\n', '  meta:\n    replicas: 5\n'])],
    [
      'a field of the redirector',
      valuesWith(['  redirector:\n', '  redirector:\n    dataCIDR: 10.1.0.0/16\n']),
    ],
    ['the device map beside chunk', `${VALUES}  deviceMap: {dataStore: {selector: {}}}\n`],
  ])('reports with IOM801 a key that Helm silently ignores: %s', (_name, values) => {
    const { folder: cwd, template } = rendered([values]);
    expect(template).toEqual(rendered([VALUES]).template);
    expect(template.stderr).toBe('');
    const { stdout, code } = run(['lint', '--values', 'values-0.yaml', 'pools'], { cwd });
    expect(code).toBe(1);
    expect(stdout.match(/^\w+\[IOM\d+\]/gm)).toEqual(['error[IOM801]']);
  });

  it('reports with IOM801 a key of a podPolicy that the chart does not read', () => {
    const values = VALUES.replace('      affinity:\n          nodeAffinity:', '          nodeAffinity:');
    const { folder: cwd, template } = rendered([values]);
    const meta = template.stdout.slice(
      template.stdout.indexOf('  meta:'),
      template.stdout.indexOf('  chunk:'),
    );
    expect(meta).not.toContain('nodeAffinity');
    const { stdout } = run(['lint', '--values', 'values-0.yaml', 'pools'], { cwd });
    expect(stdout.match(/^\w+\[IOM\d+\].*/gm)).toEqual([
      expect.stringContaining('IOM801] values-ignored: Helm ignores "iomesh.meta.podPolicy.nodeAffinity"'),
    ]);
  });

  it('reports with IOM802 a null with which Helm removes a section', () => {
    const outdented = valuesWith([
      '  chunk:\n    replicaCount: 3\n    dataCIDR',
      '  chunk:\n  replicaCount: 3\n  dataCIDR',
    ]);
    const values = outdented.replace(/ {4}deviceMap[\s\S]*?(?= {2}redirector)/, '');
    const { folder: cwd, template } = rendered([values]);
    expect(template.code).not.toBe(0);
    expect(template.stderr).toContain('nil pointer');
    const { stdout } = run(['lint', '--values', 'values-0.yaml', 'pools'], { cwd });
    expect(stdout.match(/^\w+\[IOM\d+\]/gm)).toEqual(['error[IOM802]']);
  });

  describe('reads and merges files as Helm does', () => {
    let folder: string;
    beforeAll(() => {
      folder = folderOf({
        'chart/Chart.yaml': 'apiVersion: v2\nname: dump\nversion: 1.0.0\n',
        'chart/templates/values.json': '{{ toJson .Values }}\n',
      });
    });

    /** The values in Helm; undefined if it rejects a file. */
    function asHelm(texts: readonly (string | Buffer)[]): unknown {
      mkdirSync(join(folder, 'in'), { recursive: true });
      const names = texts.map((text, index) => {
        const name = join(folder, 'in', `${index}.yaml`);
        writeFileSync(name, text);
        return ['-f', name];
      });
      const result = runTool(helm, ['template', 'dump', join(folder, 'chart'), ...names.flat()]);
      if (result.code !== 0) return undefined;
      return JSON.parse(result.stdout.split('\n').find((line) => line.startsWith('{')) ?? '');
    }

    /** The values as we have them. */
    function asRead(texts: readonly (string | Buffer)[]): unknown {
      const jsons = texts.map((text) => readValuesFile('values.yaml', text).json);
      if (jsons.includes(undefined)) return undefined;
      const merged = (jsons as JsonObject[]).reduce(mergeValues, {});
      return JSON.parse(
        JSON.stringify(merged, (_key, each) => (typeof each === 'bigint' ? Number(each) : each)),
      );
    }

    it.each([
      ['two documents', ['a: 1\n---\nb: 2\n']],
      ['a comment, then the document', ['# values\n---\na: 1\n']],
      ['an empty document first', ['---\n---\na: 1\n']],
      ['a second document that cannot be read', ['a: 1\n---\nb: [\n']],
      ['text after the end', ['a: 1\n...\nb: 2\n']],
      ['a key twice', ['a: 1\nb: 2\na: 3\n']],
      [
        'words and numbers',
        ['a: yes\nb: 1e3\nc: 0o17\nd: 1.10\ne: 0777\nf: 12345678901234567890\ny: 1:30\n'],
      ],
      ['nothing', ['']],
      ['a null', ['a: {b: null, c: ~}\nd:\n']],
      ['JSON', ['{"a": {"b": [1, "x"]}}']],
      ['a flow mapping that is no JSON', ['{a: {b: [1, x]}}\n']],
      ['CRLF', ['a:\r\n  b: 1\r\n']],
      ['a byte order mark', ['\ufeffa: 1\n']],
      ['an alias and a merge', ['a: &a {b: 1, c: 2}\nd:\n  <<: *a\n  c: 3\ne: *a\n']],
      ['keys that are no texts', ['1: {x: 2}\ntrue: 3\n']],
      ['names that every object has', ['__proto__: {a: 1}\nconstructor: 2\ntoString: {}\n']],
      ['a list', ['[1, 2]\n']],
      ['a text', ['plain\n']],
      ['a tab', ['a:\n\tb: 1\n']],
      ['a template', ['a: {{ .Values.b }}\n']],
      ['not UTF-8', [Buffer.from([0x61, 0x3a, 0x20, 0xff, 0x0a])]],
      ['mappings that meet', ['a: {b: 1, c: {d: 2}}\n', 'a: {c: {e: 3}, b: 4}\n']],
      ['lists that meet', ['a: [1, 2, 3]\n', 'a: [4]\n']],
      ['a null over a mapping, and a mapping over a null', ['a: {b: 1}\nc: null\n', 'a: null\nc: {d: 1}\n']],
      ['a mapping over a text', ['a: x\n', 'a: {b: 1}\n', 'a: {c: 2}\n']],
    ] as const)('%s', (_name, texts) => {
      expect(asRead(texts)).toEqual(asHelm(texts));
    });

    it('for any values in any number of files', () => {
      const key = fc.constantFrom('a', 'b', 'c', '__proto__');
      const { tree } = fc.letrec((tie) => ({
        tree: fc.dictionary(
          key,
          fc.oneof({ maxDepth: 3 }, fc.constantFrom(null, 1, 'x', [], [null]), tie('tree')),
          {
            maxKeys: 3,
          },
        ),
      }));
      fc.assert(
        fc.property(fc.array(tree, { minLength: 1, maxLength: 3 }), (values) => {
          const texts = values.map((each) => JSON.stringify(each));
          expect(asRead(texts)).toEqual(asHelm(texts));
        }),
        { numRuns: 10 },
      );
    });
  });

  it('uses the default values of the chart', () => {
    const own = load(readFileSync(join(CHART, 'values.yaml'), 'utf8')) as { iomesh: { chunk: object } };
    const text = 'iomesh: {chunk: {dataCIDR: 10.234.1.0/24}}\n';
    const whole = JSON.stringify({
      ...own,
      iomesh: { ...own.iomesh, chunk: { ...own.iomesh.chunk, dataCIDR: '10.234.1.0/24' } },
    });
    expect(found('', [text])).toEqual(found('', [whole]));
    expect(rendered([text]).template.stdout).toEqual(rendered([whole]).template.stdout);
  });
});
