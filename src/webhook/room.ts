import type { FastifyInstance } from 'fastify';
import { BODY_LIMIT } from './app.ts';
import { deadlineOf } from '../admission/deadline.ts';
import { WorldUnreadable } from '../admission/world-source.ts';

/** Smaller bodies are not counted: the apiserver never sends enough of them at once. */
const LARGE = 256 * 1024;
/** A body takes twice its size once it is parsed; this and the world fit into the container's 512 MiB. */
const ROOM = 96 * 1024 * 1024;

interface Waiting {
  readonly bytes: number;
  readonly enter: () => void;
}

/** A number of bytes that many share, first come, first served. */
export class Room {
  #free: number;
  readonly #waiting: Waiting[] = [];

  constructor(bytes: number) {
    this.#free = bytes;
  }

  /** Takes a part of it, once it is there, and gives the function that gives it back. Rejects when the signal fires first. */
  take(bytes: number, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
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
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason);
        this.#admit();
      };
      this.#waiting.push(waiting);
      signal.addEventListener('abort', leave, { once: true });
      this.#admit();
    });
  }

  #admit(): void {
    for (
      let next = this.#waiting[0];
      next !== undefined && next.bytes <= this.#free;
      [next] = this.#waiting
    ) {
      this.#waiting.shift();
      next.enter();
    }
  }
}

/**
 * Lets in only so many large bodies at once: the others are not read before there is room for them, or
 * refused, for failurePolicy to judge, when their time is over.
 */
export function boundBodies(app: FastifyInstance, bytes = ROOM): void {
  const room = new Room(bytes);
  app.addHook('preParsing', (request, reply, _payload, done) => {
    // One of unknown length is as long as it may be.
    const length = Number(request.headers['content-length'] ?? BODY_LIMIT);
    if (length < LARGE) return done();
    room.take(Math.min(length, BODY_LIMIT, bytes), AbortSignal.timeout(deadlineOf(request.query))).then(
      (release) => {
        if (reply.raw.destroyed) release();
        else reply.raw.once('close', release);
        done();
      },
      () => done(new WorldUnreadable('too many large reviews at once')),
    );
  });
}
