/** GitLab Code Quality. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitlabReport } from '../../src/report/gitlab.ts';
import { folderOf } from '../support/run-cli.ts';
import { BROKEN, CLEAN, liveReport, readGitlab, runHere } from '../support/reports.ts';

const gitlab = async (args: readonly string[], cwd?: string, env: Record<string, string> = {}) =>
  readGitlab(
    (await runHere(['lint', '--format', 'gitlab', ...args], { env, ...(cwd === undefined ? {} : { cwd }) }))
      .stdout,
  );

describe('a Code Quality report', () => {
  it('is an empty list without findings', async () => {
    expect(await gitlab([CLEAN])).toEqual([]);
  });

  it('has a unique fingerprint for each finding that is stable when lines move', async () => {
    const folder = folderOf({});
    cpSync(BROKEN, folder, { recursive: true });
    const before = await gitlab(['.'], folder);
    expect(new Set(before.map((each) => each.fingerprint)).size).toBe(before.length);
    for (const file of ['pool/iomesh.yaml', 'pool/connection.yaml', 'pool/pvc.yaml']) {
      const path = join(folder, file);
      writeFileSync(path, `# moved\n\n${readFileSync(path, 'utf8')}`);
    }
    const after = await gitlab(['.'], folder);
    expect(after.map((each) => each.fingerprint)).toEqual(before.map((each) => each.fingerprint));
    expect(after.map((each) => each.location.lines.begin)).not.toEqual(
      before.map((each) => each.location.lines.begin),
    );
  });

  it('has severities of GitLab, and paths from the root of the project', async () => {
    const folder = folderOf({});
    cpSync(BROKEN, join(folder, 'deploy'), { recursive: true });
    mkdirSync(join(folder, '.git'));
    for (const issues of [
      await gitlab(['./deploy'], folder),
      await gitlab(['.'], join(folder, 'deploy')),
      await gitlab(['.'], join(folder, 'deploy'), { CI_PROJECT_DIR: folder }),
    ]) {
      expect(issues.length).toBeGreaterThan(20);
      for (const { severity, location, check_name: rule } of issues) {
        expect(['critical', 'minor']).toContain(severity);
        expect(location.path).toMatch(/^deploy\/(pool|management)\//);
        expect(location.lines.end).toBeGreaterThanOrEqual(location.lines.begin);
        expect(rule).toMatch(/^IOM\d{3}$/);
      }
    }
  });

  it('has the object instead of a file for a live cluster', () => {
    const name = 'a\n::x';
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'ns', name },
      data: { clusterId: 'x', iscsiPortal: 'y', metaAddr: 'z' },
    };
    const issues = readGitlab(gitlabReport(liveReport([object])).text);
    expect(issues.length).toBeGreaterThan(1);
    for (const { location, description } of issues) {
      expect(location).toEqual({ path: 'ConfigMap/ns/a\\n::x', lines: { begin: 1, end: 1 } });
      expect(description).not.toContain('\n');
    }
  });
});
