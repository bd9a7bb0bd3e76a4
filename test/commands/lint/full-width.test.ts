/** Full-width signs, as Chinese input methods write them, are named at their place. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, ROOT, run } from '../../support/run-cli.ts';

function lintWith(name: string, from: string | RegExp, to: string) {
  const cwd = folderOf({});
  cpSync(join(ROOT, 'examples/two-clusters'), cwd, { recursive: true });
  const text = readFileSync(join(cwd, name), 'utf8');
  expect(text).toMatch(from);
  writeFileSync(join(cwd, name), text.replace(from, to));
  return run(['lint', '.'], { cwd });
}

describe('a full-width sign', () => {
  it.each([
    ['colon without a space', 'apiVersion: v1', 'apiVersion：v1', '1:11', 'full-width colon (U+FF1A)'],
    ['colon with a space', 'clusterId: k8s', 'clusterId： k8s', '7:12', 'full-width colon (U+FF1A)'],
  ])('is the syntax error: %s', (_, from, to, place, message) => {
    const { stdout, code } = lintWith('cluster-1/connection.yaml', from, to);
    expect(code).toBe(1);
    expect(stdout).toContain(
      `error[IOM001] yaml-syntax: ${message}\n --> cluster-1/connection.yaml:${place}\n`,
    );
    expect(stdout).toContain('= help: write ":"');
    expect(stdout.match(/^error/gm)?.length).toBe(1);
  });

  it('is named where it is part of a value', () => {
    const quotes = lintWith(
      'cluster-1/connection.yaml',
      'iscsiPortal: 127.0.0.1:3260',
      'iscsiPortal: “127.0.0.1:3260”',
    );
    expect(quotes.stdout).toContain('IOM202');
    expect(quotes.stderr).toBe(
      "note: cluster-1/connection.yaml:8:16: curly quotation mark (U+201C); write '\"'\n",
    );
    const comma = lintWith(
      'cluster-1/iomesh.yaml',
      /values:\n +- k8s-worker-3\n +- k8s-worker-4\n +- k8s-worker-5/,
      'values: [k8s-worker-3，k8s-worker-4]',
    );
    expect(comma.code).toBe(1);
    expect(comma.stderr).toMatch(
      /^note: cluster-1\/iomesh\.yaml:\d+:\d+: full-width comma \(U\+FF0C\); write ","$/m,
    );
  });

  it('may be in a comment and in a text', () => {
    const { stdout, stderr } = lintWith(
      'cluster-1/connection.yaml',
      'kind: ConfigMap',
      'kind: ConfigMap # 注释：，',
    );
    expect([stdout, stderr]).toEqual(['no findings in 10 files (10 documents, 10 objects)\n', '']);
    const error = lintWith('cluster-1/connection.yaml', 'kind: ConfigMap', '# 注释：，\nkind: [ # ，');
    expect(error.stdout).not.toContain('full-width');
  });
});
