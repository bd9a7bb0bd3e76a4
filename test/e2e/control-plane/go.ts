import { spawn, spawnSync } from 'node:child_process';

/** Whether a Go toolchain is there to build with. */
export function hasGo(): boolean {
  return spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;
}

export interface GoOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Told of every line of standard error as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Runs `go` with the arguments and gives its standard output; throws with the end of its standard error if it fails. */
export function go(args: readonly string[], { cwd, env, onLine }: GoOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('go', args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // A build that nobody waits for any more is ended with the process that started it.
    const end = () => child.kill();
    process.once('exit', end);
    let out = '';
    let rest = '';
    let lines: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      const whole = (rest + text).split('\n');
      rest = whole.pop() ?? '';
      for (const line of whole) onLine?.(line);
      // `go build -v` names each package as it compiles it; those lines say nothing about an error.
      lines = [...lines, ...whole.filter((line) => !/^[\w.~-]+(?:\/[\w.~-]+)*$/.test(line))].slice(-60);
    });
    child.once('error', (error) => reject(new Error(`cannot run go: ${error.message}`)));
    child.once('close', (code, signal) => {
      process.off('exit', end);
      if (code === 0) resolve(out);
      else {
        // `go mod download -json` tells its error on standard output.
        const told = [...lines, rest, out.slice(-2000)].join('\n').trim();
        reject(new Error(`go ${args.join(' ')} ended with ${signal ?? code}:\n${told}`));
      }
    });
  });
}
