import { fstatSync, writeSync } from 'node:fs';
import type { Io, Output } from './commands/io.ts';
import { describeError } from './system-error.ts';
import { UsageError } from './usage-error.ts';
import { main } from './commands/main.ts';

/** Replaced by the build, from package.json. */
declare const IOMESH_GUARD_VERSION: string;

/** True for a terminal. A file or a pipe is recognized without loading node:tty. */
function isTerminal(fd: 1 | 2): boolean {
  try {
    if (!fstatSync(fd).isCharacterDevice()) return false;
  } catch {
    return false;
  }
  const { isatty } = require('node:tty') as typeof import('node:tty');
  return isatty(fd);
}

/** The exit code of a program that SIGPIPE ends, as shells show it. Node ignores the signal. */
const CLOSED_PIPE = 128 + 13;

/** Writes synchronously, so that nothing is lost when the process ends. A closed pipe ends the process without a message. */
function output(fd: 1 | 2): Output {
  return {
    isTerminal: isTerminal(fd),
    columns: () => (fd === 1 ? process.stdout : process.stderr).columns,
    write(text) {
      const bytes = Buffer.from(text);
      let written = 0;
      while (written < bytes.length) {
        try {
          written += writeSync(fd, bytes, written);
        } catch (error) {
          const code = (error as NodeJS.ErrnoException).code;
          if (code === 'EPIPE') process.exit(CLOSED_PIPE);
          if (code !== 'EAGAIN') {
            if (fd === 2) return;
            throw new UsageError(`cannot write standard output: ${describeError(error)}`);
          }
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
        }
      }
    },
  };
}

const MAX_STDIN = 256 * 1024 * 1024;

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    size += (chunk as Buffer).length;
    if (size > MAX_STDIN)
      throw new UsageError('standard input is larger than 256 MiB', 'split it, or pass the files as PATH');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

const DAY_MS = 86_400_000;
let day = { number: Number.NaN, text: '' };

/** The current day in UTC. It is formatted once a day, because every review uses it. */
function today(): string {
  const number = Math.floor(Date.now() / DAY_MS);
  if (number !== day.number) day = { number, text: new Date(number * DAY_MS).toISOString().slice(0, 10) };
  return day.text;
}

const io: Io = {
  cwd: process.cwd(),
  env: process.env,
  stdout: output(1),
  stderr: output(2),
  readStdin,
  // `performance` would load node:perf_hooks, which takes 2 ms.
  clock: () => Number(process.hrtime.bigint()) / 1e6,
  today,
};

void main(process.argv.slice(2), io, IOMESH_GUARD_VERSION).then((code) => {
  process.exitCode = code;
});
