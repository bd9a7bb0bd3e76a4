import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type WorldSource, WorldUnreadable } from '../admission/world-source.ts';
import type { Config } from '../core/base/config.ts';
import type { World } from '../core/world.ts';
import { lineColumn } from '../manifests/locate.ts';
import type { ManifestFile } from '../manifests/types.ts';
import { readManifests } from '../manifests/read.ts';
import { findInputFiles, type InputFile } from '../manifests/input-files.ts';
import { KNOWN_KINDS, worldOf } from '../manifests/world.ts';
import { describeError } from '../system-error.ts';

/** Number of files whose state is read before reviews are answered again: about 0.5 ms. */
const STATES_AT_ONCE = 50;

/** Receives the results of each read, for the metrics. */
export interface FileWorldObserver {
  /** The world is equal to the directory now. */
  worldRead(): void;
  /** A changed directory was read. */
  worldReloaded(result: 'loaded' | 'failed'): void;
}

export interface FileWorldOptions {
  readonly folder: string;
  readonly config: Config;
  readonly observer: FileWorldObserver;
  readonly logger: Logger;
  /** The day, `YYYY-MM-DD` in UTC. */
  readonly today: () => string;
  /** The interval between two reads in milliseconds; default 2 seconds. */
  readonly pollMs?: number | undefined;
}

/**
 * The objects in a directory of manifests, as `lint` reads them. A changed directory replaces the world
 * completely or not at all: if it cannot be read, the last valid world stays in use.
 */
export class FileWorld implements WorldSource {
  readonly #options: FileWorldOptions;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #world: World | undefined;
  #files: readonly ManifestFile[] = [];
  /** The state of the directory that was read last, valid or not. */
  #signature: string | undefined;
  /** Why the files of that state are invalid. */
  #invalid: string | undefined;
  #failure: string | undefined;

  private constructor(options: FileWorldOptions) {
    this.#options = options;
  }

  /** Reads the directory and starts to poll it. A failure is logged, and {@link ready} is false. */
  static async open(options: FileWorldOptions): Promise<FileWorld> {
    const world = new FileWorld(options);
    await world.#poll();
    return world;
  }

  get ready(): boolean {
    return this.#world !== undefined;
  }

  current(): World {
    if (this.#world === undefined)
      throw new WorldUnreadable(`${this.#options.folder}: ${this.#failure ?? 'not read yet'}`);
    // Waivers expire at midnight, also if no file changes.
    if (this.#world.today !== this.#options.today()) this.#world = this.#build();
    return this.#world;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #poll(): Promise<void> {
    try {
      await this.#load();
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#poll(), this.#options.pollMs ?? 2000).unref();
  }

  async #load(): Promise<void> {
    const { folder, observer, logger } = this.#options;
    const { files, problems } = await findInputFiles([folder], '/');
    if (problems[0] !== undefined) throw new Error(problems[0]);
    const signature = await signatureOf(files);
    if (signature === this.#signature) {
      if (this.#invalid !== undefined) throw new Error(this.#invalid);
      if (this.#failure !== undefined) logger.info({ folder }, 'world readable again; unchanged');
      this.#failure = undefined;
      return observer.worldRead();
    }
    const read: ManifestFile[] = [];
    for (const file of files) {
      read.push(readFile(file));
      // A large directory takes seconds; reviews are answered in between.
      await setImmediate();
    }
    // Files that changed during the read are read again at the next poll.
    if ((await signatureOf(files)) !== signature) return;
    this.#signature = signature;
    this.#invalid = syntaxError(read);
    if (this.#invalid !== undefined) throw new Error(this.#invalid);
    this.#files = read;
    this.#world = this.#build();
    this.#failure = undefined;
    observer.worldReloaded('loaded');
    observer.worldRead();
    const objects = read.reduce((sum, file) => sum + file.counts.objects, 0);
    logger.info({ folder, files: read.length, objects }, 'world loaded');
  }

  #build(): World {
    return worldOf(this.#files, this.#options.config, this.#options.today(), 'admission');
  }

  #fail(reason: string): void {
    if (reason === this.#failure) return;
    this.#failure = reason;
    const { folder, observer, logger } = this.#options;
    observer.worldReloaded('failed');
    const kept = this.#world === undefined ? 'no world is loaded yet' : 'keeping the last valid world';
    logger.error({ folder, reason }, `world not loaded; ${kept}`);
  }
}

function readFile({ name, path }: InputFile): ManifestFile {
  try {
    return readManifests(name, readFileSync(path ?? name), { kinds: KNOWN_KINDS });
  } catch (error) {
    throw new Error(`cannot read ${name}: ${describeError(error)}`);
  }
}

/** The place and message of the first syntax error. */
function syntaxError(files: readonly ManifestFile[]): string | undefined {
  for (const file of files) {
    const fault = file.errors.find(({ kind }) => kind === 'syntax');
    if (fault === undefined) continue;
    const { line, column } = lineColumn(file, fault.start);
    return `${file.name}:${line}:${column}: ${fault.message}`;
  }
  return undefined;
}

/** A hash that differs for each state of the files. Does not read them. */
async function signatureOf(files: readonly InputFile[]): Promise<string> {
  const hash = createHash('sha256');
  for (const [index, { name, path }] of files.entries()) {
    const { ino, size, mtimeNs } = statSync(path ?? name, { bigint: true });
    hash.update(`${path} ${ino} ${size} ${mtimeNs}\n`);
    // The states of thousands of files take some hundredths of a second; reviews are answered in between.
    if (index % STATES_AT_ONCE === STATES_AT_ONCE - 1) await setImmediate();
  }
  return hash.digest('base64');
}
