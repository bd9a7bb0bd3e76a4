/** A directory as the world: what an operator sees when it changes, breaks, goes away and comes back. */
import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import { FileWorld } from '../../src/world-files/file-world.ts';
import { Metrics } from '../../src/webhook/metrics.ts';
import { metric } from './support.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples/two-clusters');

let root: string;
let folder: string;
let now = 0;
let metrics: Metrics;
let lines: Record<string, unknown>[];
let world: FileWorld | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'iomesh-guard-world-'));
  folder = join(root, 'world');
  cpSync(EXAMPLES, folder, { recursive: true });
  now = 0;
  metrics = new Metrics(() => now);
  lines = [];
});
afterEach(() => {
  world?.close();
  rmSync(root, { recursive: true, force: true });
});

async function open(): Promise<FileWorld> {
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const today = () => '2026-11-28';
  world = await FileWorld.open({ folder, config: DEFAULT_CONFIG, metrics, logger, today, pollMs: 20 });
  return world;
}

const said = () => lines.map(({ msg }) => msg);
const age = () => metric(metrics, 'iomesh_guard_world_age_seconds');
const reloads = (result: string) => metric(metrics, 'iomesh_guard_world_reloads_total', { result });
const clusters = () => world!.current().count('IOMeshCluster');

it('a file that is broken keeps the last good world, and says where, once', async () => {
  await open();
  expect([world!.ready, clusters()]).toEqual([true, 2]);
  const broken = join(folder, 'broken.yaml');
  writeFileSync(broken, 'a: [\n');
  await expect.poll(() => reloads('failed')).toBe(1);
  now += 60_000;
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect([world!.ready, clusters(), await reloads('failed')]).toEqual([true, 2, 1]);
  expect(lines.at(-1)).toMatchObject({
    msg: 'world not loaded; the last good world stays',
    reason: expect.stringMatching(/broken\.yaml:\d+:\d+: /),
  });
  expect(await age()).toBe(60);
  rmSync(broken);
  await expect.poll(() => reloads('loaded')).toBe(2);
  expect(await age()).toBe(0);
});

it('a directory that goes away and comes back as it was is believed again, each time', async () => {
  await open();
  for (const times of [1, 2]) {
    renameSync(folder, `${folder}-away`);
    await expect.poll(() => reloads('failed')).toBe(times);
    expect([world!.ready, clusters()]).toEqual([true, 2]);
    now += 60_000;
    renameSync(`${folder}-away`, folder);
    await expect.poll(age).toBe(0);
    expect(said().filter((each) => each === 'world found unchanged')).toHaveLength(times);
  }
  expect(await reloads('loaded')).toBe(1);
});

it('is not ready before there was a good world', async () => {
  writeFileSync(join(folder, 'broken.yaml'), 'a: [\n');
  await open();
  expect(world!.ready).toBe(false);
  expect(() => world!.current()).toThrow(/cannot verify: .*broken\.yaml/);
  rmSync(join(folder, 'broken.yaml'));
  await expect.poll(() => world!.ready).toBe(true);
  expect(clusters()).toBe(2);
});
