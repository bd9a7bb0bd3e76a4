import { type Config, DEFAULT_CONFIG } from './base/config.ts';
import { IOMESH_VERSIONS, type IomeshVersion } from './base/iomesh-version.ts';
import { strongestEvidence, type VersionEvidence, versionEvidence } from './base/version-evidence.ts';
import type { TextSpan } from './finding.ts';
import { own } from './base/json.ts';
import { asksForWaiver } from './base/waivers.ts';
import { type Change, type Kind, KINDS, type ObjectRef, type Resource, resourceKey } from './base/model.ts';
import {
  ChangedObjects,
  type DuplicateObject,
  ExtendedObjects,
  type ObjectIndex,
  ObjectsByKind,
  type ObjectSet,
  StoredObjects,
} from './base/objects.ts';

/**
 * `lint` evaluates files as they are written; `admission` evaluates objects that the apiserver has decoded.
 */
export type Mode = 'lint' | 'admission';

/** An error in the text of a file, found by its reader. */
export interface InputError {
  readonly code: 'IOM001' | 'IOM002' | 'IOM003' | 'IOM005';
  readonly message: string;
  readonly help?: string | undefined;
  readonly span: TextSpan;
  readonly related?: readonly { readonly message: string; readonly span: TextSpan }[] | undefined;
}

/** An object that exists but could not be read. An undefined field can have any value. */
export interface UnreadObject {
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** Why it could not be read, if that is not reported elsewhere. */
  readonly reason?: string | undefined;
}

/** All objects of one kind, read separately from those of a world. */
export interface SeparateKind {
  readonly kind: Kind;
  readonly objects: ObjectSet;
  /** Why the kind could not be read. */
  readonly failure?: string | undefined;
}

/** What a world is made of. `{ ...world, resources }` makes one that differs in its objects only. */
export interface WorldInput {
  readonly resources: readonly Resource[];
  /** The date that decides whether a waiver has expired: `YYYY-MM-DD` in UTC. */
  readonly today: string;
  readonly config?: Config | undefined;
  /** `lint` by default. */
  readonly mode?: Mode | undefined;
  readonly inputErrors?: readonly InputError[] | undefined;
  readonly unread?: readonly UnreadObject[] | undefined;
  /** See {@link World.definition}. */
  readonly definition?: VersionEvidence | undefined;
  /** See {@link World.helmValues}. */
  readonly helmValues?: readonly Resource[] | undefined;
  /** What successive worlds of one source pass on to each other: see {@link World.memoizeFrom}. One map for each source. */
  readonly passedOn?: Map<unknown, unknown> | undefined;
}

/**
 * The rules that report schema errors, and whether an admission evaluates them: the apiserver has already
 * handled unknown fields and wrong types.
 */
const SCHEMA_RULES = {
  IOM004: { name: 'unknown-field', admission: false },
  IOM005: { name: 'wrong-type', admission: false },
  IOM006: { name: 'missing-field', admission: true },
  IOM007: { name: 'placeholder', admission: true },
} as const;

type SchemaRule = keyof typeof SCHEMA_RULES;

const IN_NAMESPACE = Object.fromEntries(
  KINDS.map((kind): [Kind, ObjectIndex] => [
    kind,
    { kind, keys: (resource) => [resource.ref.namespace ?? ''] },
  ]),
) as Readonly<Record<Kind, ObjectIndex>>;

/**
 * All objects that one run or one review evaluates together. Immutable. Every look-up is indexed, so a rule
 * may use it for each object; {@link World.with} takes the same time for a world of any size.
 */
