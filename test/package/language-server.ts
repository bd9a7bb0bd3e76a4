import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Diagnostic {
  readonly message: string;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: {
    readonly uri?: string;
    readonly diagnostics?: Diagnostic[];
    readonly items?: readonly unknown[];
  };
  readonly result?: unknown;
}

const SETTINGS = { validate: true, hover: true, completion: true };

/** An editor's side of the Language Server Protocol, as much of it as a test needs. */
export class LanguageServer {
  readonly #child: ChildProcess;
  readonly #folder: string;
  #buffer: Buffer = Buffer.alloc(0);
  #lastId = 0;
  readonly #answers = new Map<number, (result: unknown) => void>();
  readonly #published = new Map<string, (diagnostics: Diagnostic[]) => void>();

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
    child.stdout!.on('data', (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      this.#read();
    });
  }

  /** Starts the server whose script is given, on a folder. */
  static async start(script: string, folder: string): Promise<LanguageServer> {
    const child = spawn(process.execPath, [script, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const server = new LanguageServer(child, folder);
    const uri = pathToFileURL(folder).href;
    await server.#ask('initialize', {
      processId: null,
      rootUri: uri,
      workspaceFolders: [{ uri, name: 'test' }],
      capabilities: {
        workspace: { configuration: true },
        textDocument: { hover: {}, publishDiagnostics: {} },
      },
    });
    server.#send({ method: 'initialized', params: {} });
    return server;
  }

  /** Opens a file; gives what the server has against it. */
  open(name: string): Promise<Diagnostic[]> {
    const uri = pathToFileURL(join(this.#folder, name)).href;
    const text = readFileSync(join(this.#folder, name), 'utf8');
    return new Promise((resolve) => {
      this.#published.set(uri, resolve);
      this.#send({
        method: 'textDocument/didOpen',
        params: { textDocument: { uri, languageId: 'yaml', version: 1, text } },
      });
    });
  }

  /** What is shown over the first place where these words stand. */
  async hover(name: string, words: string): Promise<string> {
    const uri = pathToFileURL(join(this.#folder, name)).href;
    const lines = readFileSync(join(this.#folder, name), 'utf8').split('\n');
    const line = lines.findIndex((each) => each.includes(words));
    const character = lines[line]!.indexOf(words) + 1;
    return JSON.stringify(
      await this.#ask('textDocument/hover', { textDocument: { uri }, position: { line, character } }),
    );
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  #send(message: object): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#child.stdin!.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  #ask(method: string, params: object): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.#send({ id, method, params });
    });
  }

  #read(): void {
    for (;;) {
      const end = this.#buffer.indexOf('\r\n\r\n');
      if (end === -1) return;
      const length = Number(/Content-Length: (\d+)/.exec(this.#buffer.toString('ascii', 0, end))![1]);
      if (this.#buffer.length < end + 4 + length) return;
      const message = JSON.parse(this.#buffer.toString('utf8', end + 4, end + 4 + length)) as Message;
      this.#buffer = this.#buffer.subarray(end + 4 + length);
      this.#take(message);
    }
  }

  #take({ id, method, params, result }: Message): void {
    if (method === 'textDocument/publishDiagnostics')
      this.#published.get(params!.uri!)?.(params!.diagnostics!);
    else if (method === 'workspace/configuration')
      this.#send({ id, result: params!.items!.map(() => SETTINGS) });
    else if (method !== undefined && id !== undefined) this.#send({ id, result: null });
    else if (id !== undefined) this.#answers.get(id)?.(result);
  }
}
