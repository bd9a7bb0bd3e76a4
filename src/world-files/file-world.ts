import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import type { Logger } from 'pino';
import type { Config } from '../core/base/config.ts';
import { type Resource, toResource } from '../core/base/model.ts';
import { World } from '../core/world.ts';
import { collectFiles, type InputFile } from '../manifests/input-files.ts';
import { lineColumn, MAX_BYTES, type ManifestFile, readManifests } from '../manifests/index.ts';
import { isOurs, worldOf } from '../manifests/world.ts';
import { compactor } from './compact.ts';
import { FileBytes } from './file-bytes.ts';
import { tidyHeap } from '../webhook/heap.ts';
import type { Metrics } from '../webhook/metrics.ts';
import { pauses } from './pause.ts';
import { directoriesOf, Watches } from './watches.ts';
import { type WorldSource, WorldUnreadable } from '../admission/world-source.ts';

export interface FileWorldOptions {
  readonly folder: string;
  readonly config: Config;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly today: () => string;
  /** How often the directory is looked at, in milliseconds. */
  readonly pollMs?: number | undefined;
}

/**
 * The world a directory of manifests describes, read anew when the directory changes: whole or not at
 * all. Where it cannot be read the last good world stays.
 */
export class FileWorld implements WorldSource {
  readonly #options: FileWorldOptions;
  readonly #poll: NodeJS.Timeout;
  readonly #watches = new Watches(() => this.#soon());
  #world: World | undefined;
  #signature: string | undefined;
  /** Why the files of that signature make no world, where they make none. */
  #broken: string | undefined;
  #lastFailure: string | undefined;
  #busy = false;
  #again = false;
  #settle: NodeJS.Timeout | undefined;

  private constructor(options: FileWorldOptions) {
    this.#options = options;
    this.#poll = setInterval(() => void this.#refresh(), options.pollMs ?? 2000).unref();
    this.#watches.keep(new Set([options.folder]));
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
    if (today !== this.#world.today) this.#world = remade(this.#world, today, (resource) => resource);
    return this.#world;
  }

  close(): void {
    clearInterval(this.#poll);
    clearTimeout(this.#settle);
    this.#watches.close();
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
    const pause = pauses();
    const { files, problems } = await collectFiles([folder], '/', pause);
    this.#watches.keep(
      directoriesOf(
        folder,
        files.map(({ path }) => path ?? folder),
      ),
    );
    if (problems[0] !== undefined) throw new Error(problems[0]);
    const signature = await signatureOf(files, pause);
    if (signature === this.#signature) {
      if (this.#broken !== undefined) throw new Error(this.#broken);
      // It may have been out of reach in the meantime.
      if (this.#lastFailure !== undefined) logger.info({ folder }, 'world found unchanged');
      this.#lastFailure = undefined;
      metrics.worldRead();
      return;
    }
    const bytes = new FileBytes(MAX_BYTES);
    const read: ManifestFile[] = [];
    for (const { name, path } of files) {
      read.push(readManifests(name, bytes.read(path ?? name), { isOurs }));
      await pause();
    }
    // What changed while it was being read is read again, not believed.
    if ((await signatureOf(files, pause)) !== signature) {
      this.#again = true;
      return;
    }
    this.#signature = signature;
    this.#broken = undefined;
    const broken = read.flatMap((file) =>
      file.faults.filter((each) => each.kind === 'syntax').map((fault) => ({ file, fault })),
    )[0];
    if (broken !== undefined) {
      const { line, column } = lineColumn(broken.file, broken.fault.start);
      this.#broken = `${broken.file.name}:${line}:${column}: ${broken.fault.message}`;
      throw new Error(this.#broken);
    }
    const today = this.#options.today();
    this.#world = withoutTexts(worldOf(read, this.#options.config, today, 'admission'));
    this.#lastFailure = undefined;
    metrics.worldReloaded('loaded');
    metrics.worldRead();
    const objects = read.reduce((sum, file) => sum + file.counts.objects, 0);
    logger.info({ folder, files: read.length, objects }, 'world loaded');
    setImmediate(tidyHeap);
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

/** The same world, without the way back from an object to its text: an answer names fields, not lines. */
function withoutTexts(world: World): World {
  const compact = compactor();
  return remade(world, world.today, ({ json, ...rest }) => toResource(compact(json)) ?? { ...rest, json });
}

/** The same objects on a day, each as `make` gives it. */
function remade(world: World, today: string, make: (resource: Resource) => Resource): World {
  const { config, faults, unread, mode } = world;
  return World.of({ resources: world.given.map(make), config, today, faults, unread, mode });
}

/** What tells one state of a set of files from another, without reading them. */
async function signatureOf(files: readonly InputFile[], pause: ReturnType<typeof pauses>): Promise<string> {
  const signature = createHash('sha256');
  for (const { path } of files) {
    const { ino, size, mtimeNs } = statSync(path ?? '', { bigint: true });
    signature.update(`${path}\0${ino}:${size}:${mtimeNs}\n`);
    await pause();
  }
  return signature.digest('hex');
}