export class World {
  readonly config: Config;
  readonly mode: Mode;
  readonly today: string;
  readonly inputErrors: readonly InputError[];
  readonly unread: readonly UnreadObject[];
  /** What the definition of IOMeshClusters shows that is installed in the live cluster, if it was read. */
  readonly definition: VersionEvidence | undefined;
  /**
   * Files of Helm values, each as a resource: `json` is the content of the file, `ref` names the
   * IOMeshCluster that it renders to. The rendered objects are among the resources.
   */
  readonly helmValues: readonly Resource[];
  /**
   * Objects whose key another object already has, in order of reading. Look-ups find only the first object of
   * a key.
   */
  readonly duplicates: readonly DuplicateObject[];
  /** The world before {@link change}; undefined for a world that is not made by {@link with}. */
  readonly base: World | undefined;
  readonly change: Change | undefined;
  /**
   * The field that decided {@link iomeshVersion}; undefined if the configuration sets it, or if no object, and no
   * installed definition, has such a field. A change can only make it stronger: while the last cluster of a release is deleted, the
   * rules of that release apply.
   */
  readonly evidence: VersionEvidence | undefined;
  /** The release of IOMesh whose rules apply. */
  readonly iomeshVersion: IomeshVersion;
  /**
   * Everything beside the object itself that decides how a field is read: use it as the key of a cache by
   * object.
   */
  readonly schemaKey: string;

  /** See {@link WorldInput.passedOn}. */
  readonly passedOn: Map<unknown, unknown> | undefined;

  readonly #objects: ObjectSet;
  readonly #memo = new Map<unknown, unknown>();
  /** The last result of {@link withKind}. */
  #extended: { readonly objects: ObjectSet; readonly world: World } | undefined;

  private constructor(
    input: Omit<WorldInput, 'resources'>,
    objects: ObjectSet,
    duplicates: readonly DuplicateObject[],
    evidence: VersionEvidence | undefined,
    base?: World,
    change?: Change,
  ) {
    this.config = input.config ?? DEFAULT_CONFIG;
    this.mode = input.mode ?? 'lint';
    this.today = input.today;
    this.inputErrors = input.inputErrors ?? [];
    this.unread = input.unread ?? [];
    this.definition = input.definition;
    this.helmValues = input.helmValues ?? [];
    this.passedOn = input.passedOn;
    this.duplicates = duplicates;
    this.base = base;
    this.change = change;
    this.evidence = evidence;
    const { iomeshVersion } = this.config;
    this.iomeshVersion = iomeshVersion === 'auto' ? (evidence?.version ?? IOMESH_VERSIONS[0]) : iomeshVersion;
    this.schemaKey = base?.schemaKey ?? this.#schemaKey();
    this.#objects = objects;
  }

  /**
   * A world of these resources. If several have one key, the first counts and the others are {@link
   * duplicates}.
   */
  static of(input: WorldInput): World {
    const objects = new StoredObjects(input.resources);
    return new World(input, objects, objects.duplicates, evidenceIn(objects, input));
  }

  /** A world of sets of objects, one for each kind. */
  static ofKinds(sets: ReadonlyMap<Kind, ObjectSet>, input: Omit<WorldInput, 'resources'>): World {
    const objects = new ObjectsByKind(sets);
    return new World(input, objects, [], evidenceIn(objects, input));
  }

  /**
   * This world after one change. The change's `before` must be the object as this world has it, if it has it.
   * Its `base` is this world; if the change decides for another release of IOMesh, the same objects under that
   * release, so that both are evaluated by the same rules.
   */
  with(change: Change): World {
    const evidence = this.#evidenceWith(change.after);
    const base = evidence?.version === this.evidence?.version ? this : this.#decidedBy(evidence);
    return new World(
      this,
      new ChangedObjects(this.#objects, change),
      this.duplicates,
      evidence,
      base,
      change,
    );
  }

  #evidenceWith(changed: Resource | undefined): VersionEvidence | undefined {
    if (this.config.iomeshVersion !== 'auto' || changed === undefined) return this.evidence;
    const known = this.evidence === undefined ? [] : [this.evidence];
    return decidingEvidence([...known, ...versionEvidence(changed)], this.config);
  }

