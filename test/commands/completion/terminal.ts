/** Interactive shells in a pseudo-terminal. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** True if the programs are installed. Throws in CI if one is missing. */
export function haveAll(...programs: string[]): boolean {
  const missing = programs.filter(
    (program) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status !== 0,
  );
  if (missing.length > 0 && process.env['CI'] === 'true')
    throw new Error(`the tests of shell completion need ${missing.join(', ')}`);
  return missing.length === 0;
}

const START: Record<string, string> = {
  bash: 'bash --noprofile --norc -i',
  zsh: 'zsh -f -i',
};
const PROMPT = 'READY> ';

const running = new Set<ChildProcess>();
const homes: string[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

/** An interactive shell without configuration. */
export class Terminal {
  readonly #child: ChildProcess;
  #output = '';
  #waiting: (() => void) | undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    running.add(child);
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      this.#waiting?.();
    });
    child.on('exit', () => {
      running.delete(child);
      this.#waiting?.();
    });
  }

  /** Starts bash or zsh in a directory and runs these lines. */
  static async open(shell: 'bash' | 'zsh', cwd: string, lines: readonly string[]): Promise<Terminal> {
    const home = mkdtempSync(join(tmpdir(), 'iomesh-guard-home-'));
    homes.push(home);
    const env = { PATH: process.env['PATH'], HOME: home, TERM: 'dumb', LC_ALL: 'C.UTF-8' };
    const child = spawn('script', ['-qfec', START[shell]!, '/dev/null'], { cwd, env });
    const terminal = new Terminal(child);
    // The echo of this line must not match the prompt.
    child.stdin.write("stty cols 200 rows 50; PS1='REA''DY> '\n");
    await terminal.#until(PROMPT);
    for (const line of lines) await terminal.enter(line);
    return terminal;
  }

  /** Types a line and Enter. Returns the output until the next prompt. */
  async enter(line: string): Promise<string> {
    this.#output = '';
    this.#child.stdin!.write(`${line}\n`);
    return await this.#until(PROMPT);
  }

  /** Types keys and waits until the output matches. */
  async see(keys: string, expected: RegExp): Promise<string> {
    this.#output = '';
    this.#child.stdin!.write(keys);
    return await this.#until(expected);
  }

  /** Clears the line. */
  async abandon(): Promise<void> {
    this.#output = '';
    this.#child.stdin!.write('\u0015\n');
    await this.#until(PROMPT);
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }

  async #until(expected: string | RegExp): Promise<string> {
    const found = () =>
      typeof expected === 'string'
        ? plain(this.#output).endsWith(expected)
        : expected.test(plain(this.#output));
    const deadline = Date.now() + 20_000;
    while (!found()) {
      if (this.#child.exitCode !== null || Date.now() > deadline)
        throw new Error(`${expected} was not shown; the terminal shows:\n${plain(this.#output)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.#waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return plain(this.#output);
  }
}

/** Text without control sequences of a terminal. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are the control sequences of a terminal.
  return text.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]|\u001b[=>]|[\r\u0007]/g, '');
}
