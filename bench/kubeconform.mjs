/** kubeconform as a peer: built by Go, with our schemas for the two custom resources. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildGoProgram } from './go-program.mjs';

const root = join(import.meta.dirname, '..');

/** The command line that checks the paths after it; undefined if there is no Go to build it with. */
export function kubeconform() {
  const program = buildGoProgram('github.com/yannh/kubeconform/cmd/kubeconform', 'v0.8.0');
  if (program === undefined) return undefined;
  const location = join(
    root,
    'schemas/kubeconform/{{ .Group }}/{{ .ResourceKind }}_{{ .ResourceAPIVersion }}.json',
  );
  const command = [program, '-n', '2', '-ignore-missing-schemas', '-schema-location', location];
  // It silently skips a schema that it cannot compile.
  const { stdout } = spawnSync(command[0], [
    ...command.slice(1),
    '-summary',
    join(root, 'examples/two-clusters'),
  ]);
  if (!String(stdout).includes('Valid: 4,')) throw new Error(`kubeconform checks nothing: ${stdout}`);
  return command;
}
