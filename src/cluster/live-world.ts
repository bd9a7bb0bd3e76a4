import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../core/base/config.ts';
import type { Kind } from '../core/base/model.ts';
import { isIomeshClass, parameter } from '../core/iomesh/storage-class.ts';
import { World } from '../core/world.ts';
import { type WorldSource, WorldUnreadable } from '../admission/world-source.ts';
import { type Api, reasonOf } from './api.ts';
import { type Corrections, correct, corrected, listVersions, type Listed } from './consistent-read.ts';
import { WATCHED } from './kinds.ts';
import { ClusterMetrics } from './metrics.ts';
import { Reflector } from './reflector.ts';
import { SharedRead } from './shared-read.ts';
import type { Entry, IsNamed } from './slim.ts';
import { type Timings, TIMINGS } from './timings.ts';

const NOTHING: Corrections = new Map();

export interface LiveWorldOptions {
  readonly api: Api;
  readonly config: Config;
  readonly logger: Logger;
  /** Where the figures of the watches and reads are shown. */
  readonly registry: Registry;
  /** The day, `YYYY-MM-DD` in UTC. */
  readonly today: () => string;
  readonly timings?: Partial<Timings> | undefined;
}

/**
 * The world as the cluster holds it. Watches keep it at hand; each answer is held against the
 * apiserver, so that a partner created a moment ago is seen and one just deleted is not.
 */
export class LiveWorld implements WorldSource {
  readonly metrics: ClusterMetrics;
  readonly #options: LiveWorldOptions;
  readonly #timings: Timings;
  readonly #reflectors: readonly Reflector[];
  readonly #classes: Reflector;
  readonly #shared: SharedRead<World>;
  #built: { readonly basis: string; readonly world: World } | undefined;
  #named: { readonly revision: number; readonly names: ReadonlySet<string> } | undefined;

  private constructor(options: LiveWorldOptions) {
    this.#options = options;
    this.#timings = { ...TIMINGS, ...options.timings };
    this.metrics = new ClusterMetrics(options.registry);
    const { api, logger } = options;
    this.#reflectors = WATCHED.map(
      (kind) =>
        new Reflector({
          api,
          kind,
          logger,
          timings: this.#timings,
          metrics: this.metrics,
          isNamed: (key) => this.#namedNow().has(key),
        }),
    );
    this.#classes = this.#reflectors.find(({ kind }) => kind.kind === 'StorageClass')!;
    this.#shared = new SharedRead(() => this.#read());
  }

  /** Begins to watch a cluster. What fails is told in the log, and by {@link ready} until it works. */
  static open(options: LiveWorldOptions): LiveWorld {
    const world = new LiveWorld(options);
    for (const reflector of world.#reflectors) reflector.start();
    return world;
  }

  get ready(): boolean {
    return this.#reflectors.every(({ state }) => state !== 'starting');
  }

  /** The world as it stands at some moment after this call. */
  async current(signal: AbortSignal): Promise<World> {
    const read = this.#shared.get();
    return await new Promise((resolve, reject) => {
      const late = () => reject(new WorldUnreadable(this.#waitingFor()));
      if (signal.aborted) late();
      signal.addEventListener('abort', late, { once: true });
      read.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
    });
  }

  /** The same, under the name the ledger asks by: its objects carry `metadata.uid` and `metadata.resourceVersion`. */
  consistent(signal: AbortSignal): Promise<World> {
    return this.current(signal);
  }

  /** What the watch on a kind has brought so far; it may lag behind the cluster. */
  entriesOf(kind: Kind): Iterable<Entry> {
    return this.#reflectors.find((each) => each.kind.kind === kind)?.store.entries.values() ?? [];
  }

  /** Ends the watches and closes the connections. */
  async close(): Promise<void> {
    await Promise.all(this.#reflectors.map((each) => each.stop()));
    await this.#options.api.close();
  }

  async #read(): Promise<World> {
    const began = performance.now();
    const signal = AbortSignal.timeout(this.#timings.readMs);
    try {
      const world = await this.#verified(signal);
      this.metrics.read('done', (performance.now() - began) / 1000);
      return world;
    } catch (error) {
      this.metrics.read('failed', (performance.now() - began) / 1000);
      if (error instanceof WorldUnreadable) throw error;
      throw new WorldUnreadable(signal.aborted ? this.#waitingFor() : this.#unreadable(error));
    }
  }

  async #verified(signal: AbortSignal): Promise<World> {
    const { api } = this.#options;
    await Promise.all(this.#reflectors.map((each) => each.listed(signal)));
    const held = this.#reflectors.filter((each) => !(each.kind.mayLag && each.inStep));
    const listed = new Map<Reflector, Listed | undefined>();
    await Promise.all(
      held.map(async (each) => {
        listed.set(each, await listVersions(api, each, signal));
      }),
    );
    // Classes come first: they name ConfigMaps, and those count whatever they hold.
    const corrections = new Map<Reflector, Corrections>();
    const settle = async (each: Reflector, isNamed: IsNamed) => {
      corrections.set(each, await correct(api, each, listed.get(each), isNamed, signal));
    };
    await settle(this.#classes, () => false);
    const names = namesOf(corrected(this.#classes.store.entries, corrections.get(this.#classes)!));
    await Promise.all(
      held.filter((each) => each !== this.#classes).map((each) => settle(each, (key) => names.has(key))),
    );
    return this.#build(corrections);
  }

  /** Nothing that differs, nothing that changed: the same world again, with all it has worked out. */
  #build(corrections: ReadonlyMap<Reflector, Corrections>): World {
    const { config } = this.#options;
    const today = this.#options.today();
    const asStored = [...corrections.values()].every((each) => each.size === 0);
    const basis = [today, ...this.#reflectors.map(({ store }) => store.revision)].join(' ');
    if (asStored && this.#built?.basis === basis) return this.#built.world;
    const resources = this.#reflectors.flatMap((each) =>
      [...corrected(each.store.entries, corrections.get(each) ?? NOTHING)].map(({ resource }) => resource),
    );
    const world = World.of({ resources, config, today, mode: 'admission' });
    if (asStored) this.#built = { basis, world };
    return world;
  }

  /** The ConfigMaps that classes name, as the watch on classes has it. */
  #namedNow(): ReadonlySet<string> {
    const { revision, entries } = this.#classes.store;
    if (this.#named?.revision !== revision) this.#named = { revision, names: namesOf(entries.values()) };
    return this.#named.names;
  }

  /** Why a read did not end in time. */
  #waitingFor(): string {
    const failing = this.#reflectors.find(
      ({ state, failure }) => state === 'starting' && failure !== undefined,
    );
    const { server } = this.#options.api;
    return failing === undefined
      ? `${server} did not answer in time`
      : `${failing.kind.plural} cannot be read from ${server}: ${failing.failure}`;
  }

  #unreadable(error: unknown): string {
    return `the cluster at ${this.#options.api.server} cannot be read: ${reasonOf(error)}`;
  }
}

/** `namespace/name` of every ConfigMap that a class of ours names. */
function namesOf(classes: Iterable<Entry>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { resource } of classes) {
    const name = isIomeshClass(resource) ? parameter(resource, 'clusterConnection') : undefined;
    if (name !== undefined) names.add(name);
  }
  return names;
}
