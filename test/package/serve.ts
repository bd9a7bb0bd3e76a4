import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { expect } from 'vitest';
import { ROOT } from '../support/run-cli.ts';
import { temporary } from './tree.ts';

export interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

/**
 * Starts `serve` on the objects of a folder, posts one body to /validate over HTTPS and stops the server with SIGTERM.
 * Returns the answer; fails if the server does not end with exit code 0.
 */
export async function serveOne(command: readonly string[], world: string, body: string): Promise<Answer> {
  const certs = temporary('certs');
  execFileSync(process.execPath, [join(ROOT, 'scripts/certs.mjs'), certs]);
  const [program, ...args] = command;
  const server = spawn(
    program!,
    [
      ...args,
      'serve',
      ...['--world', world, '--cert-dir', certs, '--host', '127.0.0.1'],
      ...['--port', '0', '--health-port', '0', '--drain', '0'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise((resolve) => server.once('exit', (code, signal) => resolve({ code, signal })));
  try {
    const port = await portOf(server, ended);
    const answer = await post(port, readFileSync(join(certs, 'ca.crt')), body);
    server.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, signal: null });
    return answer;
  } finally {
    server.kill('SIGKILL');
  }
}

async function portOf(
  server: ChildProcessByStdio<null, Readable, null>,
  ended: Promise<unknown>,
): Promise<number> {
  let log = '';
  const port = new Promise<number>((resolve) => {
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      const line = log.split('\n').find((each) => each.includes('"serving"'));
      if (line?.endsWith('}')) resolve(JSON.parse(line).port);
    });
  });
  const early = ended.then((end) => {
    throw new Error(`serve ended with ${JSON.stringify(end)}:\n${log}`);
  });
  return await Promise.race([port, early]);
}

function post(port: number, ca: Buffer, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        ...{ host: '127.0.0.1', port, ca, path: '/validate', method: 'POST' },
        headers: { 'content-type': 'application/json' },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode, body: text }));
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}
