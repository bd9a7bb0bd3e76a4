/**
 * Conflicting pairs of clusters, both of a pair applied at the same moment to a real kube-apiserver, through
 * several replicas as deploy/ installs them. Prints how many pairs were both stored, which must be none, and of
 * how many one or neither got in. Fails where both did.
 *
 *   node bench/race.mjs [--pairs N] [--seconds S] [--replicas R] [--at-once P]     10000, 600, 3, 8 if not given
 *
 * With --rotate the secret path is replaced every two minutes and a half, in place of every hour.
 *
 * Needs the control plane of the end-to-end tests; see test/e2e/README.md.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadInPlace } from './in-place.mjs';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    ...Object.fromEntries(
      ['pairs', 'seconds', 'replicas', 'at-once'].map((name) => [name, { type: 'string' }]),
    ),
    rotate: { type: 'boolean', default: false },
  },
});
const number = (name, otherwise) => Number(values[name] ?? otherwise);

execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
const { race } = await loadInPlace('bench/race-run.ts');
const { both } = await race({
  pairs: number('pairs', 10_000),
  seconds: number('seconds', 600),
  replicas: number('replicas', 3),
  atOnce: number('at-once', 8),
  rotate: values.rotate,
  tell: (line) => console.log(line),
});
process.exit(both === 0 ? 0 : 1);
