import { spawn, spawnSync } from 'node:child_process';

/** True if Go is installed. */
export function hasGo(): boolean {
  return spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;
}

export interface GoOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Receives each line of standard error. */
  readonly onLine?: (line: string) => void;
}

/** Runs `go` and returns its standard output. Throws with the end of its standard error if it fails. */
export function go(args: readonly string[], { cwd, env, onLine }: GoOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('go', args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // The build ends with this process.
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
      // `go build -v` prints each package, which does not help in an error message.
      lines = [...lines, ...whole.filter((line) => !/^[\w.~-]+(?:\/[\w.~-]+)*$/.test(line))].slice(-60);
    });
    child.once('error', (error) => reject(new Error(`cannot run go: ${error.message}`)));
    child.once('close', (code, signal) => {
      process.off('exit', end);
      if (code === 0) resolve(out);
      else {
        // `go mod download -json` prints its error on standard output.
        const output = [...lines, rest, out.slice(-2000)].join('\n').trim();
        reject(new Error(`go ${args.join(' ')} ended with ${signal ?? code}:\n${output}`));
      }
    });
  });
}
