import type { FastifyInstance } from 'fastify';
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
/** An apiserver sends a body at once. An unfinished one is given up after this time if others wait. */
const UNFINISHED_MS = 250;

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

/** A number of bytes that several requests share, in the order in which they ask. */
export class ByteSemaphore {
  #free: number;
  readonly #waiters: Waiter[] = [];
  /** When each holder began, the oldest first. */
  readonly #holders = new Map<ByteHolder, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(bytes: number) {
    this.#free = bytes;
  }

  /** Waits for some bytes and returns the function that releases them. Rejects if the signal aborts first. */
  acquire(holder: ByteHolder, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const { bytes } = holder;
      const waiter: Waiter = {
        bytes,
        enter: () => {
          signal.removeEventListener('abort', leave);
          this.#free -= bytes;
          this.#holders.set(holder, performance.now());
          resolve(() => {
            if (!this.#holders.delete(holder)) return;
            this.#free += bytes;
            this.#admit();
          });
        },
      };
      const leave = () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(signal.reason);
        this.#admit();
      };
      this.#waiters.push(waiter);
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
      this.#timer ??= setTimeout(() => this.#makeRoom(), UNFINISHED_MS / 2).unref();
  }

  /** Takes the bytes of the oldest unfinished holders back, until the next waiter has room. */
  #makeRoom(): void {
    this.#timer = undefined;
    const before = performance.now() - UNFINISHED_MS;
    let missing = (this.#waiters[0]?.bytes ?? 0) - this.#free;
    for (const [holder, since] of this.#holders) {
      if (missing <= 0 || since > before) break;
      if (!holder.isUnfinished()) continue;
      missing -= holder.bytes;
      holder.giveUp();
    }
    this.#admit();
  }
}

/**
 * Limits the total size of the bodies that are read and answered at the same time. Other bodies wait. If there is
 * no room before their deadline, they get HTTP 503 and failurePolicy decides. While bodies wait, the connections
 * of the slowest senders are closed.
 */
export function limitBodies(
  app: FastifyInstance,
  total: Readonly<Record<keyof typeof TOTAL, number>> = TOTAL,
): void {
  const large = new ByteSemaphore(total.large);
  const small = new ByteSemaphore(total.small);
  app.addHook('preParsing', (request, reply, _payload, done) => {
    // Assume the maximum size if Content-Length is missing.
    const length = Number(request.headers['content-length'] ?? BODY_LIMIT);
    const isLarge = length >= LARGE;
    const holder: ByteHolder = {
      bytes: Math.min(length, BODY_LIMIT, isLarge ? total.large : total.small),
      isUnfinished: () => !request.raw.readableEnded,
      giveUp: () => void request.raw.destroy(),
    };
    const signal = AbortSignal.timeout(deadlineOf(request.query));
    (isLarge ? large : small).acquire(holder, signal).then(
      (release) => {
        if (reply.raw.destroyed) release();
        else reply.raw.once('close', release);
        done();
      },
      () => done(new WorldUnreadable('too many reviews at the same time')),
    );
  });
}
