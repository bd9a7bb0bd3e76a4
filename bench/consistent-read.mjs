/**
 * How long a consistent list takes at a real kube-apiserver, beside the GET of one object in the same run:
 * with nothing written before it, and after a write of another kind. Since 1.31 an apiserver answers such
 * a list from its watch cache, once etcd has told it that the cache is up to date; it asks every 100 ms.
 * That is most of what an admission waits for. Prints ratios; never fails. Needs Go, or KUBEBUILDER_ASSETS
 * (test/e2e/README.md).
 *
 *   node bench/consistent-read.mjs [--times N]     120 if not given
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { load } from '../scripts/bundle.mjs';
import { percentile } from './load.mjs';

const { values } = parseArgs({ options: { times: { type: 'string', default: '120' } } });
const times = Number(values.times);

/** As many kinds as one judgement reads; these an apiserver has by itself. */
const LISTS = [
  '/apis/storage.k8s.io/v1/storageclasses',
  '/api/v1/configmaps',
  '/api/v1/namespaces',
  '/api/v1/serviceaccounts',
  '/api/v1/nodes',
].map((path) => `${path}?limit=2000`);

const { findKubernetes } = await load('test/e2e/support/kubernetes.ts');
const { startControlPlane } = await load('test/e2e/support/control-plane.ts');
const found = await findKubernetes(process.env, (line) => console.error(line));
if ('missing' in found) throw new Error(found.missing);
for (const kubernetes of found) {
  const plane = await startControlPlane({ kubernetes });
  try {
    await measure(plane, kubernetes.release);
  } finally {
    await plane.stop();
  }
}

async function measure({ api }, release) {
  const call = async (method, path, body) => {
    const { status } = await api.call(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status}`);
  };
  let written = 0;
  const write = () =>
    call('POST', '/api/v1/namespaces/default/secrets', { metadata: { name: `written-${written++}` } });
  const nothing = async () => {};
  const get = () => call('GET', '/api/v1/namespaces/default');
  const one = () => call('GET', LISTS[0]);
  const all = () => Promise.all(LISTS.map((path) => call('GET', path)));

  console.log(`Kubernetes ${release}, ${times} calls each, at random moments:`);
  let floor;
  for (const [what, before, read] of [
    ['GET of one object, after a write', write, get],
    ['one list, nothing written', nothing, one],
    ['one list, after a write', write, one],
    [`${LISTS.length} lists at once, nothing written`, nothing, all],
    [`${LISTS.length} lists at once, after a write`, write, all],
  ]) {
    const taken = [];
    for (let turn = 0; turn < times; turn++) {
      await before();
      const began = performance.now();
      await read();
      taken.push(performance.now() - began);
      // Else each would begin where the last one ended: when the apiserver has just asked.
      await sleep(Math.random() * 150);
    }
    const [middle, last] = [percentile(taken, 0.5), percentile(taken, 0.99)];
    floor ??= middle;
    console.log(
      `  ${what.padEnd(34)} median ${middle.toFixed(1).padStart(6)} ms (${(middle / floor).toFixed(1)} ×), p99 ${last.toFixed(1).padStart(6)} ms`,
    );
  }
}
