/** kubeconform as a peer: built by Go, with our schemas for the two custom resources. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const VERSION = 'v0.8.0';
const root = join(import.meta.dirname, '..');

/** The command line that checks the paths after it; undefined if there is no Go to build it with. */
export function kubeconform() {
  if (spawnSync('go', ['version']).status !== 0) return undefined;
  const bin = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'iomesh-guard/bin');
  mkdirSync(bin, { recursive: true });
  execFileSync('go', ['install', `github.com/yannh/kubeconform/cmd/kubeconform@${VERSION}`], {
    env: { ...process.env, GOBIN: bin, GOFLAGS: '-mod=mod' },
    stdio: 'inherit',
  });
  const location = join(
    root,
    'schemas/kubeconform/{{ .Group }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json',
  );
  const command = [
    join(bin, 'kubeconform'),
    '-n',
    '2',
    '-ignore-missing-schemas',
    '-schema-location',
    location,
  ];
  // It silently skips a schema that it cannot compile.
  const { stdout } = spawnSync(command[0], [
    ...command.slice(1),
    '-summary',
    join(root, 'examples/two-clusters'),
  ]);
  if (!String(stdout).includes('Valid: 4,')) throw new Error(`kubeconform checks nothing: ${stdout}`);
  return command;
}
