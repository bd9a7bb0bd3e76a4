/** Many reviews at the same time: bounded memory, and an error for failurePolicy. */
import { setTimeout as sleep } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
import { describe, expect, it } from 'vitest';
import type { World } from '../../src/core/world.ts';
import { type ByteHolder, ByteSemaphore, limitBodies } from '../../src/webhook/body-limits.ts';
import { caseText, readWorld } from '../cases/harness.ts';
import { collectGarbage } from '../support/garbage.ts';
import { appFor, reviewOf } from '../support/webhook.ts';

const NEVER = new AbortController().signal;

/** A holder whose body is read completely. */
const finished = (bytes: number): ByteHolder => ({ bytes, isUnfinished: () => false, giveUp: () => {} });

describe('the semaphore', () => {
  it('serves small waiters first, and those of one size in the order in which they ask', async () => {
    const semaphore = new ByteSemaphore(10);
    const order: string[] = [];
    const enter = async (name: string, bytes: number) => {
      const release = await semaphore.acquire(finished(bytes), NEVER);
      order.push(name);
      return release;
    };
    const first = await enter('first', 10);
    const large = enter('large', 8);
    const small = enter('small', 4);
    const smallToo = enter('small too', 4);
    await sleep(10);
    expect(order).toEqual(['first']);
    first();
    for (const each of [small, smallToo, large]) (await each)();
    expect(order).toEqual(['first', 'small', 'small too', 'large']);
  });

  it('gives room at once, but not past others who wait', async () => {
    const semaphore = new ByteSemaphore(10);
    const release = semaphore.tryAcquire(finished(6));
    expect(semaphore.tryAcquire(finished(5))).toBeUndefined();
    const waiting = semaphore.acquire(finished(5), NEVER);
    expect(semaphore.tryAcquire(finished(4))).toBeUndefined();
    release?.();
    (await waiting)();
    expect(semaphore.tryAcquire(finished(10))).toBeDefined();
  });

  it('removes a waiter whose signal aborts and serves the next one', async () => {
    const semaphore = new ByteSemaphore(10);
    const release = await semaphore.acquire(finished(5), NEVER);
    const controller = new AbortController();
    const late = semaphore.acquire(finished(8), controller.signal);
    const next = semaphore.acquire(finished(5), NEVER);
    controller.abort(new Error('late'));
    await expect(late).rejects.toThrow('late');
    (await next)();
    release();
    (await semaphore.acquire(finished(10), NEVER))();
  });
});

it('leaves nothing of what was released to a collection of the whole heap', () => {
  const oldGeneration = () =>
    getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space')!.space_used_size;
  const semaphore = new ByteSemaphore(10);
  const releases: (() => void)[] = [];
  const turn = () => {
    if (releases.length === 10) releases.shift()!();
    const body = Array.from({ length: 256 }, () => Math.random());
    releases.push(semaphore.tryAcquire({ ...finished(1), isUnfinished: () => body.length === 0 })!);
  };
  const turns = (count: number) => {
    for (let index = 0; index < count; index++) {
      turn();
      if (index % 30 === 0) collectGarbage({ type: 'minor' });
    }
  };
  turns(10);
  // What is kept for all of its life gets into the old generation.
  for (let index = 0; index < 3; index++) collectGarbage({ type: 'minor' });
  const before = oldGeneration();
  turns(3000);
  // The bodies together have 6 MB.
  expect(oldGeneration() - before).toBeLessThan(1_000_000);
});

describe('a semaphore in which somebody waits', () => {
  it('takes bytes back from the oldest unfinished holder, and from no other', async () => {
    const semaphore = new ByteSemaphore(12);
    const gone: string[] = [];
    const unfinished = async (name: string, bytes: number) => {
      const release = await semaphore.acquire(
        {
          bytes,
          isUnfinished: () => true,
          giveUp() {
            gone.push(name);
            release();
          },
        },
        NEVER,
      );
    };
    await semaphore.acquire(finished(4), NEVER);
    await unfinished('oldest', 4);
    await unfinished('second', 4);
    await sleep(600);
    expect(gone).toEqual([]);
    (await semaphore.acquire(finished(3), AbortSignal.timeout(5000)))();
    expect(gone).toEqual(['oldest']);
  });
});

describe('large reviews', () => {
  const world = readWorld(caseText({ name: 'server' }), { name: 'server' });
  const subject = world.all('ConfigMap')[0]!;
  const payload = JSON.stringify(
    reviewOf({ after: { ...subject, json: { ...subject.json, notes: 'x'.repeat(600 * 1024) } } }),
  );
  const small = JSON.stringify(reviewOf({ after: subject }));

  function started() {
    let open: (world: World) => void = () => {};
    let asked = 0;
    const current = () => {
      asked += 1;
      return asked > 1 ? world : new Promise<World>((resolve) => (open = resolve));
    };
    const { app } = appFor({ ready: true, current });
    limitBodies(app, { large: 1024 * 1024, small: 1024 * 1024 });
    const post = async (body: string, milliseconds = 20_000) =>
      await app.inject({
        method: 'POST',
        url: `/validate?timeout=${milliseconds}ms`,
        headers: { 'content-type': 'application/json', 'content-length': String(body.length) },
        payload: body,
      });
    return { post, asked: () => asked, open: () => open(world) };
  }

  it('wait until an earlier one is answered, but small ones do not', async () => {
    const { post, asked, open } = started();
    const first = post(payload);
    await expect.poll(asked).toBe(1);
    const second = post(payload);
    expect((await post(small)).statusCode).toBe(200);
    expect(asked()).toBe(2);
    open();
    expect((await first).statusCode).toBe(200);
    expect((await second).statusCode).toBe(200);
    expect(asked()).toBe(3);
  });

  it('get a 503 with the reason when there is no room before their deadline', async () => {
    const { post, asked, open } = started();
    const first = post(payload);
    await expect.poll(asked).toBe(1);
    const second = await post(payload, 300);
    expect(second.statusCode).toBe(503);
    expect(second.json().message).toBe('cannot verify: too many reviews at the same time');
    open();
    await first;
  });
});
