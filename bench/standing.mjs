/**
 * What the standing findings cost: the time and memory of a pass over 1 000 clusters, 10 000 nodes and 5 000 claims,
 * and the time of the same reviews with and without passes, each in a process of its own. Pairs alternate. Prints
 * figures; never fails.
 *
 *   node bench/standing.mjs [--pairs N] [--seconds N] [--rate N]     3 pairs of 40 seconds, 5 reviews a second
 */
import { execFileSync, fork, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request as httpsRequest, Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadAll } from 'js-yaml';
import { load } from '../scripts/bundle.mjs';
import { writeCorpus } from './corpus.mjs';
import { imageEnv, imageFlags } from './image-flags.mjs';
import { percentile } from './load.mjs';
import { median } from './measure.mjs';
import { residentMemory } from './resident-memory.mjs';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '40' },
    rate: { type: 'string', default: '5' },
  },
});
const [CLUSTERS, NODES, CLAIMS] = [1000, 10_000, 5000];
/** Replaces the thread of the passes by one that never answers. */
const NO_WORKER = `data:text/javascript,${encodeURIComponent(`
  import threads from 'node:worker_threads';
  import { EventEmitter } from 'node:events';
  threads.Worker = class extends EventEmitter {
    postMessage() {}
    unref() {}
    terminate() {}
  };
`)}`;
const root = join(import.meta.dirname, '..');

await (process.send === undefined ? main() : beApiserver());

/** The apiserver, in a process of its own. An object changes every six seconds. */
async function beApiserver() {
  const { ApiServer } = await load('test/support/apiserver.ts');
  const server = await ApiServer.start();
  const folder = mkdtempSync(join(tmpdir(), 'iomesh-guard-standing-'));
  writeCorpus(folder, CLUSTERS);
  const kinds = new Set(['IOMeshCluster', 'ZookeeperCluster', 'ConfigMap', 'StorageClass']);
  const classes = [];
  const clusters = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((each) =>
    each.endsWith('.yaml'),
  ))
    for (const object of loadAll(readFileSync(join(folder, name), 'utf8'))) {
      if (!kinds.has(object?.kind)) continue;
      server.put(object);
      if (object.kind === 'StorageClass') classes.push(object.metadata.name);
      if (object.kind === 'IOMeshCluster') clusters.push(object);
    }
  rmSync(folder, { recursive: true });
  const node = (number) => {
    const name =
      number < 3 ? `k8s-worker-${number}` : `worker-${Math.floor((number - 3) / 10)}-${(number - 3) % 10}`;
    server.put({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    });
  };
  for (let each = 0; each < NODES; each++) node(each);
  for (let each = 0; each < CLAIMS; each++) {
    const storageClassName = classes[each % classes.length];
    const claimRef = { namespace: `team-${each % 100}`, name: `claim-${each}` };
    server.put({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: claimRef,
      spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      status: { phase: 'Bound' },
    });
    server.put({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `pv-${each}` },
      spec: { storageClassName, claimRef, csi: { driver: 'com.iomesh.csi-driver', volumeAttributes: {} } },
      status: { phase: 'Bound' },
    });
  }
  // A pass begins five seconds after each change. No rule reads this one, so reviews are as fast as before.
  let turn = 0;
  setInterval(() => server.put(otherClass(turn++)), 6000);
  process.send({ kubeconfig: server.kubeconfig, clusters: clusters.slice(-50) });
}

/** A StorageClass of other storage. */
function otherClass(turn) {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'other', labels: { turn: `t${turn}` } },
    provisioner: 'example.com/other',
  };
}

