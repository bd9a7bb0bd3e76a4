/** Runs `lint` over files of a directory of its own, in this process, as a user would run it there. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { Io } from '../../../src/commands/io.ts';
import { main } from '../../../src/commands/main.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A directory with these files, gone after the tests. */
export function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'iomesh-guard-fix-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export function textOf(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

export async function lint(
  folder: string,
  args: readonly string[],
  options: { stdin?: string; terminal?: boolean; today?: string; env?: Record<string, string> } = {},
): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  const io: Io = {
    cwd: folder,
    env: options.env ?? {},
    stdout: {
      isTerminal: options.terminal === true,
      write: (text) => {
        stdout += text;
      },
    },
    stderr: {
      isTerminal: false,
      write: (text) => {
        stderr += text;
      },
    },
    readStdin: async () => Buffer.from(options.stdin ?? ''),
    clock: () => 0,
    today: () => options.today ?? '2026-11-23',
  };
  const code = await main(['lint', ...args], io, '0.0.0');
  return { code, stdout, stderr };
}
