/** SARIF for GitHub code scanning. */
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { rules } from '../../src/core/judge/catalogue.ts';
import type { LocatedFinding } from '../../src/report/located.ts';
import { lineHashes } from '../../src/report/sarif/line-hash.ts';
import { sarifReport } from '../../src/report/sarif.ts';
import { folderOf, ROOT } from '../support/run-cli.ts';
import { BROKEN, CLEAN, liveReport, readSarif, reportOf, runHere } from '../support/reports.ts';

async function sarifOf(...paths: string[]) {
  const { stdout } = await runHere(['lint', '--format', 'sarif', ...paths]);
  return readSarif(stdout).runs[0];
}

describe('a SARIF log', () => {
  it('has every rule and no results without findings', async () => {
    const run = await sarifOf(CLEAN);
    expect(run.results).toEqual([]);
    expect(run.columnKind).toBe('utf16CodeUnits');
    expect(run.invocations[0].executionSuccessful).toBe(true);
    expect(run.tool.driver.rules.map((each: { id: string }) => each.id)).toEqual(
      rules.map(({ code }) => code),
    );
  });

  it('describes rules within the limits of GitHub', async () => {
    const { rules: described } = (await sarifOf(CLEAN)).tool.driver;
    for (const rule of described) {
      expect(rule.name.length).toBeLessThanOrEqual(255);
      expect(rule.shortDescription.text.length).toBeLessThanOrEqual(1024);
      expect(rule.fullDescription.text.length).toBeLessThanOrEqual(1024);
      expect(rule.help.markdown).toBe(readFileSync(join(ROOT, `docs/rules/${rule.id}.md`), 'utf8'));
      expect(rule.help.text).not.toBe('');
      expect(['error', 'warning']).toContain(rule.defaultConfiguration.level);
      expect(rule.properties.tags.length).toBeLessThanOrEqual(10);
      expect(rule.properties.tags).not.toContain('security');
      expect(rule.properties['security-severity']).toBeUndefined();
    }
  });

  it('has the rule of every result, and the region that the text report marks', async () => {
    const run = await sarifOf(BROKEN);
    for (const result of run.results) {
      expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      const { uriBaseId, uri } = result.locations[0].physicalLocation.artifactLocation;
      expect([uriBaseId, uri]).toEqual(['%SRCROOT%', expect.stringMatching(/^examples\/broken\//)]);
      expect(run.originalUriBaseIds[uriBaseId]).toBeDefined();
    }
    const found = run.results.find((each: { ruleId: string }) => each.ruleId === 'IOM202');
    const { startLine, startColumn, endLine, endColumn } = found.locations[0].physicalLocation.region;
    const lines = readFileSync(join(BROKEN, 'pool/connection.yaml'), 'utf8').split('\n');
    expect(endLine).toBe(startLine);
    expect(lines[startLine - 1]!.slice(startColumn - 1, endColumn - 1)).toBe('127.0.0.1:3261');
  });

  it('links every related place in the message by its id', async () => {
    const run = await sarifOf(BROKEN);
    const linked = run.results.filter((each: { relatedLocations?: unknown[] }) => each.relatedLocations);
    expect(linked.length).toBeGreaterThan(5);
    for (const { message, relatedLocations } of linked) {
      const links = [...message.text.matchAll(/\[(?:\\.|[^\]\\])+\]\((\d+)\)/g)].map((match) =>
        Number(match[1]),
      );
      expect(links).toEqual(relatedLocations.map((each: { id: number }) => each.id));
      expect(links[0]).toBe(1);
    }
    for (const { message, relatedLocations } of run.results)
      if (relatedLocations === undefined) expect(message.text).not.toMatch(/\]\(/);
  });

  it('has a notification for input that cannot be read', async () => {
    const { stdout, code } = await runHere(['lint', '--format', 'sarif', CLEAN, 'no/such.yaml']);
    expect(code).toBe(2);
    const [invocation] = readSarif(stdout).runs[0].invocations;
    expect(invocation.executionSuccessful).toBe(false);
    expect(invocation.toolExecutionNotifications).toEqual([
      { level: 'error', message: { text: 'cannot read no/such.yaml: no such file or directory' } },
    ]);
  });

  it('counts waived findings, but has no results for them', async () => {
    const folder = folderOf({});
    cpSync(BROKEN, folder, { recursive: true });
    const path = join(folder, 'pool/connection.yaml');
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(
        '\nmetadata:\n',
        '\nmetadata:\n  annotations: {iomesh-guard.io/waive: "IOM202=a proxy stands there"}\n',
      ),
    );
    const run = await sarifOf(folder);
    expect(run.results.map((each: { ruleId: string }) => each.ruleId)).not.toContain('IOM202');
    expect(run.properties.waived).toBe(1);
  });
});

describe('paths', () => {
  it('start at the root of the checkout in any working directory', async () => {
    const folder = folderOf({});
    cpSync(BROKEN, join(folder, 'deploy/clusters'), { recursive: true });
    mkdirSync(join(folder, '.git'));
    const { stdout } = await runHere(['lint', '--format', 'sarif', '.'], {
      cwd: join(folder, 'deploy/clusters'),
    });
    const uris = uriSet(stdout);
    expect(uris).toContain('deploy/clusters/pool/iomesh.yaml');
    for (const uri of uris) expect(uri).toMatch(/^deploy\/clusters\//);
    const env = { GITHUB_WORKSPACE: join(folder, 'deploy') };
    const given = await runHere(['lint', '--format', 'sarif', '.'], {
      cwd: join(folder, 'deploy/clusters'),
      env,
    });
    expect(uriSet(given.stdout)).toContain('clusters/pool/iomesh.yaml');
  });

  it('name the target of a link', async () => {
    const folder = folderOf({});
    cpSync(BROKEN, join(folder, 'real'), { recursive: true });
    mkdirSync(join(folder, '.git'));
    symlinkSync('real', join(folder, 'link'));
    const { stdout } = await runHere(['lint', '--format', 'sarif', 'link'], { cwd: folder });
    for (const uri of uriSet(stdout)) expect(uri).toMatch(/^real\//);
  });

  it('are percent-encoded, and absolute outside the checkout', async () => {
    const name = 'a b%20:#?[é]\n(1).yaml';
    const folder = folderOf({ [name]: 'apiVersion: iomesh.com/v1alpha1\nkind: [\n', 'repo/.git/x': '' });
    const inside = await runHere(['lint', '--format', 'sarif', '.'], { cwd: folder });
    expect([...uriSet(inside.stdout)].map(decodeURIComponent)).toEqual([name]);
    const outside = await runHere(['lint', '--format', 'sarif', '..'], { cwd: join(folder, 'repo') });
    const [uri] = uriSet(outside.stdout);
    expect(decodeURIComponent(new URL(uri!).pathname)).toBe(join(folder, name));
  });

  it('name no file of the repository for standard input', async () => {
    const { stdout } = await runHere(['lint', '--format', 'sarif', '-'], { input: 'kind: [' });
    const { artifactLocation } = readSarif(stdout).runs[0].results[0].locations[0].physicalLocation;
    expect(artifactLocation).toEqual({ uri: '%3Cstdin%3E' });
  });
});

function uriSet(text: string): Set<string> {
  return new Set(
    readSarif(text).runs[0].results.map(
      (each: { locations: [{ physicalLocation: { artifactLocation: { uri: string } } }] }) =>
        each.locations[0].physicalLocation.artifactLocation.uri,
    ),
  );
}

describe('an object of a live cluster', () => {
  it('has a location that GitHub shows, and a name', () => {
    const connection = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'ns', name: 'a:b' },
      data: { clusterId: 'x', iscsiPortal: '127.0.0.1:1', metaAddr: '..' },
    };
    const run = readSarif(sarifReport(liveReport([connection])).text).runs[0];
    expect(run.results.length).toBeGreaterThan(0);
    for (const { locations } of run.results) {
      expect(locations[0].physicalLocation.artifactLocation).toEqual({ uri: 'ConfigMap/ns/a%3Ab' });
      expect(locations[0].logicalLocations[0].fullyQualifiedName).toMatch(/^ConfigMap\/ns\/a:b(?::|$)/);
    }
  });
});

describe('fingerprints', () => {
  const prints = (run: { results: { partialFingerprints: Record<string, string> }[] }) =>
    run.results.map((each) => each.partialFingerprints['iomeshGuardFinding/v1']);

  it('are unique, and stable when lines move', async () => {
    const folder = folderOf({});
    cpSync(BROKEN, folder, { recursive: true });
    const before = prints(await sarifOf(folder));
    expect(new Set(before).size).toBe(before.length);
    for (const file of [
      'pool/iomesh.yaml',
      'pool/connection.yaml',
      'pool/pvc.yaml',
      'pool/second-zookeeper.yaml',
    ]) {
      const path = join(folder, file);
      writeFileSync(path, `# moved\n\n\n${readFileSync(path, 'utf8')}`);
    }
    expect(prints(await sarifOf(folder))).toEqual(before);
  });

  it('differ for findings with the same text in one file', async () => {
    const folder = folderOf({
      'a.yaml': 'kind: a\nkind: a\napiVersion: iomesh.com/v1alpha1\n---\nx: [\n---\nx: [\n',
    });
    const run = await sarifOf(folder);
    expect(run.results.length).toBeGreaterThan(1);
    expect(new Set(prints(run)).size).toBe(run.results.length);
  });

  it('have the line hash of GitHub', async () => {
    const run = await sarifOf(BROKEN);
    for (const { partialFingerprints, locations } of run.results) {
      const { artifactLocation, region } = locations[0].physicalLocation;
      const text = readFileSync(join(ROOT, artifactLocation.uri), 'utf8');
      expect(partialFingerprints.primaryLocationLineHash).toBe(lineHashes(text)[region.startLine - 1]);
    }
  });

  // Values published with upload-sarif.
  it.each<[string, string[]]>([
    ['', ['c129715d7a2bc9a3:1']],
    [
      ' a\nb\n  \t\tc\n d',
      ['271789c17abda88f:1', '54703d4cd895b18:1', '180aee12dab6264:1', 'a23a3dc5e078b07b:1'],
    ],
    [
      ' hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n',
      [
        'e9496ae3ebfced30:1',
        'fb7c023a8b9ccb3f:1',
        'ce8ba1a563dcdaca:1',
        'e20e36e16fcb0cc8:1',
        'b3edc88f2938467e:1',
        'c8e28b0b4002a3a0:1',
        'c129715d7a2bc9a3:1',
      ],
    ],
    [
      'Lorem ipsum dolor sit amet.\n'.repeat(10),
      [
        ...[1, 2, 3, 4, 5, 6].map((number) => `a7f2ff13bc495cf2:${number}`),
        'a7f2ff1481e87703:1',
        'a9cf91f7bbf1862b:1',
        '55ec222b86bcae53:1',
        'cc97dc7b1d7d8f7b:1',
        'c129715d7a2bc9a3:1',
      ],
    ],
  ])('have the line hash of GitHub for %j', (text, hashes) => {
    expect(lineHashes(text)).toEqual(hashes);
  });
});

describe('the limits of GitHub', () => {
  const [sample] = liveReport([
    {
      apiVersion: 'iomesh.com/v1alpha1',
      kind: 'IOMeshCluster',
      metadata: { namespace: 'a', name: 'a' },
      spec: {},
    },
  ]).findings;

  /** Many findings, the errors last. */
  function many(warnings: number, errors: number, message: (index: number) => string): LocatedFinding[] {
    return Array.from({ length: warnings + errors }, (_, index) => ({
      ...sample!,
      finding: {
        ...sample!.finding,
        severity: index < warnings ? ('warning' as const) : ('error' as const),
        message: message(index),
        identity: `${index}`,
      },
    }));
  }

  it('allow 25 000 results: warnings are omitted first, with a note', () => {
    const { text, notes } = sarifReport(reportOf({ findings: many(25_000, 10, String) }));
    const run = readSarif(text).runs[0];
    expect(run.results.length).toBe(25_000);
    expect(run.results.filter((each: { level: string }) => each.level === 'error').length).toBe(10);
    expect(notes).toContainEqual(expect.stringContaining('10 findings omitted'));
    expect(notes).toContainEqual(expect.stringContaining('GitHub shows the 5000 most severe of'));
    const said = run.invocations[0].toolExecutionNotifications;
    expect(said.map((each: { message: { text: string } }) => each.message.text)).toEqual(notes);
  });

  it('allow 10 MB after compression', () => {
    const noise = randomBytes(1500 * 8000).toString('base64');
    const { text, notes } = sarifReport(
      reportOf({ findings: many(8000, 1, (index) => noise.slice(index * 1900, index * 1900 + 1900)) }),
    );
    expect(gzipSync(text).length).toBeLessThanOrEqual(10_000_000);
    const { results } = JSON.parse(text).runs[0];
    expect(results.length).toBeGreaterThan(2000);
    expect(results.at(-1).level).toBe('error');
    expect(notes).toContainEqual(expect.stringMatching(/\d+ findings omitted/));
  });

  it('allow 100 locations per result', () => {
    const place = {
      place: { path: [], resource: sample!.finding.resource! },
      message: 'x',
      span: undefined,
      location: undefined,
    };
    const { text, notes } = sarifReport(
      reportOf({ findings: [{ ...sample!, related: Array(150).fill(place) }] }),
    );
    expect(readSarif(text).runs[0].results[0].relatedLocations.length).toBe(99);
    expect(notes.length).toBe(1);
  });
});
