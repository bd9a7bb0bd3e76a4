/** JUnit XML. Every report is checked with both published schemas, and its counts with its tests. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { junitReport } from '../../src/report/junit.ts';
import { folderOf } from '../support/run-cli.ts';
import { BROKEN, CLEAN, liveReport, readJunit, runHere } from '../support/reports.ts';

const junit = async (...args: string[]) =>
  readJunit((await runHere(['lint', '--format', 'junit', ...args])).stdout);

describe('a JUnit report', () => {
  it('has one passed test without findings', async () => {
    expect((await junit(CLEAN)).map(({ name, outcome }) => [name, outcome])).toEqual([
      ['no findings', 'passed'],
    ]);
  });

  it('has a failed test with a unique name for each finding, in the suite of its file', async () => {
    const cases = await junit(BROKEN);
    const { findings } = JSON.parse((await runHere(['lint', '--format', 'json', BROKEN])).stdout);
    expect(cases.length).toBe(findings.length);
    expect(new Set(cases.map(({ suite, name }) => `${suite} ${name}`)).size).toBe(cases.length);
    const found = cases.find(({ name }) => name.startsWith('IOM202 iscsi-portal: ConfigMap '));
    expect(found).toMatchObject({
      suite: 'examples/broken/pool/connection.yaml',
      outcome: 'failure',
      type: 'error',
    });
    expect(found?.body).toContain('^^^^^^^^^^^^^^ iomesh-cluster-1/');
    expect(found?.body).toContain('= help: ');
  });

  it('omits warnings with --quiet', async () => {
    expect((await junit(BROKEN)).some(({ type }) => type === 'warning')).toBe(true);
    expect((await junit('--quiet', BROKEN)).some(({ type }) => type === 'warning')).toBe(false);
  });

  it('has a skipped test with the reason for each waived finding', async () => {
    const folder = folderOf({});
    cpSync(CLEAN, folder, { recursive: true });
    const path = join(folder, 'cluster-1/storageclass.yaml');
    const text = readFileSync(path, 'utf8').replace('fstype: ext4', 'fstype: ext9');
    writeFileSync(
      path,
      text.replace(
        '\nmetadata:\n',
        '\nmetadata:\n  annotations: {iomesh-guard.io/waive: "fstype=<trial> & error"}\n',
      ),
    );
    const cases = await junit(folder);
    expect(cases.map(({ outcome, message }) => [outcome, message])).toEqual([
      ['skipped', 'waived: <trial> & error'],
    ]);
  });

  it('has an error for input that cannot be read', async () => {
    const cases = await junit(CLEAN, 'no/such.yaml');
    expect(cases.map(({ outcome, name }) => [outcome, name])).toEqual([
      ['error', 'cannot read no/such.yaml: no such file or directory'],
    ]);
  });

  it('has a suite for each object of a live cluster', async () => {
    const class_ = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'odd' },
      provisioner: 'com.iomesh.csi-driver',
      parameters: { 'csi.storage.k8s.io/fstype': 'ex4', replicaFactor: '9' },
    };
    const cases = await readJunit(junitReport(liveReport([class_])).text);
    expect(cases.length).toBeGreaterThan(1);
    for (const { suite, outcome } of cases) expect([suite, outcome]).toEqual(['StorageClass odd', 'failure']);
  });

  it('is well-formed for any text', async () => {
    const evil = ']]>\u0000\u001b[31m\uffff\ufffe\ud800&lt;"\'\u{1f600}\t\n--><x/>';
    const report = liveReport(
      [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { namespace: evil, name: evil },
          data: { clusterId: evil, iscsiPortal: evil, metaAddr: evil },
        },
      ],
      { problems: [evil] },
    );
    const cases = await readJunit(junitReport(report).text);
    expect(cases.length).toBe(report.findings.length + 1);
    expect(cases.some(({ name }) => name.includes(']]>\\x00\\x1b[31m\\uffff\\ufffe'))).toBe(true);
  });
});
