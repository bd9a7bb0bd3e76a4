import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_CONFIG } from '../src/core/base/config.ts';
import { judgeChange } from '../src/core/judge/judge.ts';
import { type Resource, toResource } from '../src/core/base/model.ts';
import { readManifests } from '../src/manifests/read.ts';
import { KNOWN_KINDS, worldOf } from '../src/manifests/world.ts';
// @ts-expect-error a script without types
import { writeCorpus } from './corpus.mjs';

/** The time to evaluate one CREATE on free nodes, in milliseconds. */
export function judgeTimes(clusters: number, nodes: number): { median: number; p99: number } {
  const folder = mkdtempSync(join(tmpdir(), 'iomesh-guard-judge-'));
  try {
    writeCorpus(folder, clusters);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => readManifests(name, readFileSync(join(folder, name)), { kinds: KNOWN_KINDS }));
    const names = Array.from(
      { length: nodes },
      (_, index) => `worker-${Math.floor(index / 10)}-${index % 10}`,
    );
    const known = ['k8s-worker-0', 'k8s-worker-1', 'k8s-worker-2', ...names].map((name) => ({
      name,
      labels: { 'kubernetes.io/hostname': name },
    }));
    const world = worldOf(files, { ...DEFAULT_CONFIG, nodes: known }, '2026-11-23', 'admission');
    const like = world.all('IOMeshCluster').find((each) => each.ref.name.startsWith('pool-'))!;
    const times: number[] = [];
    for (let turn = 0; turn < 600; turn++) {
      // An object of its own each time: what is derived from one is kept with it.
      const after = newPool(like, turn);
      const began = performance.now();
      judgeChange(world, { after });
      if (turn >= 100) times.push(performance.now() - began);
    }
    times.sort((a, b) => a - b);
    return { median: times[times.length >> 1]!, p99: times[Math.floor(times.length * 0.99)]! };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function newPool(like: Resource, number: number): Resource {
  const text = JSON.stringify(like.json)
    .replaceAll(like.ref.name, `one-more-${number}`)
    .replace(/worker-\d+-(\d)/g, (_, digit: string) => `worker-0-${6 + (Number(digit) % 3)}`);
  return toResource(JSON.parse(text))!;
}
