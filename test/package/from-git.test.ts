/** Installing straight from git: npm clones, installs what the build needs, and builds. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cloneTree, commitAll, mayFetch, npm, temporary } from './tree.ts';

describe.skipIf(!mayFetch)('npm, given the git repository', () => {
  it('installs it into a project', () => {
    const guard = cloneTree();
    commitAll(guard, 'v0.1.0');
    const project = temporary('project');
    writeFileSync(join(project, 'package.json'), '{"private": true}\n');
    npm(['install', '--save-dev', `git+file://${guard}#v0.1.0`], project, {
      npm_config_offline: 'false',
      npm_config_prefer_offline: 'true',
    });
    const { stdout, status } = spawnSync('npx', ['iomesh-guard', '--version'], {
      cwd: project,
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, '0.1.0\n']);
  }, 600_000);
});
