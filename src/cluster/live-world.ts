import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../core/base/config.ts';
import { type Change, changedObject, type Kind, type Resource } from '../core/base/model.ts';
import { type ObjectSet, StoredObjects } from '../core/base/objects.ts';
import { isOfIomesh } from '../core/iomesh/cluster.ts';
import { isConnection } from '../core/iomesh/connection.ts';
import { connectionsNamedBy, parseReference } from '../core/iomesh/storage-class.ts';
import { usedConfigMaps } from '../core/iomesh/used-config-maps.ts';
import { type SeparateKind, World } from '../core/world.ts';
import { type WorldSource, WorldUnreadable } from '../admission/world-source.ts';
import { type Api, reasonOf } from './api.ts';
import { beforeAbort } from '../before-abort.ts';
import {
  type Corrections,
  findCorrections,
  applyCorrections,
  joinVersions,
  listVersions,
  listVolumes,
  readVersion,
} from './consistent-read.ts';
import { VOLUMES, WATCHED } from './kinds.ts';
import { cacheGap } from './ledger/cache-gap.ts';
import type { AppliedVersion, CacheGap, CacheNeeds } from './ledger/types.ts';
import { isVisible, type ListedVersions, type ListStart, type ObjectCache } from './object-cache.ts';
import { type ReadScope, scopeBeyond } from './read-scope.ts';
import { ClusterMetrics } from './metrics.ts';
import { Reflector } from './reflector.ts';
import { SharedRead } from './shared-read.ts';
import type { CachedObject, IsNamed } from './cached-object.ts';
import { InstalledDefinition } from './definition.ts';
import type { VersionEvidence } from '../core/base/version-evidence.ts';
import { type Timings, TIMINGS } from './timings.ts';

/** The interval at which a read looks again if the watches show what it needs. */
const POLL_MS = 2;
/** The objects that a denial rests on; of more, a list is faster. */
const MAX_READ = 8;
/** So long after a review the cache is kept proven. Changes come in groups: a file, the next one, a correction. */
const WORK_MS = 60_000;
/** A watch that has not delivered a listed change after these times together is started anew. */
const COMPARE_MS = [20, 100, 500, 2000];

/** The changes under review and the pending ones are named anew in every round. */
const USED_MS = 60_000;

const NO_CORRECTIONS: Corrections = new Map();

export interface LiveWorldOptions {
  readonly api: Api;
  readonly config: Config;
  readonly logger: Logger;
  /** The registry for the metrics of the watches and reads. */
  readonly registry: Registry;
  /** The day, `YYYY-MM-DD` in UTC. */
  readonly today: () => string;
  readonly timings?: Partial<Timings> | undefined;
}

/**
 * The world of a live cluster. Watches keep it cached. A review compares the cache with a consistent list, so that it
 * sees an object that was created moments ago, and not one that was just deleted; or it uses the cache, if that has
 * everything that the ledger says was stored.
 */
