import type { Readable } from 'node:stream';

/** What a program has written so far. */
export interface Output {
  stdout: string;
  stderr: string;
}

/** Collects what a program writes. */
export function outputOf(child: { readonly stdout: Readable; readonly stderr: Readable }): Output {
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  return output;
}
