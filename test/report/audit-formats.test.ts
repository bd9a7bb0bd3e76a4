/** `audit` in every format and with a baseline: findings without a file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ApiServer } from '../support/apiserver.ts';
import { example, startServer } from '../support/cluster.ts';
import { folderOf } from '../support/run-cli.ts';
import { readCommands, readGitlab, readJunit, readSarif, runHere } from '../support/reports.ts';

const FILES = ['0-namespace', 'zookeeper', 'iomesh', 'connection', 'storageclass'].flatMap((file) => [
  `management/${file}.yaml`,
  `cluster-1/${file}.yaml`,
]);

/** Two clusters, of which the second has a node of the first. */
async function overlapping(): Promise<ApiServer> {
  const server = await startServer();
  for (const file of FILES) for (const object of example(file)) server.put(object);
  const [pool] = example('cluster-1/iomesh.yaml');
  server.put(JSON.parse(JSON.stringify(pool).replaceAll('k8s-worker-3', 'k8s-worker-2')));
  return server;
}

const audit = (server: ApiServer, cwd: string, ...args: string[]) =>
  runHere(['audit', '--kubeconfig', server.kubeconfig, ...args], { cwd });

it('reports the same findings in every format', async () => {
  const server = await overlapping();
  const folder = folderOf({});
  const formats = ['json', 'sarif', 'junit', 'github', 'gitlab'];
  const outputs = formats.flatMap((format) => ['--format', format, '--output', format]);
  const { stdout, code } = await audit(server, folder, '--format', 'text', ...outputs);
  expect(code).toBe(1);
  const written = (format: string) => readFileSync(join(folder, format), 'utf8');
  const objects: { kind: string; namespace: string; name: string }[] = JSON.parse(
    written('json'),
  ).findings.map((each: { object: object }) => each.object);
  const number = objects.length;
  expect(number).toBeGreaterThan(0);
  expect(stdout.match(/^(error|warning)\[/gm)?.length).toBe(number);

  const paths = objects.map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`);
  const { results } = readSarif(written('sarif')).runs[0];
  expect(results.map((each: SarifResult) => each.locations[0].physicalLocation.artifactLocation.uri)).toEqual(
    paths,
  );
  expect(readGitlab(written('gitlab')).map(({ location }) => location.path)).toEqual(paths);
  expect((await readJunit(written('junit'))).map(({ suite }) => suite)).toEqual(
    objects.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`),
  );
  const { commands } = readCommands(written('github'));
  expect(commands.map(({ message }) => message.split(', ')[0]).toSorted()).toEqual(
    objects.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`).toSorted(),
  );
  for (const { properties } of commands) expect(properties['file']).toBeUndefined();
});

interface SarifResult {
  readonly locations: [
    { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } },
  ];
}

it('matches its findings with a baseline, and keeps entries of kinds that it cannot list', async () => {
  const server = await overlapping();
  const folder = folderOf({});
  expect((await audit(server, folder, '--write-baseline')).code).toBe(0);
  const file = join(folder, 'iomesh-guard-baseline.json');
  const before = readFileSync(file, 'utf8');
  const again = await audit(server, folder, '--baseline', 'iomesh-guard-baseline.json');
  expect(again.stdout).toMatch(/^no new findings in 10 objects; \d+ in the baseline\n$/);
  expect(again.stderr).toMatch(/^note: audited [^\n]*\n$/);
  expect(again.code).toBe(0);

  // The overlap is fixed, but without Nodes this is not certain.
  for (const object of example('cluster-1/iomesh.yaml')) server.put(object);
  server.forbidden.add('nodes');
  const partial = await audit(server, folder, '--write-baseline');
  expect(partial.stderr).toContain('kept in iomesh-guard-baseline.json, because nodes could not be read');
  expect(readFileSync(file, 'utf8')).toBe(before);
  server.forbidden.delete('nodes');
  expect((await audit(server, folder, '--write-baseline')).stderr).toContain('0 new, 0 changed, 2 removed');
  expect(JSON.parse(readFileSync(file, 'utf8')).findings).toEqual([]);
});
