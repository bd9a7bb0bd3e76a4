import { type Config, DEFAULT_CONFIG } from './base/config.ts';
import type { TextSpan } from './finding.ts';
import { own } from './base/json.ts';
import { type Change, type Kind, KINDS, type ObjectRef, type Resource, resourceKey } from './base/model.ts';

/** What the reader found wrong with the text itself. */
export interface InputFault {
  readonly code: 'IOM001' | 'IOM002' | 'IOM003';
  readonly message: string;
  readonly help?: string | undefined;
  readonly span: TextSpan;
  readonly related?: readonly { readonly message: string; readonly span: TextSpan }[];
}

/** An object that is there but could not be read: what its text most likely was. */
export interface Unread {
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** A way to look resources up: for one kind, the keys each is found under. Make one constant each. */
export interface Index {
  readonly kind: Kind;
  keys(resource: Resource): Iterable<string>;
}

/**
 * Where a world is judged: over files, where the text is all there is, or at the apiserver, which has
 * dealt with unknown fields and wrong types before anybody is asked.
 */
export type Mode = 'lint' | 'admission';

/** The codes of what can be wrong with an object's shape, and whether an admission judges them. */
const SHAPE = { IOM004: false, IOM005: false, IOM006: true, IOM007: true } as const;

const SHAPE_CODES = Object.keys(SHAPE) as (keyof typeof SHAPE)[];

export interface WorldInput {
  readonly resources: readonly Resource[];
  /** The day waivers are held against, `YYYY-MM-DD` in UTC. */
  readonly today: string;
  readonly config?: Config | undefined;
  /** Which mode judges this world; `lint` by default. See {@link World.reports}. */
  readonly mode?: Mode | undefined;
  readonly faults?: readonly InputFault[] | undefined;
  readonly unread?: readonly Unread[] | undefined;
  /** See {@link World.values}. */
  readonly values?: readonly Resource[] | undefined;
}

const BY_NAMESPACE = new Map<Kind, Index>();

/**
 * All objects a judgement may look at. Immutable; look-ups are indexed, and {@link World.with} costs
 * the same whatever the size of the world, because it only remembers what differs.
 */
export class World {
  readonly config: Config;
  readonly mode: Mode;
  /** How objects are read here: version and reported shape faults. What is cached of an object depends on it. */
  readonly schemaKey: string;
  readonly today: string;
  readonly faults: readonly InputFault[];
  readonly unread: readonly Unread[];
  /**
   * Helm values as they stand in a file, each as a resource: `json` is the file's own values, and the
   * reference is that of the IOMeshCluster they render to. What they render to is among the resources.
   */
  readonly values: readonly Resource[];
  /** Resources that stand where another of the same key stands already, in order of reading. */
  readonly duplicates: readonly { readonly first: Resource; readonly again: Resource }[];
  /** The world this one differs from by one change. */
  readonly base: World | undefined;
  readonly change: Change | undefined;

  readonly #byKey: ReadonlyMap<string, Resource>;
  readonly #byKind: ReadonlyMap<Kind, readonly Resource[]>;
  readonly #indexes = new Map<Index, Map<string, Resource[]>>();
  readonly #memo = new Map<unknown, unknown>();

  private constructor(input: WorldInput, base?: World, change?: Change) {
    this.config = input.config ?? base?.config ?? DEFAULT_CONFIG;
    this.mode = input.mode ?? base?.mode ?? 'lint';
    this.schemaKey =
      base?.schemaKey ??
      [this.config.iomeshVersion, ...SHAPE_CODES.filter((code) => this.reports(code))].join();
    this.today = input.today;
    this.faults = input.faults ?? base?.faults ?? [];
    this.unread = input.unread ?? base?.unread ?? [];
    this.values = input.values ?? base?.values ?? [];
    this.base = base;
    this.change = change;
    const byKey = new Map<string, Resource>();
    const byKind = new Map<Kind, Resource[]>();
    const duplicates: { first: Resource; again: Resource }[] = [];
    for (const resource of input.resources) {
      const first = resource.ref.name === '' ? undefined : byKey.get(resource.key);
      if (first !== undefined) {
        duplicates.push({ first, again: resource });
        continue;
      }
      if (resource.ref.name !== '') byKey.set(resource.key, resource);
      const list = byKind.get(resource.kind);
      if (list === undefined) byKind.set(resource.kind, [resource]);
      else list.push(resource);
    }
    this.#byKey = byKey;
    this.#byKind = byKind;
    this.duplicates = base?.duplicates ?? duplicates;
  }

  /** A world of these resources. Of several with one key the first counts; the others are `duplicates`. */
  static of(input: WorldInput): World {
    return new World(input);
  }

  /** This world after one change. The change's `before` must be the object as it stands in this world, if it does. */
  with(change: Change): World {
    return new World({ resources: [], today: this.today }, this, change);
  }

  /** The same objects, to be judged at another mode. */
  inMode(mode: Mode): World {
    if (this.mode === mode) return this;
    if (this.base !== undefined) return this.base.inMode(mode).with(this.change ?? {});
    return this.memo(`judged at ${mode}`, () => {
      const { resources, config, today, faults, unread, values } = this;
      return new World({ resources, config, today, faults, unread, values, mode });
    });
  }

  /**
   * Whether a fault in the shape of an object is reported here. Only then may what follows from it be
   * left unsaid: a fault nobody is told of must not keep another one quiet.
   */
  reports(code: keyof typeof SHAPE): boolean {
    return own(this.config.rules, code) !== 'off' && (this.mode === 'lint' || SHAPE[code]);
  }

