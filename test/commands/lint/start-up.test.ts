/** What `lint` of one file loads: time before the first line is read is all that a small repository notices. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { baseDocuments } from '../../cases/harness.ts';
import { folderOf, run } from '../../support/run-cli.ts';

const LIST_MODULES = `process.on('exit', () => {
  const names = process.moduleLoadList.filter((each) => each.startsWith('NativeModule '));
  require('node:fs').writeFileSync(process.env.MODULES, names.join('\\n'));
});`;

it('loads no module of Node that takes longer than the work', () => {
  const cwd = folderOf({ 'a.yaml': [...baseDocuments().values()].join('---\n') });
  writeFileSync(join(cwd, 'list.cjs'), LIST_MODULES);
  const modules = join(cwd, 'modules.txt');
  const env = { NODE_OPTIONS: `--require ${join(cwd, 'list.cjs')}`, MODULES: modules };
  expect(run(['lint', 'a.yaml'], { cwd, env })).toMatchObject({ code: 0 });
  const loaded = readFileSync(modules, 'utf8').split('\n');
  expect(loaded).toContain('NativeModule fs');
  for (const name of [
    'crypto',
    'zlib',
    'child_process',
    'http',
    'net',
    'tls',
    'worker_threads',
    'perf_hooks',
    'internal/util/parse_args/parse_args',
  ])
    expect(loaded).not.toContain(`NativeModule ${name}`);
});
