/** kubeconform as a peer: built by Go, given our schemas for our kinds. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const VERSION = 'v0.8.0';
const schemas = join(import.meta.dirname, '../schemas');

/** The command line that judges what follows it; undefined where there is no Go to build it with. */
export function kubeconform(work) {
  if (spawnSync('go', ['version']).status !== 0) return undefined;
  const bin = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'iomesh-guard/bin');
  mkdirSync(bin, { recursive: true });
  execFileSync('go', ['install', `github.com/yannh/kubeconform/cmd/kubeconform@${VERSION}`], {
    env: { ...process.env, GOBIN: bin, GOFLAGS: '-mod=mod' },
    stdio: 'inherit',
  });
  const folder = join(work, 'schemas');
  mkdirSync(folder, { recursive: true });
  for (const [ours, theirs] of [
    ['iomeshcluster-1.0', 'iomeshcluster'],
    ['zookeepercluster', 'zookeepercluster'],
    ['connection-configmap', 'configmap'],
    ['storageclass', 'storageclass'],
  ])
    copyFileSync(join(schemas, `${ours}.schema.json`), join(folder, `${theirs}.json`));
  return [
    join(bin, 'kubeconform'),
    '-n',
    '2',
    '-ignore-missing-schemas',
    '-schema-location',
    `${folder}/{{ .ResourceKind }}.json`,
  ];
}
