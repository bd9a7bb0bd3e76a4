/** Times whole processes in turn, so that a drift of the machine hits all of them alike. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const env = { ...process.env };
// It adds a tenth of a second to every Node 20 start, and would hide what is measured.
delete env.NODE_EXTRA_CA_CERTS;

/** Runs a command once; seconds of wall time, and what it printed. */
export function run(command, args) {
  const start = process.hrtime.bigint();
  const result = spawnSync(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  return { seconds, status: result.status, stdout: String(result.stdout), stderr: String(result.stderr) };
}

/** Median seconds of several commands, run in turn `rounds` times after one warm-up each. */
export function inTurn(commands, rounds) {
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, [command, ...args]] of Object.entries(commands)) {
      const { seconds } = run(command, args);
      if (round > 0) times[name].push(seconds);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}

export function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Peak resident memory of one run of a Node script in MiB, told by the process itself as it ends. */
export function peakMemory(script, args) {
  const peak = join(import.meta.dirname, 'peak.cjs');
  const { stderr } = run(process.execPath, ['--require', peak, script, ...args]);
  const match = /peak resident KiB: (\d+)/.exec(stderr);
  return match === null ? undefined : Number(match[1]) / 1024;
}
