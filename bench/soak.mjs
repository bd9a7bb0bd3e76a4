/**
 * Two replicas as deploy/ installs them, at a real kube-apiserver, for a long time: mixed changes, watches that are cut
 * every minute, a replica that is killed every five. Afterwards each answer is compared with what was stored: an
 * admitted change must be one that the rules allow in the world it was stored into, a denied one must be one that they
 * deny in a world between its request and its answer. Fails on a wrong or a missing answer, but for those in a replica
 * that was killed.
 *
 *   node bench/soak.mjs [--seconds S] [--rate R]     1800, and 10 changes a second, if not given
 *
 * Needs the control plane of the end-to-end tests; see test/e2e/README.md.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadInPlace } from './in-place.mjs';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: Object.fromEntries(['seconds', 'rate'].map((name) => [name, { type: 'string' }])),
});
const number = (name, otherwise) => Number(values[name] ?? otherwise);

execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
const { soak } = await loadInPlace('bench/soak/run.ts');
const { wrong, unanswered } = await soak({
  seconds: number('seconds', 1800),
  rate: number('rate', 10),
  tell: (line) => console.log(line),
});
process.exit(wrong + unanswered === 0 ? 0 : 1);
