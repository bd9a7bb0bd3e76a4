/** `iomesh-guard map` of files on the command line. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, isCivil, ROOT, type Run, run } from '../support/run-cli.ts';
import { clusterObjects, on } from '../support/map-worlds.ts';

const EXAMPLE = 'examples/two-clusters';

function map(args: readonly string[], options: Parameters<typeof run>[1] = {}): Run {
  const result = run(['map', ...args], options);
  expect(isCivil(result), result.stderr).toBe(true);
  return result;
}

const json = (objects: readonly unknown[]) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
const CLUSTERS = json([
  ...clusterObjects('iomesh-system', 'iomesh', on(['w0', 'w1', 'w2'])),
  ...clusterObjects('pool', 'pool', on(['w2', 'w3', 'w4'])),
]);
const CONFIG = 'nodes: [w0, w1, w2, w3, w4, w5]\n';

describe('map', () => {
  it('prints the example as docs/map.md shows it', () => {
    const result = map([EXAMPLE]);
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
    expect(readFileSync(join(ROOT, 'docs/map.md'), 'utf8')).toContain(`\`\`\`\n${result.stdout}\`\`\``);
  });

  it('uses the nodes of the configuration and standard input, and exits with 0 for an overlap', () => {
    const cwd = folderOf({ 'iomesh-guard.yaml': CONFIG });
    const result = map(['-'], { cwd, input: CLUSTERS });
    expect(result.stdout).toMatch(/^w2 .*OVERLAP$/m);
    expect(result.stdout).toMatch(/^w5 .*unclaimed$/m);
    expect(result.stdout).toContain('2 clusters, 6 nodes: 4 claimed, 1 overlapping, 1 unclaimed\n');
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
  });

  it('prints only overlapping or unclaimed nodes with --only, and the counts of all', () => {
    const cwd = folderOf({ 'iomesh-guard.yaml': CONFIG, 'a.json': CLUSTERS });
    const nodes = (args: readonly string[]) => map(args, { cwd }).stdout.match(/^w\d+(?= )/gm) ?? [];
    expect(nodes(['--only', 'overlap'])).toEqual(['w2']);
    expect(nodes(['--only', 'unclaimed'])).toEqual(['w5']);
    expect(map(['--only', 'overlap'], { cwd }).stdout).toContain('2 clusters, 6 nodes: 4 claimed');
    const page = map(['--only', 'overlap', '--format', 'html'], { cwd });
    expect(page.stderr).toContain('--only is for the text format, not html');
    expect(page.code).toBe(2);
  });

  it('names the day on the page', () => {
    const cwd = folderOf({ 'a.json': CLUSTERS });
    const page = map(['--format', 'html'], { cwd }).stdout;
    expect(page).toMatch(/Read from 1 file on \d{4}-\d\d-\d\d \(UTC\)/);
  });

  it('marks the overlaps that lint reports', () => {
    const cwd = folderOf({ 'iomesh-guard.yaml': CONFIG, 'a.json': CLUSTERS });
    const { nodes } = JSON.parse(map(['--format', 'json', 'a.json'], { cwd }).stdout);
    const marked = nodes.filter(({ state }: { state: string }) => state === 'overlap');
    const { findings } = JSON.parse(run(['lint', '--format', 'json', 'a.json'], { cwd }).stdout);
    const told = findings.filter(({ code }: { code: string }) => code === 'IOM101');
    expect(told).toHaveLength(1);
    expect(marked.map(({ name }: { name: string }) => name)).toEqual(['w2']);
    expect(told[0].message).toContain('"w2"');
  });

  it('shows the cluster that Helm values install, and from IOMesh 1.1 on no claim of a redirector', () => {
    const pinned = `podPolicy: {affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [w0, w1, w2]}]}]}}}}`;
    const values = `iomesh:\n  chunk: {dataCIDR: 10.1.0.0/16, ${pinned}}\n  redirector: {${pinned}}\n`;
    const cwd = folderOf({ 'iomesh-guard.yaml': CONFIG, 'values.yaml': values });
    const older = map(['--values', 'values.yaml'], { cwd });
    expect(older.stderr).toBe('');
    expect(older.stdout).toMatch(/^w0 +C·R·/m);
    const { code } = map(['--values', 'values.yaml=other/elsewhere', '--format', 'json'], { cwd });
    expect(code).toBe(0);
    const later = folderOf({ 'iomesh-guard.yaml': `iomeshVersion: "1.1"\n${CONFIG}`, 'values.yaml': values });
    const newer = map(['--values', 'values.yaml'], { cwd: later });
    expect(newer.stdout).toMatch(/^w0 +C···/m);
    expect(newer.stdout).not.toContain('redirector: may run on any node');
    expect(newer.stdout).toContain('meta and zookeeper: may run on any node');
    const skipped = map(['.', '--allow-empty'], { cwd });
    expect(skipped.stderr).toContain(
      'values.yaml looks like Helm values of IOMesh and was skipped; add --values',
    );
  });

  it('reports values that cannot be read, and values together with a live cluster', () => {
    const cwd = folderOf({ 'values.yaml': 'iomesh: [}\n', 'a.json': CLUSTERS });
    const broken = map(['--values', 'values.yaml', 'a.json'], { cwd });
    expect(broken.stderr).toMatch(/^error: cannot read values\.yaml:1:\d+: /m);
    expect(broken.stdout).toContain('could not be read');
    expect(broken.code).toBe(2);
    const both = map(['--values', 'values.yaml', '--context', 'production'], { cwd });
    expect(both.stderr).toContain('--values and --context exclude each other');
    expect(both.code).toBe(2);
  });

  it.each([
    ['svg', /^<svg /],
    ['html', /^<!doctype html>/],
    ['json', /^\{\n {2}"version": 1,/],
    ['text', /^NODE /],
  ])(
    'writes %s to a file, and notes overlaps on standard error unless the format is text',
    (format, start) => {
      const cwd = folderOf({ 'a.json': CLUSTERS });
      const result = map(['--format', format, '--output', 'out', '.'], { cwd });
      expect(result.stdout).toBe('');
      expect(result.stderr).toBe(format === 'text' ? '' : 'note: 1 node belongs to more than one cluster\n');
      expect(result.code).toBe(0);
      const text = readFileSync(join(cwd, 'out'), 'utf8');
      expect(text).toMatch(start);
      expect(text.endsWith('\n')).toBe(true);
      // The same input gives the same bytes.
      expect(map(['--format', format, 'a.json'], { cwd }).stdout).toBe(text);
    },
  );

  it('keeps the width of COLUMNS, and the colours of FORCE_COLOR', () => {
    const narrow = map([EXAMPLE], { env: { COLUMNS: '50' } }).stdout.split('\n')[0];
    expect(narrow).toMatch(/^NODE +CLUSTERS$/);
    expect(map([EXAMPLE], { env: { FORCE_COLOR: '1' } }).stdout).toContain('\u001b[1mNODE');
  });
});

describe('map with invalid input', () => {
  it.each<[string, string[], RegExp]>([
    [
      'an unknown format',
      ['--format', 'pdf', EXAMPLE],
      /--format cannot be "pdf".*\n.*text, svg, html, json/,
    ],
    ['two formats', ['--format', 'svg', '--format', 'html', EXAMPLE], /--format is given twice/],
    [
      'files and a cluster',
      ['--context', 'x', EXAMPLE],
      /PATH "examples\/two-clusters" and --context exclude each other/,
    ],
    ['no such file', ['no-such-file.yaml'], /cannot find|no such|cannot read/],
    ['no such kubeconfig', ['--kubeconfig', 'no-such-file'], /no-such-file/],
    ['no IOMesh cluster', ['package.json'], /no IOMesh cluster found in 1 file; .*--allow-empty/],
    [
      'an output that cannot be written',
      ['--output', 'no/such/folder/x', EXAMPLE],
      /cannot write no\/such\/folder\/x/,
    ],
  ])('exits with 2 and a message for %s', (_, args, message) => {
    const result = map(args);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(message);
    expect(result.stdout).toBe('');
  });

  it('does not overwrite the output when no cluster is found, and shows only nodes with --allow-empty', () => {
    const cwd = folderOf({
      'a.yaml': '{apiVersion: v1, kind: Service}\n',
      out: 'as it was',
      'iomesh-guard.yaml': CONFIG,
    });
    expect(map(['--output', 'out', 'a.yaml'], { cwd }).code).toBe(2);
    expect(readFileSync(join(cwd, 'out'), 'utf8')).toBe('as it was');
    const result = map(['--allow-empty', 'a.yaml'], { cwd });
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('0 clusters, 6 nodes: 6 unclaimed');
    for (const format of ['svg', 'html', 'json'])
      expect(map(['--allow-empty', '--format', format, 'a.yaml'], { cwd }).code).toBe(0);
  });

  it('shows the readable documents, notes the others on the map and on standard error, and exits with 2', () => {
    const cwd = folderOf({
      'a.json': CLUSTERS,
      'b.yaml': 'apiVersion: iomesh.com/v1alpha1\nkind: IOMeshCluster\nmetadata:\n  name: third\n bad\n',
      'c.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {{ .Values.x }}\n',
    });
    const result = map(['.'], { cwd });
    expect(result.code).toBe(2);
    expect(result.stdout).toContain('note: 1 document could not be read, so its objects are missing.');
    expect(result.stdout).toMatch(/^w2 .*OVERLAP$/m);
    expect(result.stderr).toMatch(/^error: cannot read b\.yaml:\d+:\d+: .+\n$/);
  });

  it('notes a cluster that is defined twice', () => {
    const cwd = folderOf({ 'a.json': CLUSTERS, 'b.json': CLUSTERS });
    expect(map(['.'], { cwd }).stdout).toContain(
      'note: IOMeshCluster pool/pool is defined twice; the first definition is used.',
    );
  });

  it('rejects a map with too many claims', () => {
    const all = {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'Exists' }] },
            ],
          },
        },
      },
    };
    const clusters = Array.from({ length: 120 }, (_, index) =>
      clusterObjects(`p-${index}`, `p-${index}`, all),
    ).flat();
    const nodes = Array.from({ length: 2000 }, (_, index) => `w${index}`);
    const cwd = folderOf({ 'a.json': json(clusters), 'iomesh-guard.yaml': `nodes: [${nodes.join(', ')}]\n` });
    const result = map(['--output', 'out', 'a.json'], { cwd });
    expect(result.stderr).toContain('too many for a map');
    expect(result.code).toBe(2);
    expect(existsSync(join(cwd, 'out'))).toBe(false);
  });
});
