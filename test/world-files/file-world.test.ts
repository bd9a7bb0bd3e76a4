/** A directory as the world: how it changes, becomes invalid, disappears and comes back. */
import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/core/base/config.ts';
import { Metrics } from '../../src/webhook/metrics.ts';
import { FileWorld } from '../../src/world-files/file-world.ts';
import { metric } from '../support/webhook.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples/two-clusters');

let root: string;
let folder: string;
let now: number;
let metrics: Metrics;
let lines: Record<string, unknown>[];
let world: FileWorld | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'iomesh-guard-world-'));
  folder = join(root, 'world');
  cpSync(EXAMPLES, folder, { recursive: true });
  now = 0;
  today = '2026-11-28';
  metrics = new Metrics(() => now);
  lines = [];
});
afterEach(() => {
  world?.close();
  rmSync(root, { recursive: true, force: true });
});

let today: string;

async function open(): Promise<FileWorld> {
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  world = await FileWorld.open({
    folder,
    config: DEFAULT_CONFIG,
    observer: metrics,
    logger,
    today: () => today,
    pollMs: 20,
  });
  return world;
}

const said = () => lines.map(({ msg }) => msg);
const age = () => metric(metrics, 'iomesh_guard_world_age_seconds');
const reloads = (result: string) => metric(metrics, 'iomesh_guard_world_reloads_total', { result });
const clusters = () => world!.current().count('IOMeshCluster');

it('keeps the last valid world and logs the place of a syntax error once', async () => {
  await open();
  expect([world!.ready, clusters()]).toEqual([true, 2]);
  const broken = join(folder, 'broken.yaml');
  writeFileSync(broken, 'a: [\n');
  await expect.poll(() => reloads('failed')).toBe(1);
  now += 60_000;
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect([world!.ready, clusters(), await reloads('failed')]).toEqual([true, 2, 1]);
  expect(lines.at(-1)).toMatchObject({
    msg: 'world not loaded; keeping the last valid world',
    reason: expect.stringMatching(/broken\.yaml:\d+:\d+: /),
  });
  expect(await age()).toBe(60);
  rmSync(broken);
  await expect.poll(() => reloads('loaded')).toBe(2);
  expect(await age()).toBe(0);
});

it('uses the directory again each time that it disappears and comes back unchanged', async () => {
  await open();
  for (const times of [1, 2]) {
    renameSync(folder, `${folder}-away`);
    await expect.poll(() => reloads('failed')).toBe(times);
    expect([world!.ready, clusters()]).toEqual([true, 2]);
    now += 60_000;
    renameSync(`${folder}-away`, folder);
    await expect.poll(age).toBe(0);
    expect(said().filter((each) => each === 'world readable again; unchanged')).toHaveLength(times);
  }
  expect(await reloads('loaded')).toBe(1);
});

it('is not ready before the first valid world', async () => {
  writeFileSync(join(folder, 'broken.yaml'), 'a: [\n');
  await open();
  expect(world!.ready).toBe(false);
  expect(() => world!.current()).toThrow(/cannot verify: .*broken\.yaml/);
  rmSync(join(folder, 'broken.yaml'));
  await expect.poll(() => world!.ready).toBe(true);
  expect(clusters()).toBe(2);
});

it('reads again what changed during the read', async () => {
  const name = join(folder, 'a.yaml');
  writeFileSync(name, 'apiVersion: v1\nkind: Node\nmetadata: {name: before}\n');
  const opening = open();
  // The first file has been read now, the others have not.
  await setImmediate();
  writeFileSync(name, 'apiVersion: v1\nkind: Node\nmetadata: {name: now}\n');
  await opening;
  expect([world!.ready, await reloads('loaded')]).toEqual([false, undefined]);
  await expect.poll(() => world!.ready).toBe(true);
  expect(world!.current().all('Node')).toMatchObject([{ ref: { name: 'now' } }]);
});

it('evaluates waivers with the current day when no file changed', async () => {
  await open();
  expect(world!.current().today).toBe('2026-11-28');
  today = '2026-11-29';
  expect(world!.current().today).toBe('2026-11-29');
  expect(clusters()).toBe(2);
});