  /** The same objects under the release of other evidence. */
  #decidedBy(evidence: VersionEvidence | undefined): World {
    if (this.base === undefined || this.change === undefined)
      return new World(this, this.#objects, this.duplicates, evidence);
    const base = this.base.#decidedBy(evidence);
    return new World(this, this.#objects, this.duplicates, evidence, base, this.change);
  }

  /** The same objects, evaluated in another mode. */
  inMode(mode: Mode): World {
    if (this.mode === mode) return this;
    if (this.base !== undefined) return this.base.inMode(mode).with(this.change ?? {});
    return this.memoize(
      mode,
      () => new World({ ...this, mode }, this.#objects, this.duplicates, this.evidence),
    );
  }

  /** This world with a kind that was read separately. */
  withKind(read: SeparateKind): World {
    const { kind, objects, failure } = read;
    // The next review of the same objects uses the indexes of this world.
    if (this.#extended?.objects === objects) return this.#extended.world;
    const unread = failure === undefined ? this.unread : [...this.unread, { kind, reason: failure }];
    const world = new World(
      { ...this, unread },
      new ExtendedObjects(this.#objects, kind, objects),
      this.duplicates,
      this.evidence,
      this.base?.withKind(read),
      this.change,
    );
    this.#extended = { objects, world };
    return world;
  }

  /** Every resource of a kind, in order of reading. */
  all(kind: Kind): readonly Resource[] {
    return this.#objects.all(kind);
  }

  /** Every resource, kind by kind in order of reading. */
  get resources(): Resource[] {
    return KINDS.flatMap((kind) => this.all(kind));
  }

  /** Every resource, then the {@link duplicates}: the input for {@link World.of}. */
  get resourcesAndDuplicates(): Resource[] {
    return [...this.resources, ...this.duplicates.map(({ again }) => again)];
  }

  /** True if a resource of a kind satisfies a test. After a change, the list of the base is not copied for it. */
  some(kind: Kind, test: (resource: Resource) => boolean): boolean {
    const { base, change } = this;
    if (base === undefined) return this.all(kind).some(test);
    const added = change?.after;
    if (added?.kind === kind && test(added)) return true;
    const remains = (each: Resource) => each.ref.name === '' || this.getByKey(each.key) === each;
    return base.some(kind, (each) => remains(each) && test(each));
  }

  /** The number of resources of a kind. */
  count(kind: Kind): number {
    return this.#objects.count(kind);
  }

  /** The resource of a kind, namespace and name. `namespace` is ignored for cluster-scoped kinds. */
  get(kind: Kind, namespace: string | undefined, name: string): Resource | undefined {
    return this.getByKey(resourceKey(kind, namespace, name));
  }

  /** The resource of a key, see {@link Resource.key}. */
  getByKey(key: string): Resource | undefined {
    return this.#objects.get(key);
  }

  /** The resources that an index has under a key. */
  find(index: ObjectIndex, key: string): readonly Resource[] {
    return this.#objects.find(index, key);
  }

  /** The resources of a kind in a namespace. */
  inNamespace(kind: Kind, namespace: string): readonly Resource[] {
    return this.find(IN_NAMESPACE[kind], namespace);
  }

  /**
   * Whether an object exists. `unknown` if a document that could not be read may hold it: then a reference to
   * it must not be reported as dangling.
   */
  presence(kind: Kind, namespace: string | undefined, name: string): 'yes' | 'no' | 'unknown' {
    if (this.get(kind, namespace, name) !== undefined) return 'yes';
    const mayBeUnread = this.unread.some(
      (each) =>
        (each.kind === undefined || each.kind === kind) &&
        (each.name === undefined || each.name === name) &&
        (each.namespace === undefined || namespace === undefined || each.namespace === namespace),
    );
    return mayBeUnread ? 'unknown' : 'no';
  }

  /** True if a document that could not be read may hold an object of the kind. */
  mayHoldUnread(kind: Kind): boolean {
    return this.unread.some((each) => each.kind === undefined || each.kind === kind);
  }

  /** Why a kind could not be read; undefined if it was. */
  whyUnread(kind: Kind): string | undefined {
    return this.unread.find((each) => each.kind === kind && each.reason !== undefined)?.reason;
  }

  /** The IOMeshCluster of the management cluster, if this world has it. */
  get management(): Resource | undefined {
    return this.memoize('management', () => {
      const { namespace, name } = this.config.managementCluster;
      return this.get('IOMeshCluster', namespace, name);
    });
  }

  /**
   * True for the identity of the management cluster, and for its IOMeshCluster; false for its
   * ZookeeperCluster.
   */
  isManagement({ kind = 'IOMeshCluster', namespace, name }: ClusterName): boolean {
    const { managementCluster } = this.config;
    return (
      kind === 'IOMeshCluster' && namespace === managementCluster.namespace && name === managementCluster.name
    );
  }

  /**
   * Whether a schema error of an object suppresses follow-up findings: only if this world reports it as an
   * error that no waiver accepts.
   */
  suppresses(code: SchemaRule, resource: Resource): boolean {
    return (
      this.#reportsSchemaError(code) &&
      !asksForWaiver(resource, { code, name: SCHEMA_RULES[code].name }, this.config)
    );
  }

  #reportsSchemaError(code: SchemaRule): boolean {
    const setting = own(this.config.rules, code);
    const isLenient = setting === 'off' || setting === 'warning';
    return !isLenient && (this.mode === 'lint' || SCHEMA_RULES[code].admission);
  }

  #schemaKey(): string {
    const codes = Object.keys(SCHEMA_RULES) as SchemaRule[];
    const reported = codes.filter((code) => this.#reportsSchemaError(code));
    const isOfSchema = (rule: string) => codes.some((code) => code === rule);
    const exceptions = this.config.waivers.exceptions.filter(({ rule }) => isOfSchema(rule));
    return JSON.stringify([this.iomeshVersion, reported, exceptions]);
  }

  /**
   * The value computed for this world under a key: computed on first use, then kept as long as the world. The
   * key is any value that nothing else uses as a key, usually the computing function.
   */
  memoize<T>(key: unknown, compute: () => T): T {
    const known = this.#memo.get(key);
    if (known !== undefined || this.#memo.has(key)) return known as T;
    const computed = compute();
    this.#memo.set(key, computed);
    return computed;
  }

  /**
   * As {@link memoize}. `compute` gets the value of the last world of the same source, if one has it: in a live cluster
   * the next world differs in one object.
   */
  memoizeFrom<T>(key: unknown, compute: (last: T | undefined) => T): T {
    return this.memoize(key, () => {
      const computed = compute(this.passedOn?.get(key) as T | undefined);
      this.passedOn?.set(key, computed);
      return computed;
    });
  }
}

type ClusterName = Pick<ObjectRef, 'namespace' | 'name'> & Partial<Pick<ObjectRef, 'kind'>>;

const KINDS_WITH_EVIDENCE = ['IOMeshCluster', 'ZookeeperCluster'] as const;

function evidenceIn(
  objects: ObjectSet,
  { config = DEFAULT_CONFIG, definition }: Pick<WorldInput, 'config' | 'definition'>,
): VersionEvidence | undefined {
  if (config.iomeshVersion !== 'auto') return undefined;
  const shown: VersionEvidence[] = [];
  for (const kind of KINDS_WITH_EVIDENCE)
    for (const resource of objects.all(kind)) shown.push(...versionEvidence(resource));
  if (definition !== undefined) shown.push(definition);
  return decidingEvidence(shown, config);
}

/** The strongest evidence. If the management cluster names a release, no pool, which may be a tenant's, decides otherwise. */
function decidingEvidence(
  shown: readonly VersionEvidence[],
  { managementCluster }: Config,
): VersionEvidence | undefined {
  const decisive = shown.filter(
    ({ by, resource }) =>
      (by === 'release' || by === 'image') && resource?.ref.namespace === managementCluster.namespace,
  );
  return strongestEvidence(decisive.length > 0 ? decisive : shown);
}
