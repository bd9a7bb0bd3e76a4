import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Tool, tool } from '../../deploy/tools.ts';
import { outputOf } from '../../support/child-output.ts';
import type { ControlPlane } from './control-plane.ts';
import { canListen } from './loopback.ts';
import type { Result } from './kubectl.ts';

const ROOT = join(import.meta.dirname, '../../..');
const LIMIT_MS = 180_000;
/** An address in the block of the control plane. */
const HOST = 9;
const WITH_PORT = ['service', 'validating-webhook', 'mutating-webhook'];

/** A shell in a copy of deploy/ and dist/, with kubectl, kustomize and helm in its PATH. */
export class Terminal {
  /** The root of the copy. */
  readonly folder: string;
  readonly #env: Record<string, string>;

  private constructor(folder: string, env: Record<string, string>) {
    this.folder = folder;
    this.#env = env;
  }

  static async open(plane: ControlPlane, tools: readonly Tool[]): Promise<Terminal> {
    const home = mkdtempSync(join(tmpdir(), 'iomesh-guard-terminal-'));
    const folder = join(home, 'iomesh-guard');
    const bin = join(home, 'bin');
    mkdirSync(bin);
    for (const part of ['deploy', 'dist', 'docs'])
      cpSync(join(ROOT, part), join(folder, part), { recursive: true });
    if (!(await canListen(plane.block.address(HOST), 443))) moveTo8443(folder);
    symlinkSync(join(plane.kubernetes.folder, 'kubectl'), join(bin, 'kubectl'));
    for (const each of tools) symlinkSync(await tool(each), join(bin, each));
    const PATH = [bin, dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':');
    return new Terminal(folder, { PATH, HOME: home, KUBECONFIG: plane.kubeconfig, KUBERC: 'off' });
  }

  /** Runs commands until the first that fails. `where` is a folder of the copy. */
  type(commands: string, where = '.'): Promise<Result> {
    return new Promise((resolve, reject) => {
      const child = spawn('bash', ['-euo', 'pipefail', '-c', commands], {
        cwd: join(this.folder, where),
        env: this.#env,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: LIMIT_MS,
      });
      const output = outputOf(child);
      child.once('error', reject);
      child.once('close', (code) => resolve({ command: commands, code: code ?? -1, ...output }));
    });
  }

  close(): void {
    rmSync(join(this.folder, '..'), { recursive: true, force: true });
  }
}

/** If this process may not listen on 443, the Service of the copy has the port of the container. */
function moveTo8443(folder: string): void {
  for (const each of ['kustomize/base', 'helm/iomesh-guard/templates'])
    for (const name of WITH_PORT) {
      const file = join(folder, 'deploy', each, `${name}.yaml`);
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replace(/^( +(?:- )?)port: 443$/m, '$1port: 8443'));
    }
}
