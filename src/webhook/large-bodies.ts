import type { FastifyInstance } from 'fastify';
import { WorldUnreadable } from '../admission/world-source.ts';
import { BODY_LIMIT } from './app.ts';
import { deadlineOf } from './deadline.ts';

/** Smaller bodies are not counted. */
const LARGE = 256 * 1024;
/** A parsed body takes twice its size. This and the world fit into the container's limit of 512 MiB. */
const TOTAL = 96 * 1024 * 1024;

interface Waiter {
  readonly bytes: number;
  readonly enter: () => void;
}

/** A number of bytes that several requests share, in the order in which they ask. */
export class ByteSemaphore {
  #free: number;
  readonly #waiters: Waiter[] = [];

  constructor(bytes: number) {
    this.#free = bytes;
  }

  /** Waits for some bytes and returns the function that releases them. Rejects if the signal aborts first. */
  acquire(bytes: number, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        bytes,
        enter: () => {
          signal.removeEventListener('abort', leave);
          this.#free -= bytes;
          resolve(() => {
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
  }
}

/**
 * Limits the total size of the large bodies that are read at the same time. Other large bodies wait. If
 * there is no room before their deadline, they get HTTP 503 and failurePolicy decides.
 */
export function limitLargeBodies(app: FastifyInstance, totalBytes = TOTAL): void {
  const semaphore = new ByteSemaphore(totalBytes);
  app.addHook('preParsing', (request, reply, _payload, done) => {
    // Assume the maximum size if Content-Length is missing.
    const length = Number(request.headers['content-length'] ?? BODY_LIMIT);
    if (length < LARGE) return done();
    const signal = AbortSignal.timeout(deadlineOf(request.query));
    semaphore.acquire(Math.min(length, BODY_LIMIT, totalBytes), signal).then(
      (release) => {
        if (reply.raw.destroyed) release();
        else reply.raw.once('close', release);
        done();
      },
      () => done(new WorldUnreadable('too many large reviews at the same time')),
    );
  });
}
