/** The package, installed once, with other releases of Node than the one that built it. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/run-cli.ts';
import { hasNodeReleases, nodeRelease } from './node-releases.ts';
import { serveOne } from './serve.ts';
import { longInput, mayFetch, npm, packTree, temporary } from './tree.ts';

/** Two before and after the change of V8 that made caches incompatible without a sign, and both later lines. */
const SUPPORTED = ['20.19.2', '20.20.0', '20.20.2', '22.23.5', '24.22.3'];
const TOO_OLD = ['6.17.1', '18.20.8'];

const { version, engines, scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
  engines: { node: string };
  scripts: Record<string, string>;
};
const NEEDED = engines.node.replace('>=', '');

let home: string;
const cli = () => join(home, 'dist/cli.js');
const cache = () => join(home, 'dist/main.cache');

/** Runs the installed command with a release of Node, without what the environment says about Node and workflows. */
function guard(node: string, args: readonly string[], program = cli(), env: NodeJS.ProcessEnv = {}) {
  return spawnSync(nodeRelease(node), [program, ...args], {
    cwd: home,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  });
}

/** Fails if a release of Node does not run the command as every other does. */
function expectWorks(node: string): void {
  expect(guard(node, ['--version'])).toMatchObject({ status: 0, signal: null, stdout: `${version}\n` });
  const clean = guard(node, ['lint', 'examples/two-clusters']);
  expect(clean).toMatchObject({ status: 0, signal: null, stderr: '' });
  const broken = guard(node, ['lint', 'examples/broken']);
  expect(broken).toMatchObject({ status: 1, signal: null, stderr: '' });
  expect(broken.stdout).toContain('error[IOM');
}

describe.skipIf(!mayFetch || !hasNodeReleases)('the package', () => {
  beforeAll(() => {
    for (const node of [...SUPPORTED, ...TOO_OLD]) nodeRelease(node);
    const project = temporary('nodes');
    writeFileSync(join(project, 'package.json'), '{"private": true}\n');
    npm(['install', packTree()], project);
    home = join(project, 'node_modules/iomesh-guard');
  }, 600_000);

  it.each(SUPPORTED)(
    'runs with Node %s, without a cache and with that of every other release',
    (writer) => {
      // The first release finds what the package contains, the others the cache of the one before.
      expectWorks(writer);
      rmSync(cache(), { force: true });
      expectWorks(writer);
      expect(readFileSync(cache(), 'latin1')).toMatch(new RegExp(`^v${writer} `));
      // V8 is made to optimize later in these runs, and uses no cache that was made under such flags.
      rmSync(cache());
      const args = ['lint', ...longInput()];
      const long = guard(writer, args);
      expect(long).toMatchObject({ status: 1, stderr: '' });
      const { mtimeMs } = statSync(cache());
      expect(guard(writer, args)).toMatchObject({ status: 1, stdout: long.stdout });
      expect(statSync(cache()).mtimeMs).toBe(mtimeMs);
      const written = temporary('cache');
      copyFileSync(cache(), join(written, 'main.cache'));
      for (const reader of SUPPORTED) {
        copyFileSync(join(written, 'main.cache'), cache());
        expectWorks(reader);
      }
    },
    120_000,
  );

  it.each(SUPPORTED)('serves with Node %s', async (node) => {
    const object = load(
      readFileSync(join(home, 'examples/two-clusters/cluster-1/iomesh.yaml'), 'utf8'),
    ) as Record<string, unknown>;
    const name = 'iomesh-cluster-2';
    const kind = { group: 'iomesh.com', version: 'v1alpha1', kind: 'IOMeshCluster' };
    const resource = { group: 'iomesh.com', version: 'v1alpha1', resource: 'iomeshclusters' };
    const review = {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: {
        uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
        ...{ kind, resource, requestKind: kind, requestResource: resource },
        ...{ name, namespace: name, operation: 'CREATE', userInfo: { username: 'admin' }, dryRun: false },
        object: { ...object, metadata: { name, namespace: name } },
      },
    };
    const answer = await serveOne(
      [nodeRelease(node), cli()],
      join(home, 'examples/two-clusters'),
      JSON.stringify(review),
    );
    expect(answer.status).toBe(200);
    const { response } = JSON.parse(answer.body);
    expect(response.allowed).toBe(false);
    expect(response.status.message).toContain('IOM101');
  });

  it.each(TOO_OLD)('ends with one line and exit code 2 with Node %s', (node) => {
    const line = `iomesh-guard needs Node ${NEEDED} or newer; this is ${node}`;
    for (const args of [['--version'], ['lint', 'examples/broken'], ['serve']])
      expect(guard(node, args)).toMatchObject({ status: 2, stdout: '', stderr: `${line}\n` });
    expect(guard(node, [], cli(), { GITHUB_ACTIONS: 'true' }).stderr).toBe(
      `::error title=iomesh-guard::${line}; add actions/setup-node before this step\n`,
    );
  });

  it('has only scripts that end with one line and exit code 2 with a Node that is too old', () => {
    const commands = [...Object.values(scripts), readFileSync(join(ROOT, 'action.yml'), 'utf8')].flatMap(
      (text) => [...text.matchAll(/\bscripts\/[\w-]+\.mjs/g)].map(([name]) => name),
    );
    expect(commands).toContain('scripts/action.mjs');
    for (const name of new Set(commands))
      expect(guard('18.20.8', [], join(ROOT, name)), name).toMatchObject({
        ...{ status: 2, stdout: '' },
        stderr: `iomesh-guard needs Node ${NEEDED} or newer; this is 18.20.8\n`,
      });
  });
});