export class LiveWorld implements WorldSource {
  readonly metrics: ClusterMetrics;
  readonly #options: LiveWorldOptions;
  readonly #timings: Timings;
  readonly #reflectors: readonly Reflector[];
  /** Those that are compared with lists. */
  readonly #compared: readonly Reflector[];
  readonly #classes: Reflector;
  readonly #clusters: Reflector;
  readonly #configMaps: Reflector;
  readonly #comparedCaches: ReadonlyMap<string, ObjectCache>;
  readonly #shared: SharedRead<World>;
  readonly #volumes: SharedRead<ObjectSet>;
  /** The last list of volumes, and when it began. */
  #recentVolumes: { readonly objects: ObjectSet; readonly since: number } | undefined;
  readonly #definition: InstalledDefinition;
  #built: { readonly basis: string; readonly world: World } | undefined;
  /** See {@link World.memoizeFrom}. */
  readonly #passedOn = new Map<unknown, unknown>();
  readonly #sets = new Map<Reflector, { readonly revision: number; readonly set: ObjectSet }>();
  /** The next list in the background. */
  #keeping: NodeJS.Timeout | undefined;
  /** When the cache was last asked for. */
  #workedAt = Number.NEGATIVE_INFINITY;
  readonly #comparing = new Set<Reflector>();
  #closed = false;
  #classNames: { readonly revision: number; readonly names: ReadonlySet<string> } | undefined;
  /** The ConfigMaps that the changes under review change or refer to, and until when they count as named. */
  readonly #used = new Map<string, { readonly until: number; readonly isReference: boolean }>();

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
          isNamed: (key) => this.#isNamed(key),
        }),
    );
    this.#compared = this.#reflectors.filter(({ kind }) => !kind.mayLag);
    const ofKind = (kind: Kind) => this.#reflectors.find((each) => each.kind.kind === kind)!;
    this.#classes = ofKind('StorageClass');
    this.#clusters = ofKind('IOMeshCluster');
    this.#configMaps = ofKind('ConfigMap');
    this.#comparedCaches = new Map(this.#compared.map(({ kind, cache }) => [kind.kind, cache]));
    this.#definition = new InstalledDefinition(api);
    this.#shared = new SharedRead(() => this.#read());
    this.#volumes = new SharedRead(() => this.#listVolumes());
  }

  /** Starts to watch a cluster. Failures are logged, and {@link ready} is false until all kinds are listed. */
  static open(options: LiveWorldOptions): LiveWorld {
    const world = new LiveWorld(options);
    for (const reflector of world.#reflectors) reflector.start();
    return world;
  }

  get ready(): boolean {
    return this.#reflectors.every(({ state }) => state !== 'starting');
  }

  /** Another text after every change that the watches show. */
  get revision(): string {
    return this.#reflectors.map(({ cache }) => cache.revision).join(' ');
  }

  /** The world at a moment after this call. */
  async current(signal: AbortSignal): Promise<World> {
    return await beforeAbort(this.#shared.get(), signal, () => new WorldUnreadable(this.#timeoutReason()));
  }

  /** The same for the ledger; the objects have `metadata.uid` and `metadata.resourceVersion`. */
  consistent(signal: AbortSignal): Promise<World> {
    return this.current(signal);
  }

  /** Implements `WorldReader.cached`. */
  async cached(needs: CacheNeeds): Promise<World | CacheGap> {
    const { provenMs, shownMs } = this.#timings;
    const definition = await this.#definition.current(this.#clusters.cache.objects.size === 0);
    const until = performance.now() + shownMs;
    for (;;) {
      const now = performance.now();
      const gap = this.#cacheGap(needs, now - provenMs);
      this.#workedAt = now;
      this.#keepProven();
      if (gap === undefined) return this.#build(new Map(), definition);
      if (gap === 'unproven' || now >= until) return gap;
      await sleep(POLL_MS);
    }
  }

  /** Implements `WorldSource.use` and `WorldReader.use`. */
  use(changes: readonly Change[]): void {
    const now = performance.now();
    for (const [name, { until }] of this.#used) {
      if (until > now) break;
      this.#used.delete(name);
    }
    const add = (name: string, isReference: boolean) => {
      const known = this.#used.get(name);
      // The latest are last.
      this.#used.delete(name);
      this.#used.set(name, { until: now + USED_MS, isReference: isReference || known?.isReference === true });
    };
    for (const change of changes) {
      const changed = changedObject(change);
      if (changed?.kind === 'ConfigMap') add(`${changed.ref.namespace}/${changed.ref.name}`, false);
      for (const name of usedConfigMaps(change)) add(name, true);
    }
  }

  /** Implements `WorldReader.reachedVersions`. */
  reachedVersions(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.#compared
        .filter(({ state }) => state === 'listed')
        .map(({ kind, cache }) => [kind.kind, String(cache.position)]),
    );
  }

  /** Implements `WorldReader.areCurrent`. */
  async areCurrent(objects: readonly AppliedVersion[], signal: AbortSignal): Promise<boolean> {
    if (objects.length === 0 || objects.length > MAX_READ) return false;
    const versions = await Promise.all(
      objects.map(async ({ key }) => {
        const [kind = '', ...name] = key.split('/');
        const reflector = this.#reflectors.find((each) => each.kind.kind === kind);
        return reflector && (await readVersion(this.#options.api, reflector.kind, name, signal));
      }),
    );
    return objects.every(({ resourceVersion }, index) => versions[index] === resourceVersion);
  }

  /** Implements `WorldReader.distrust`. */
  distrust(): void {
    for (const { cache } of this.#compared) cache.distrust();
  }

  /** Implements `WorldSource.volumes`. They are not watched: a cluster has many, and few are deleted with it. */
  async volumes(signal: AbortSignal, recent: boolean): Promise<SeparateKind> {
    const { kind } = VOLUMES;
    const known = recent ? this.#knownVolumes() : undefined;
    if (known !== undefined) return { kind, objects: known };
    try {
      const objects = await beforeAbort(this.#volumes.get(), signal, () => new Error('no answer in time'));
      return { kind, objects };
    } catch (error) {
      const failure = `${VOLUMES.plural} cannot be read from ${this.#options.api.server}: ${reasonOf(error)}`;
      return { kind, objects: new StoredObjects([]), failure };
    }
  }

  /** The volumes of the last seconds. While there is work, a list in the background keeps them so. */
  #knownVolumes(): ObjectSet | undefined {
    const { provenMs } = this.#timings;
    const age = performance.now() - (this.#recentVolumes?.since ?? Number.NEGATIVE_INFINITY);
    if (age >= provenMs) return undefined;
    if (age >= provenMs / 2) void this.#volumes.get().catch(() => undefined);
    return this.#recentVolumes?.objects;
  }

  async #listVolumes(): Promise<ObjectSet> {
    const { readMs, provenMs } = this.#timings;
    const since = performance.now();
    const objects = new StoredObjects(await listVolumes(this.#options.api, AbortSignal.timeout(readMs)));
    const recent = { objects, since };
    this.#recentVolumes = recent;
    // A cluster can have tens of thousands.
    setTimeout(() => {
      if (this.#recentVolumes === recent) this.#recentVolumes = undefined;
    }, provenMs).unref();
    return objects;
  }

  /** See the ledger: true if a watch has shown an object of this {@link Resource.key} and uid. */
  hasBeenStored(key: string, uid: string): boolean {
    const [kind = '', ...name] = key.split('/');
    const reflector = this.#reflectors.find((each) => each.kind.kind === kind);
    return reflector?.cache.hasSeen(name.length === 1 ? `/${name[0]}` : name.join('/'), uid) ?? false;
  }

  /** The cached objects of a kind, which may lag behind the cluster. */
  cachedObjects(kind: Kind): Iterable<CachedObject> {
    return this.#reflectors.find((each) => each.kind.kind === kind)?.cache.objects.values() ?? [];
  }

  /** Namespaces of IOMeshClusters, and of ConfigMaps that our classes name, as the watches show them. */
  *clusterNamespaces(): Iterable<string> {
    for (const { resource } of this.cachedObjects('IOMeshCluster')) yield resource.ref.namespace ?? '';
    for (const name of this.#namedByClasses()) yield name.split('/')[0] ?? '';
  }

  /** The objects of IOMesh clusters in namespaces, as the watches show them. */
  ownObjects(): readonly Resource[] {
    const namespaced = (['IOMeshCluster', 'ZookeeperCluster', 'ConfigMap'] as const).flatMap((kind) =>
      this.#wholeObjects(kind),
    );
    const { config, today } = this.#options;
    const resources = [...namespaced, ...this.#wholeObjects('StorageClass')];
    const world = World.of({ resources, config, today: today(), mode: 'admission' });
    return namespaced.filter((each) =>
      each.kind === 'ConfigMap' ? isConnection(world, each) : isOfIomesh(world, each),
    );
  }

  #wholeObjects(kind: Kind): readonly Resource[] {
    return [...this.cachedObjects(kind)].filter(({ whole }) => whole).map(({ resource }) => resource);
  }

  /** Ends the watches and closes the connections. */
  async close(): Promise<void> {
    this.#definition.stop();
    this.#closed = true;
    clearTimeout(this.#keeping);
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
      throw new WorldUnreadable(signal.aborted ? this.#timeoutReason() : this.#unreadable(error));
    }
  }

  #cacheGap(needs: CacheNeeds, since: number): CacheGap | undefined {
    const gap = cacheGap(this.#comparedCaches, needs, since);
    if (gap !== undefined) return gap;
    const { cache } = this.#configMaps;
    for (const name of this.#named()) {
      // The next read fetches the content of a ConfigMap that has just been named.
      if (cache.objects.get(name)?.whole === false) return 'unproven';
      // One that is only changed is among those that the ledger needs shown.
      const isChangedOnly = this.#used.get(name)?.isReference === false && !this.#namedByClasses().has(name);
      if (!isChangedOnly && !cache.isProven(name)) return 'unproven';
    }
    return undefined;
  }

  /** Lists in the background whenever a proof is half as old as it may be, so that no review waits for it. */
  #keepProven(): void {
    const { provenMs } = this.#timings;
    if (this.#keeping !== undefined || this.#closed || provenMs === 0) return;
    this.#keeping = setTimeout(async () => {
      await this.#shared.get().catch(() => undefined);
      this.#keeping = undefined;
      if (performance.now() - this.#workedAt < WORK_MS) this.#keepProven();
    }, provenMs / 2).unref();
  }

  /** Compares a cache with a list, again a moment later, and lists anew if the watch does not deliver. */
  async #compare(reflector: Reflector, listed: ListedVersions | undefined, start: ListStart) {
    const { cache } = reflector;
    if (listed === undefined) {
      if (reflector.state !== 'listed') cache.prove(0, start);
      return;
    }
    const first = cache.compare(listed, start);
    if (first === 'in step' || first === 'incomparable') return;
    if (first === 'behind') {
      if (this.#comparing.has(reflector)) return;
      this.#comparing.add(reflector);
      try {
        for (const wait of COMPARE_MS) {
          await sleep(wait, undefined, { ref: false });
          if (this.#closed || cache.compare(listed, start) === 'in step') return;
        }
      } finally {
        this.#comparing.delete(reflector);
      }
    }
    cache.distrust();
    await reflector.relist(AbortSignal.timeout(this.#timings.listMs)).catch(() => undefined);
  }

  async #verified(signal: AbortSignal): Promise<World> {
    const { api } = this.#options;
    await Promise.all(this.#reflectors.map((each) => each.listed(signal)));
    const held = this.#reflectors.filter((each) => !(each.kind.mayLag && each.isCurrent));
    const scope = this.#scopeOf(this.#clusters.cache.objects.values(), this.#namedByClasses());
    const scopeFor = ({ kind }: Reflector) => (kind.scoped ? scope : undefined);
    const listed = new Map<Reflector, ListedVersions | undefined>();
    await Promise.all(
      held.map(async (each) => {
        const start = each.cache.startList(performance.now());
        const versions = await listVersions(api, each, scopeFor(each), signal);
        listed.set(each, versions);
        void this.#compare(each, versions, start);
      }),
    );
    // StorageClasses and IOMeshClusters first: they say which ConfigMaps can matter.
    const corrections = new Map<Reflector, Corrections>();
    const settle = async (each: Reflector, within = scopeFor(each), isNamed: IsNamed = () => false) => {
      corrections.set(each, await findCorrections(api, each, listed.get(each), within, isNamed, signal));
    };
    const first = [this.#classes, this.#clusters];
    await Promise.all(first.map((each) => settle(each)));
    const corrected = (each: Reflector) => applyCorrections(each.cache.objects, corrections.get(each)!);
    const now = this.#scopeOf(
      corrected(this.#clusters),
      namesOf(corrected(this.#classes), this.#options.config),
    );
    const more = scopeBeyond(now, scope);
    const known = listed.get(this.#configMaps);
    if (more !== undefined && known?.covers !== undefined) {
      const added = await listVersions(api, this.#configMaps, more, signal);
      listed.set(this.#configMaps, joinVersions(known, added));
    }
    const others = held.filter((each) => !first.includes(each));
    await Promise.all(
      others.map((each) => settle(each, each.kind.scoped ? now : undefined, (key) => now.names.has(key))),
    );
    const definition = await this.#definition.current(this.#clusters.cache.objects.size === 0);
    return this.#build(corrections, definition);
  }

  /** The previous world if nothing changed: its indexes and memos stay usable. */
  #build(corrections: ReadonlyMap<Reflector, Corrections>, definition: VersionEvidence | undefined): World {
    const { config } = this.#options;
    const today = this.#options.today();
    const unchanged = [...corrections].every(([{ cache }, each]) =>
      [...each].every(([key, object]) => !isVisible(cache.objects.get(key), object)),
    );
    const basis = [today, definition?.version, ...this.#reflectors.map(({ cache }) => cache.revision)].join(
      ' ',
    );
    if (unchanged && this.#built?.basis === basis) return this.#built.world;
    const sets = new Map(
      this.#reflectors.map((each): [Kind, ObjectSet] => {
        const corrected = corrections.get(each) ?? NO_CORRECTIONS;
        return [each.kind.kind, corrected.size === 0 ? this.#cachedSet(each) : setOf(each, corrected)];
      }),
    );
    const passedOn = this.#passedOn;
    const world = World.ofKinds(sets, { config, today, mode: 'admission', definition, passedOn });
    if (unchanged) this.#built = { basis, world };
    return world;
  }

  /** The cached objects of a kind, with the indexes of earlier worlds if they are the same. */
  #cachedSet(reflector: Reflector): ObjectSet {
    const { revision } = reflector.cache;
    const known = this.#sets.get(reflector);
    if (known?.revision === revision) return known.set;
    const set = setOf(reflector, NO_CORRECTIONS);
    this.#sets.set(reflector, { revision, set });
    return set;
  }

  /** The ConfigMaps that cached StorageClasses refer to. */
  #namedByClasses(): ReadonlySet<string> {
    const { revision, objects } = this.#classes.cache;
    if (this.#classNames?.revision !== revision)
      this.#classNames = { revision, names: namesOf(objects.values(), this.#options.config) };
    return this.#classNames.names;
  }

  /** True for a ConfigMap that is kept whatever its content. */
  #isNamed(key: string): boolean {
    return (
      this.#namedByClasses().has(key) || this.#used.has(key) || key === configuredConnection(this.#options)
    );
  }

  /** The same ConfigMaps as a list; the names are those of the cached classes or of the given ones. */
  #named(names = this.#namedByClasses()): ReadonlySet<string> {
    const configured = configuredConnection(this.#options);
    const all = [...names, ...this.#used.keys(), ...(configured === undefined ? [] : [configured])];
    // No other ConfigMap can exist.
    return new Set(all.filter((each) => parseReference(each) !== undefined));
  }

  /** The ConfigMaps that can matter among these clusters and classes. */
  #scopeOf(clusters: Iterable<CachedObject>, names: ReadonlySet<string>): ReadScope {
    const namespaces = Array.from(clusters, ({ resource }) => resource.ref.namespace ?? '');
    const { namespace } = this.#options.config.managementCluster;
    return { namespaces: new Set([namespace, ...namespaces]), names: this.#named(names) };
  }

  /** Why a read did not end in time. */
  #timeoutReason(): string {
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

function setOf({ cache }: Reflector, corrections: Corrections): ObjectSet {
  const objects = [...applyCorrections(cache.objects, corrections)].filter(({ whole }) => whole);
  return new StoredObjects(objects.map(({ resource }) => resource));
}

function configuredConnection({ config }: LiveWorldOptions): string | undefined {
  const { managementConnection: id } = config;
  return id && `${id.namespace}/${id.name}`;
}

function namesOf(classes: Iterable<CachedObject>, config: Config): ReadonlySet<string> {
  return connectionsNamedBy(
    Array.from(classes, ({ resource }) => resource),
    config,
  );
}
