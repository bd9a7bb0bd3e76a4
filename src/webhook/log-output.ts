import type { DestinationStream } from 'pino';

/** Where lines end up; `pino.destination()` is one. */
interface Sink extends DestinationStream {
  flushSync(): void;
}

/** Longest a line waits for others, in milliseconds, and how much may wait. */
const WAIT_MS = 10;
const MOST = 64 * 1024;

/**
 * Writes lines together that come within a moment, for a write costs as much as the answer to a review.
 * What waits when the process ends is written then; only a kill loses lines, those of the last moment.
 */
export function logOutput(sink: Sink): DestinationStream {
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting !== '') sink.write(waiting);
    waiting = '';
  };
  process.once('exit', () => {
    flush();
    sink.flushSync();
  });
  return {
    write(line) {
      waiting += line;
      if (waiting.length > MOST) flush();
      else timer ??= setTimeout(flush, WAIT_MS);
    },
  };
}
