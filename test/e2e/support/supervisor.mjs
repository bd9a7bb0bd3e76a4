/**
 * Runs etcd and kube-apiserver as two programs while standard input is open. The program in ../control-plane runs
 * them in one process.
 * Usage: node supervisor.mjs ETCD KUBE-APISERVER -etcd-dir DIR -etcd-client URL -etcd-peer URL -- KUBE-APISERVER FLAGS
 */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const [etcd, apiserver, , dir, , client, , peer, , ...flags] = process.argv.slice(2);
const children = [];

process.stdin.resume();
process.stdin.once('end', () => end(0));
process.stdin.once('error', () => end(0));
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => end(0));

run(etcd, [
  '--name=test',
  `--data-dir=${dir}`,
  `--listen-client-urls=${client}`,
  `--advertise-client-urls=${client}`,
  `--listen-peer-urls=${peer}`,
  `--initial-advertise-peer-urls=${peer}`,
  `--initial-cluster=test=${peer}`,
  '--log-level=error',
  '--unsafe-no-fsync',
]);
while (!(await isHealthy())) await sleep(25);
run(apiserver, [...flags, `--etcd-servers=${client}`]);

function run(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  children.push(child);
  child.once('error', (error) => {
    process.stderr.write(`${program}: ${error.message}\n`);
    end(1);
  });
  child.once('exit', (code, signal) => {
    process.stderr.write(`${program} ended with ${signal ?? code}\n`);
    end(1);
  });
}

async function isHealthy() {
  try {
    return (await fetch(`${client}/health`)).ok;
  } catch {
    return false;
  }
}

/** Kills both: the data is not needed any more. */
function end(code) {
  for (const child of children) child.kill('SIGKILL');
  process.exit(code);
}
