import { spawn } from 'node:child_process';
import { outputOf } from '../../support/child-output.ts';

/** The result of a command. */
export interface Result {
  /** The command, for messages of failed tests. */
  readonly command: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface KubectlOptions {
  /** The kubectl to run. */
  readonly program: string;
  readonly kubeconfig: string;
  /** A folder for the caches of kubectl; settings of the user are not read. */
  readonly home: string;
}

const LIMIT_MS = 90_000;

/** Runs kubectl with `input` on its standard input. Does not throw if kubectl fails. */
export function runKubectl(
  { program, kubeconfig, home }: KubectlOptions,
  args: readonly string[],
  input = '',
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { PATH: process.env['PATH'], HOME: home, KUBECONFIG: kubeconfig, KUBERC: 'off' },
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    const output = outputOf(child);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const command = `kubectl ${args.join(' ')}`;
      if (code === null)
        reject(
          new Error(`${command} ended with ${signal} after up to ${LIMIT_MS / 1000} s:\n${output.stderr}`),
        );
      else resolve({ command, code, ...output });
    });
    // kubectl can end before it has read its input, for example with an unknown flag.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
