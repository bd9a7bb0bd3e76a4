import { type FSWatcher, readFileSync, statSync, watch } from 'node:fs';
import type { Logger } from 'pino';
import type { Config } from '../core/config.ts';
import { KINDS } from '../core/model.ts';
import { World } from '../core/world.ts';
import { collectFiles, type InputFile } from '../manifests/collect.ts';
import { lineColumn, readManifests } from '../manifests/index.ts';
import { isOurs, worldOf } from '../manifests/world.ts';
import type { Metrics } from './metrics.ts';
import { type WorldSource, WorldUnreadable } from './world-source.ts';

export interface FileWorldOptions {
  readonly folder: string;
  readonly config: Config;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly today: () => string;
  /** How often the directory is looked at, in milliseconds. */
  readonly pollMs?: number;
}

/**
 * The world a directory of manifests describes, read anew when the directory changes: whole or not at
 * all. Where it cannot be read the last good world stays.
 */
export class FileWorld implements WorldSource {
  readonly #options: FileWorldOptions;
  readonly #poll: NodeJS.Timeout;
  #watcher: FSWatcher | undefined;
  #world: World | undefined;
  #signature: string | undefined;
  #lastFailure: string | undefined;
  #busy = false;
  #again = false;
  #settle: NodeJS.Timeout | undefined;

  private constructor(options: FileWorldOptions) {
    this.#options = options;
    this.#poll = setInterval(() => void this.#refresh(), options.pollMs ?? 2000).unref();
    try {
      this.#watcher = watch(options.folder, { recursive: true, persistent: false }, () => this.#soon());
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // No watch on this file system, or no directory yet: the poll remains.
    }
  }

  /** Reads the directory for the first time; a failure is told in the log and by {@link ready}. */
  static async open(options: FileWorldOptions): Promise<FileWorld> {
    const world = new FileWorld(options);
    await world.#refresh();
    return world;
  }

  get ready(): boolean {
    return this.#world !== undefined;
  }

  current(): World {
    if (this.#world === undefined)
      throw new WorldUnreadable(`${this.#options.folder}: ${this.#lastFailure ?? 'not read yet'}`);
    const today = this.#options.today();
    if (today !== this.#world.today) this.#world = withoutTexts(this.#world, today);
    return this.#world;
  }

  atHand(): World {
    return this.current();
  }

  close(): void {
    clearInterval(this.#poll);
    clearTimeout(this.#settle);
    this.#watcher?.close();
  }

  /** A copy or a checkout is many events; what matters is how things stand after them. */
  #soon(): void {
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => void this.#refresh(), 100).unref();
  }

  async #refresh(): Promise<void> {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    try {
      await this.#load();
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    } finally {
      this.#busy = false;
    }
    if (this.#again) {
      this.#again = false;
      this.#soon();
    }
  }

  async #load(): Promise<void> {
    const { folder, metrics, logger } = this.#options;
    const { files, problems } = await collectFiles([folder], '/');
    if (problems[0] !== undefined) throw new Error(problems[0]);
    const signature = signatureOf(files);
    if (signature === this.#signature) {
      if (this.#lastFailure === undefined) metrics.worldRead();
      return;
    }
    const read = files.map(({ name, path }) => readManifests(name, readFileSync(path ?? name), { isOurs }));
    // What changed while it was being read is read again, not believed.
    if (signatureOf(files) !== signature) {
      this.#again = true;
      return;
    }
    this.#signature = signature;
    const broken = read.flatMap((file) =>
      file.faults.filter((each) => each.kind === 'syntax').map((fault) => ({ file, fault })),
    )[0];
    if (broken !== undefined) {
      const { line, column } = lineColumn(broken.file, broken.fault.start);
      throw new Error(`${broken.file.name}:${line}:${column}: ${broken.fault.message}`);
    }
    const today = this.#options.today();
    this.#world = withoutTexts(worldOf(read, this.#options.config, today, 'admission'), today);
    this.#lastFailure = undefined;
    metrics.worldReloaded('loaded');
    metrics.worldRead();
    const objects = read.reduce((sum, file) => sum + file.counts.objects, 0);
    logger.info({ folder, files: read.length, objects }, 'world loaded');
  }

  #fail(reason: string): void {
    const { folder, metrics, logger } = this.#options;
    if (reason === this.#lastFailure) return;
    this.#lastFailure = reason;
    metrics.worldReloaded('failed');
    const kept = this.#world === undefined ? 'there is no world yet' : 'the last good world stays';
    logger.error({ folder, reason }, `world not loaded; ${kept}`);
  }
}

/** The same world on a day, without the way back from an object to its text: an answer names fields, not lines. */
function withoutTexts(world: World, today: string): World {
  const { config, faults, unread, door, duplicates } = world;
  const all = [...KINDS.flatMap((kind) => world.all(kind)), ...duplicates.map(({ again }) => again)];
  const resources = all.map(({ kind, ref, key, json }) => ({ kind, ref, key, json }));
  return World.of({ resources, config, today, faults, unread, door });
}

/** What tells one state of a set of files from another, without reading them. */
function signatureOf(files: readonly InputFile[]): string {
  return files
    .map(({ path }) => {
      const stat = statSync(path ?? '', { bigint: true });
      return `${path}:${stat.ino}:${stat.size}:${stat.mtimeNs}`;
    })
    .join('\n');
}