  /** Every resource of a kind, in order of reading. */
  all(kind: Kind): readonly Resource[] {
    if (this.base === undefined) return this.#byKind.get(kind) ?? [];
    const changed = (this.change?.before ?? this.change?.after)?.kind;
    if (changed !== kind) return this.base.all(kind);
    return this.memo(kind, () => this.#overlay(this.base!.all(kind), true));
  }

  /** Every resource, kind by kind in order of reading. */
  get resources(): Resource[] {
    return KINDS.flatMap((kind) => this.all(kind));
  }

  /** The same and after them those of {@link duplicates}: what another world is to be made of. */
  get given(): Resource[] {
    return [...this.resources, ...this.duplicates.map(({ again }) => again)];
  }

  /** How many resources of a kind there are. */
  count(kind: Kind): number {
    if (this.base === undefined) return this.#byKind.get(kind)?.length ?? 0;
    const changed = this.change?.before ?? this.change?.after;
    if (changed?.kind !== kind) return this.base.count(kind);
    const had = this.#replaced() !== undefined ? 1 : 0;
    return this.base.count(kind) - had + (this.change?.after === undefined ? 0 : 1);
  }

  /** The resource of that kind, namespace and name. `namespace` is ignored for cluster-scoped kinds. */
  get(kind: Kind, namespace: string | undefined, name: string): Resource | undefined {
    return this.getByKey(resourceKey(kind, namespace, name));
  }

  /** The resource under a key, see {@link Resource.key}. */
  getByKey(key: string): Resource | undefined {
    if (this.base === undefined) return this.#byKey.get(key);
    const { before, after } = this.change ?? {};
    if (after !== undefined && after.key === key && after.ref.name !== '') return after;
    if (before !== undefined && before.key === key) return undefined;
    return this.base.getByKey(key);
  }

  /** The resources an index holds under a key. */
  find(index: Index, key: string): readonly Resource[] {
    if (this.base !== undefined) {
      const below = this.base.find(index, key);
      const changed = this.change?.before ?? this.change?.after;
      if (changed?.kind !== index.kind) return below;
      const after = this.change?.after;
      return this.#overlay(below, after !== undefined && [...index.keys(after)].includes(key));
    }
    let built = this.#indexes.get(index);
    if (built === undefined) {
      built = new Map();
      for (const resource of this.all(index.kind)) {
        for (const each of new Set(index.keys(resource))) {
          const list = built.get(each);
          if (list === undefined) built.set(each, [resource]);
          else list.push(resource);
        }
      }
      this.#indexes.set(index, built);
    }
    return built.get(key) ?? [];
  }

  /** The resources of a kind in a namespace. */
  inNamespace(kind: Kind, namespace: string): readonly Resource[] {
    let index = BY_NAMESPACE.get(kind);
    if (index === undefined) {
      index = { kind, keys: (resource) => [resource.ref.namespace ?? ''] };
      BY_NAMESPACE.set(kind, index);
    }
    return this.find(index, namespace);
  }

  /**
   * Whether an object is there: `unknown` where a document that could not be read may be it. A
   * reference to something unknown is not reported as dangling.
   */
  presence(kind: Kind, namespace: string | undefined, name: string): 'yes' | 'no' | 'unknown' {
    if (this.get(kind, namespace, name) !== undefined) return 'yes';
    const could = this.unread.some(
      (each) =>
        (each.kind === undefined || each.kind === kind) &&
        (each.name === undefined || each.name === name) &&
        (each.namespace === undefined || namespace === undefined || each.namespace === namespace),
    );
    return could ? 'unknown' : 'no';
  }

  /** True where a document that could not be read may hold an object of that kind. */
  mayHoldUnread(kind: Kind): boolean {
    return this.unread.some((each) => each.kind === undefined || each.kind === kind);
  }

  /** True for the management cluster's own IOMeshCluster. */
  isManagement(ref: ObjectRef): boolean {
    const { namespace, name } = this.config.managementCluster;
    return ref.kind === 'IOMeshCluster' && ref.namespace === namespace && ref.name === name;
  }

  /** The management cluster, if the world holds it. */
  get management(): Resource | undefined {
    const { namespace, name } = this.config.managementCluster;
    return this.get('IOMeshCluster', namespace, name);
  }

  /** Computes once a world, under an identity that no other use shares. For what no index can answer. */
  memo<T>(identity: unknown, compute: () => T): T {
    if (!this.#memo.has(identity)) this.#memo.set(identity, compute());
    return this.#memo.get(identity) as T;
  }

  /** The resource of the base that this world's change replaces or removes. */
  #replaced(): Resource | undefined {
    const changed = this.change?.before ?? this.change?.after;
    return changed === undefined || changed.ref.name === '' ? undefined : this.base?.getByKey(changed.key);
  }

  #overlay(below: readonly Resource[], include: boolean): readonly Resource[] {
    const after = this.change?.after;
    const key = (this.change?.before ?? after)?.key;
    const result: Resource[] = [];
    let placed = false;
    for (const resource of below) {
      if (resource.key !== key || resource.ref.name === '') result.push(resource);
      else if (after !== undefined && include) {
        result.push(after);
        placed = true;
      }
    }
    if (!placed && after !== undefined && include) result.push(after);
    return result;
  }
}
