/** The alerts and the dashboard of deploy/: their queries are valid, and ask for metrics and labels that exist. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { ClusterMetrics } from '../../src/cluster/metrics.ts';
import { LedgerMetrics } from '../../src/cluster/ledger/ledger-metrics.ts';
import { ReportWriter } from '../../src/standing/reports/report-writer.ts';
import { StandingMetrics } from '../../src/standing/standing-metrics.ts';
import { WRITER_METRIC } from '../../src/standing/writers.ts';
import { Metrics } from '../../src/webhook/metrics.ts';
import { BUILD_MS } from './tools.ts';
import { hasGo } from '../e2e/control-plane/go.ts';

const ROOT = join(import.meta.dirname, '../..');
const RULES = join(ROOT, 'deploy/helm/iomesh-guard/files/alerts.yaml');
const CHECKER = join(ROOT, 'test/oracle/prometheus');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly expr: string }[];
  }[];
}

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const alerts = (load(readFileSync(RULES, 'utf8')) as Rules).groups.flatMap(({ rules }) => rules);
const { panels } = JSON.parse(read('deploy/monitoring/dashboard.json')) as { panels: readonly Panel[] };
const targets = panels.flatMap((panel) => panel.targets ?? []);
const queries = [...alerts.map(({ expr }) => expr), ...targets.map(({ expr }) => expr)];

/** Labels that Prometheus adds to every series; `cluster` if it has several Kubernetes clusters. */
const TARGET_LABELS = ['cluster', 'job', 'pod'];

/** The labels of every series of `serve`, by name. */
function series(): Map<string, readonly string[]> {
  const { registry } = new Metrics();
  new ClusterMetrics(registry);
  new LedgerMetrics(registry);
  new StandingMetrics(registry);
  const reports = new Registry();
  ReportWriter.countWrites(reports);
  const all = [...registry.getMetricsAsArray(), ...reports.getMetricsAsArray()];
  const found = new Map<string, readonly string[]>([[WRITER_METRIC, []]]);
  for (const { name, type, ...rest } of all) {
    const labels = (rest as unknown as { readonly labelNames: readonly string[] }).labelNames;
    // An enum of the library: it has no name for its values at run time.
    const isHistogram = String(type) === 'histogram';
    for (const suffix of isHistogram ? ['_bucket', '_sum', '_count'] : [''])
      found.set(`${name}${suffix}`, [...labels, ...(suffix === '_bucket' ? ['le'] : [])]);
  }
  return found;
}

describe('the queries of alerts and dashboard', () => {
  const known = series();

  it.each(queries)('use metrics and labels that exist: %s', (query) => {
    const names = [...query.matchAll(/\biomesh_guard_[a-z_]+/g)].map(([name]) => name);
    expect(names).not.toEqual([]);
    for (const name of names) expect([...known.keys()]).toContain(name);
    const labels = [...names.flatMap((name) => known.get(name) ?? []), ...TARGET_LABELS];
    const selected = [...query.matchAll(/[{,]\s*(\w+)\s*=?[=!~]/g)].map(([, label]) => label);
    const grouped = [...query.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list]) => list?.split(/,\s*/) ?? []);
    for (const label of [...selected, ...grouped]) expect(labels).toContain(label);
  });

  it('show labels in a legend that the query keeps', () => {
    for (const { expr, legendFormat } of targets)
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
        expect(expr, legendFormat).toMatch(new RegExp(`by \\([^)]*\\b${label}\\b`));
  });

  it('show every metric of serve, except those of --world', () => {
    const asked = queries.join('\n');
    const missing = [...known.keys()].filter(
      (name) => !/_(sum|count)$/.test(name) && !asked.includes(name) && !name.includes('_world_'),
    );
    expect(missing).toEqual(['iomesh_guard_match_conditions_dropped']);
  });

  it.skipIf(!hasGo())(
    'pass the checks of Prometheus',
    () => {
      const input = `${queries.map((each) => each.replaceAll('$__rate_interval', '5m').replace(/\s+/g, ' ')).join('\n')}\n`;
      const check = (...files: string[]) =>
        spawnSync('go', ['run', '.', ...files], {
          cwd: CHECKER,
          input,
          encoding: 'utf8',
          env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' },
        });
      const checked = check(RULES);
      expect(checked.stdout).toBe('');
      expect(checked.status, checked.stderr).toBe(0);
      // It can fail.
      expect(check(join(ROOT, 'package.json')).status).not.toBe(0);
    },
    BUILD_MS,
  );
});

describe('docs/monitoring.md', () => {
  const page = read('docs/monitoring.md');

  it('describes each alert', () => {
    for (const { alert } of alerts) expect(page).toContain(`\`${alert}\``);
  });

  it('names metrics that exist', () => {
    const named = [...page.matchAll(/\biomesh_guard_[a-z_]+/g)].map(([name]) => name);
    expect(named.length).toBeGreaterThan(4);
    expect([...series().keys()]).toEqual(expect.arrayContaining(named));
  });

  it('describes each panel of the dashboard', () => {
    let row = '';
    const lines = panels.flatMap(({ type, title, description }) => {
      if (type !== 'row') return [`| ${row} | ${title} | ${description} |`];
      row = title;
      return [];
    });
    expect(page).toContain(`| row | panel | shows |\n|---|---|---|\n${lines.join('\n')}\n\n`);
  });
});
