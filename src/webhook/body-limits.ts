import type { FastifyInstance, FastifyRequest } from 'fastify';
import { WorldUnreadable } from '../admission/world-source.ts';
import { BODY_LIMIT } from './app.ts';
import { deadlineOf } from './deadline.ts';

/** Reviews are smaller, but for objects with large annotations. Smaller bodies do not wait for larger ones. */
const LARGE = 256 * 1024;
/**
 * A parsed body takes twice its size, and TLS keeps as much of an unfinished one. These and the world fit into
 * the container's limit of 512 MiB.
 */
const TOTAL = { large: 64 * 1024 * 1024, small: 24 * 1024 * 1024 } as const;
/** An apiserver sends a body at once. An unfinished one is given up after this time. */
const UNFINISHED_MS = 5_000;
/** The same while other bodies wait: a time, and the speed at which an apiserver sends at least, in bytes per ms. */
const WHILE_OTHERS_WAIT = { ms: 250, speed: 4096 } as const;

const TOO_MANY = 'too many reviews at the same time';

/** The holder of some bytes of a {@link ByteSemaphore}. */
export interface ByteHolder {
  readonly bytes: number;
  /** True while the bytes can be taken back with {@link giveUp}. */
  readonly isUnfinished: () => boolean;
  readonly giveUp: () => void;
}

interface Waiter {
  readonly bytes: number;
  readonly enter: () => void;
}

/** A number of bytes that several requests share: the smallest first, and those of one size in the order of asking. */
export class ByteSemaphore {
  #free: number;
  readonly #waiters: Waiter[] = [];
  /**
   * The holders, the oldest first. Not a Map: its table is copied every few entries, and once it is in the old
   * generation, so are the copies. Each one that was replaced keeps what it had until V8 collects the whole heap.
   * https://github.com/v8/v8/blob/13.6.233.17/src/objects/ordered-hash-table.cc (Rehash)
   */
  readonly #holders: { readonly holder: ByteHolder; readonly since: number }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(bytes: number) {
    this.#free = bytes;
  }

  /** Takes some bytes and returns the function that releases them; undefined if there is no room, or others wait. */
  tryAcquire(holder: ByteHolder): (() => void) | undefined {
    return this.#waiters.length > 0 || holder.bytes > this.#free ? undefined : this.#take(holder);
  }

  #take(holder: ByteHolder): () => void {
    this.#free -= holder.bytes;
    const entry = { holder, since: performance.now() };
    this.#holders.push(entry);
    return () => {
      const index = this.#holders.indexOf(entry);
      if (index < 0) return;
      this.#holders.splice(index, 1);
      this.#free += holder.bytes;
      this.#admit();
    };
  }

  /** Waits for some bytes and returns the function that releases them. Rejects if the signal aborts first. */
  acquire(holder: ByteHolder, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const { bytes } = holder;
      const waiter: Waiter = {
        bytes,
        enter: () => {
          signal.removeEventListener('abort', leave);
          resolve(this.#take(holder));
        },
      };
      const leave = () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(signal.reason);
        this.#admit();
      };
      // Small bodies of an apiserver do not wait for many large ones of others.
      const larger = this.#waiters.findIndex((each) => each.bytes > bytes);
      this.#waiters.splice(larger === -1 ? this.#waiters.length : larger, 0, waiter);
      signal.addEventListener('abort', leave, { once: true });
      this.#admit();
    });
  }

  #admit(): void {
    for (
      let next = this.#waiters[0];
      next !== undefined && next.bytes <= this.#free;
      [next] = this.#waiters
    ) {
      this.#waiters.shift();
      next.enter();
    }
    if (this.#waiters.length > 0)
      this.#timer ??= setTimeout(() => this.#makeRoom(), WHILE_OTHERS_WAIT.ms / 2).unref();
  }

  /** Takes the bytes of the oldest unfinished holders back, until the next waiter has room. */
  #makeRoom(): void {
    this.#timer = undefined;
    const now = performance.now();
    let missing = (this.#waiters[0]?.bytes ?? 0) - this.#free;
    // One that gives up leaves the list.
    for (const { holder, since } of [...this.#holders]) {
      if (missing <= 0) break;
      const enough = WHILE_OTHERS_WAIT.ms + holder.bytes / WHILE_OTHERS_WAIT.speed;
      if (now - since < enough || !holder.isUnfinished()) continue;
      missing -= holder.bytes;
      holder.giveUp();
    }
    this.#admit();
  }
}

/**
 * Limits the total size of the bodies that are read and answered at the same time. Other bodies wait. If there is
 * no room before their deadline, they get HTTP 503 and failurePolicy decides. So does a body that does not arrive
 * in time; while others wait, that is a shorter time.
 */
export function limitBodies(
  app: FastifyInstance,
  total: Readonly<Record<keyof typeof TOTAL, number>> = TOTAL,
  unfinishedMs = UNFINISHED_MS,
): void {
  const large = new ByteSemaphore(total.large);
  const small = new ByteSemaphore(total.small);
  const refused = new WeakSet<FastifyRequest>();
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (refused.has(request)) {
      // With `connection: close`, Node resets the connection before the caller has sent everything and reads the answer.
      reply.removeHeader('connection');
      reply.raw.shouldKeepAlive = true;
    }
    done();
  });
  app.addHook('preParsing', (request, reply, body, done) => {
    // Assume the maximum size if Content-Length is missing.
    const length = Number(request.headers['content-length'] ?? BODY_LIMIT);
    const isLarge = length >= LARGE;
    const isUnfinished = () => !request.raw.complete && !request.raw.readableEnded;
    const refusal = (reason: string) => {
      if (isUnfinished()) refused.add(request);
      return Object.assign(new WorldUnreadable(reason), { statusCode: 503 });
    };
    const giveUp = (reason: string) => {
      if (!isUnfinished() || reply.sent) return;
      // Fastify answers and keeps no more of the body. Node reads the rest.
      body.emit('error', refusal(reason));
    };
    const holder: ByteHolder = {
      bytes: Math.min(length, BODY_LIMIT, isLarge ? total.large : total.small),
      isUnfinished,
      giveUp: () => giveUp(TOO_MANY),
    };
    const enter = (release: () => void) => {
      // Without a listener the error of giveUp would end the process.
      body.on('error', () => {});
      const timer = setTimeout(() => giveUp('the review did not arrive in time'), unfinishedMs).unref();
      const end = () => {
        clearTimeout(timer);
        release();
      };
      if (reply.raw.destroyed) end();
      else reply.raw.once('close', end);
      done();
    };
    const semaphore = isLarge ? large : small;
    const release = semaphore.tryAcquire(holder);
    // A signal with a timer takes longer than all else here, and outlives the review.
    if (release !== undefined) enter(release);
    else
      semaphore
        .acquire(holder, AbortSignal.timeout(deadlineOf(request.query)))
        .then(enter, () => done(refusal(TOO_MANY)));
  });
}