async function main() {
  const apiserver = fork(import.meta.filename, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const { kubeconfig, clusters } = await new Promise((resolve) => apiserver.once('message', resolve));
  const certs = mkdtempSync(join(tmpdir(), 'iomesh-guard-certs-'));
  execFileSync(process.execPath, [join(root, 'scripts/certs.mjs'), certs]);
  try {
    const ratios = [];
    for (let pair = 0; pair < Number(values.pairs); pair++) {
      const p99 = {};
      for (const evaluates of pair % 2 === 0 ? [false, true] : [true, false])
        p99[evaluates] = await measure(evaluates, kubeconfig, certs, clusters);
      ratios.push(p99.true / p99.false);
    }
    console.log(
      `p99 with passes / without: ${median(ratios).toFixed(2)} (median of ${ratios.map((each) => each.toFixed(2)).join(', ')})`,
    );
  } finally {
    apiserver.kill('SIGKILL');
    rmSync(certs, { recursive: true });
  }
}

/** Starts `serve`, sends reviews and prints their times. Returns the 99th percentile. */
async function measure(evaluates, kubeconfig, certs, clusters) {
  const guard = spawn(
    process.execPath,
    [
      ...imageFlags,
      ...(evaluates ? [] : ['--import', NO_WORKER]),
      join(root, 'dist/cli.js'),
      'serve',
      ...['--kubeconfig', kubeconfig, '--cert-dir', certs],
      ...['--host', '127.0.0.1', '--port', '0', '--health-port', '0'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: imageEnv },
  );
  try {
    const ports = await new Promise((resolve) => {
      createInterface(guard.stdout).on('line', (line) => {
        const entry = JSON.parse(line);
        if (entry.msg === 'serving') resolve(entry);
      });
    });
    const metric = async (name) => {
      const text = await (await fetch(`http://127.0.0.1:${ports.healthPort}/metrics`)).text();
      return Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.slice(name.length) ?? 0,
      );
    };
    const passes = () => metric('iomesh_guard_standing_passes_total{result="done"}');
    const duration = async () => (await metric('iomesh_guard_standing_duration_seconds')).toFixed(2);
    while (evaluates && (await passes()) === 0) await sleep(500);
    const first = evaluates ? `first pass ${await duration()} s, ` : '';
    // The first reviews compile the code and build the indexes.
    while ((await reviews(ports.port, clusters, 2)).some((time) => time > 1000));
    const before = await passes();
    const times = await reviews(ports.port, clusters, Number(values.seconds));
    const [p50, p99] = [0.5, 0.99].map((share) => percentile(times, share));
    const done = evaluates ? `${(await passes()) - before} passes of ${await duration()} s, ` : '';
    console.log(
      `${evaluates ? 'with' : 'without'} passes: ${first}${done}p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms of ${times.length} reviews, at most ${residentMemory(guard.pid).peak} MB`,
    );
    return p99;
  } finally {
    guard.kill('SIGKILL');
  }
}

/** The times of reviews at a constant rate, in milliseconds. */
async function reviews(port, clusters, seconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: 10, rejectUnauthorized: false });
  const times = [];
  const sent = [];
  const interval = 1000 / Number(values.rate);
  const began = performance.now();
  for (let each = 0; each * interval < seconds * 1000; each++) {
    await sleep(Math.max(0, began + each * interval - performance.now()));
    const oldObject = clusters[each % clusters.length];
    const labels = { ...oldObject.metadata.labels, turn: `t${each}` };
    const object = { ...oldObject, metadata: { ...oldObject.metadata, labels } };
    sent.push(one(agent, port, object, oldObject).then((time) => times.push(time)));
  }
  await Promise.all(sent);
  agent.destroy();
  return times;
}

function one(agent, port, object, oldObject) {
  const body = JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: `${object.metadata.name}-${object.metadata.labels.turn}`,
      kind: { group: 'iomesh.com', version: 'v1alpha1', kind: 'IOMeshCluster' },
      resource: { group: 'iomesh.com', version: 'v1alpha1', resource: 'iomeshclusters' },
      operation: 'UPDATE',
      name: object.metadata.name,
      namespace: object.metadata.namespace,
      userInfo: { username: 'bench' },
      object,
      oldObject,
    },
  });
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const call = httpsRequest(
      {
        host: '127.0.0.1',
        port,
        path: '/validate',
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json' },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(performance.now() - began));
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}
