/**
 * Every world that admitted requests can reach from clean ones, breadth first, and which findings stand in them
 * that the requests did not report.
 */
import { lintSeverity, admissionOutcome } from '../../src/core/judge/severity.ts';
import { evidenceKeys } from '../../src/core/judge/collector.ts';
import type { Config } from '../../src/core/base/config.ts';
import { asString, at, isArray, type Json, type JsonObject } from '../../src/core/base/json.ts';
import { describe, isBeingDeleted, type Resource } from '../../src/core/base/model.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { Rule } from '../../src/core/rule.ts';
import { World } from '../../src/core/world.ts';
import { withField } from '../core/defaults/world.ts';
import { everything } from '../core/judge/difference.ts';
import { answerTo, resourceOfJson } from './steps.ts';

/** A field that a request sets: the values by the words that a way shows. Undefined removes it. */
export interface UniverseField {
  readonly paths: readonly string[];
  readonly values: Readonly<Record<string, Json | undefined>>;
}

/** An object that may be created, edited and deleted. */
export interface UniverseObject {
  readonly json: JsonObject;
  readonly fields: readonly UniverseField[];
  /** Whether a finalizer delays its deletion. */
  readonly finalizer: boolean;
  /** Exists from the beginning, and no request is about it. */
  readonly fixed: boolean;
  /** No object of a cluster: its `data.day` is the day, which the first field lists in order. */
  readonly isClock: boolean;
}

/** A few objects, and the clean worlds of some of them that the search begins with. */
export interface Universe {
  readonly name: string;
  readonly config: Config;
  readonly objects: readonly UniverseObject[];
  readonly starts: readonly (readonly UniverseObject[])[];
  /** Objects have a creationTimestamp: worlds differ by which object came first. */
  readonly aged: boolean;
}

/** How a request reported a finding that it brought. */
export type Report = 'warned' | 'waived by annotation' | 'waived by configuration' | 'silent' | 'not asked';

/** Findings that requests of one sort bring in one way. */
export interface FindingClass {
  readonly code: string;
  readonly report: Report;
  /** `CREATE IOMeshCluster`. */
  readonly request: string;
  /** True for a finding on the object of the request. */
  readonly own: boolean;
  /** The kind of the object that the finding is on. */
  readonly kind: string;
  /** The requests that lead to the first finding of this class, from a clean world. */
  readonly way: readonly string[];
  readonly message: string;
  readonly universe: string;
}

/** The result of a search. */
export interface Exploration {
  readonly worlds: number;
  readonly steps: number;
  readonly classes: ReadonlyMap<string, FindingClass>;
}

export const TODAY = '2026-11-23';
const DELETED_AT = '2026-11-23T10:00:00Z';
const NAMESPACE_CONTROLLER = 'system:serviceaccount:kube-system:namespace-controller';
const GARBAGE_COLLECTOR = 'system:serviceaccount:kube-system:generic-garbage-collector';
/** An object with it is gone when no object is left that it owns with blockOwnerDeletion. */
const FOREGROUND = 'foregroundDeletion';

/** The objects of a world: for each of the universe 0, or the number of its content. */
export type State = readonly number[];

interface StandingFinding {
  readonly finding: Finding;
  readonly rule: Rule;
  readonly outcome: 'deny' | 'warn';
}

/** Content that was seen, so that one content is one object. */
class Contents {
  readonly #numbers = new Map<string, number>();
  readonly #resources: (Resource | undefined)[] = [undefined];

  numberOf(json: JsonObject): number {
    const text = sortedJson(json);
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#resources.length;
      this.#numbers.set(text, number);
      this.#resources.push(resourceOfJson(json));
    }
    return number;
  }

  resource(number: number): Resource | undefined {
    return this.#resources[number];
  }
}

function sortedJson(json: Json): string {
  return JSON.stringify(json, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** A request that someone may send in a world. */
export interface Request {
  readonly text: string;
  readonly index: number;
  readonly before?: Resource | undefined;
  readonly after?: Resource | undefined;
  /** The deletion waits for a finalizer. */
  readonly waits?: boolean;
  /** The deletion waits for the objects that this one owns. */
  readonly foreground?: boolean;
  /** The object goes when its finalizer is removed. */
  readonly goes?: boolean;
  readonly username?: string;
}

/** A world that was reached, and what the request that led to it brought. */
export interface Transition {
  readonly text: string;
  readonly next: State;
  readonly brought: readonly (FindingClass & { readonly key: string })[];
}

/** The rules of one universe: which requests there are, and where they lead. */
export class Explorer {
  readonly #universe: Universe;
  readonly #answer: typeof answerTo;
  readonly #contents = new Contents();
  readonly #created: readonly (readonly { readonly text: string; readonly resource: Resource }[])[];
  readonly #standing = new Map<string, ReadonlyMap<string, StandingFinding>>();
  readonly #worlds = new Map<string, World>();

  constructor(universe: Universe, answer: typeof answerTo = answerTo) {
    this.#universe = universe;
    this.#answer = answer;
    this.#created = universe.objects.map((each) =>
      variantsOf(each).map(({ text, json }) => ({ text, resource: this.#intern(json) })),
    );
  }

  /** The worlds that the search begins with. Throws if one is not clean. */
  starts(): readonly State[] {
    return this.#universe.starts.map((present) => {
      const state = this.#universe.objects.map((each) =>
        each.fixed || present.includes(each) ? this.#contents.numberOf(each.json) : 0,
      );
      for (const { finding } of this.#standingIn(state).values())
        throw new Error(`${this.#universe.name}: a start is not clean: ${finding.code} ${finding.message}`);
      return state;
    });
  }

  /** Every request in a world that is admitted and changes something. */
  *transitions(state: State): Iterable<Transition> {
    for (const request of this.requests(state)) {
      const transition = this.follow(state, request);
      if (transition !== undefined) yield transition;
    }
  }

  /** Sends one request; undefined if it is denied or changes nothing. */
  follow(state: State, request: Request): Transition | undefined {
    const { index, before, after, waits, foreground, goes, username } = request;
    const world = this.#worldOf(state);
    const answer = this.#answer(
      world,
      // A user who may not delete the object may do less.
      { before, after, mayDelete: true },
      { config: this.#universe.config, username, createdAt: this.#createdAt(state, before) },
    );
    if (answer.outcome === 'denied') return undefined;
    let content = 0;
    if (before !== undefined && (waits === true || foreground === true))
      content = this.#contents.numberOf(terminating(before.json, foreground === true));
    else if (answer.stored !== undefined && goes !== true) content = this.#contents.numberOf(answer.stored);
    if (content === state[index]) return undefined;
    const next = this.#renumbered(state.with(index, content));
    const operation = before === undefined ? 'CREATE' : after === undefined ? 'DELETE' : 'UPDATE';
    const subject = (after ?? before)!;
    const known = this.#awaited(state);
    const brought = [...this.#awaited(next)]
      .filter(([key]) => !known.has(key))
      .map(([, standing]) => standing);
    const reports = brought.flatMap((standing) => {
      const report: Report =
        answer.outcome === 'unasked' ? 'not asked' : reportOf(standing, answer, operation);
      // A rule that only warns has done what it can with a warning.
      if (report === 'warned' && standing.outcome === 'warn') return [];
      const { finding } = standing;
      const own = finding.objects.some(({ key }) => key === subject.key);
      const kind = finding.object?.kind ?? '';
      const done = this.#universe.objects[index]!.isClock
        ? 'a new day'
        : `${goes === true ? 'end of' : operation} ${subject.kind}`;
      const key = [finding.code, report, done, own ? 'own' : 'other', kind].join(' | ');
      const { code, message } = finding;
      return [
        { key, code, report, request: done, own, kind, message, way: [], universe: this.#universe.name },
      ];
    });
    const codes = [...new Set([...answer.warned, ...answer.waived].map(({ code }) => code))].sort();
    const text = codes.length === 0 ? request.text : `${request.text} {warned: ${codes.join(', ')}}`;
    return { text, next, brought: reports };
  }

  /** Every request that is possible in a world. */
  *requests(state: State): Iterable<Request> {
    for (const index of this.#universe.objects.keys()) yield* this.requestsOf(state, index);
  }

  /** Every request about one object of the universe that is possible in a world. */
  *requestsOf(state: State, index: number): Iterable<Request> {
    const each = this.#universe.objects[index]!;
    const { json } = each;
    if (each.fixed) return;
    const before = this.#contents.resource(state[index]!);
    const closing = this.#closingNamespaces(state);
    if (before === undefined) {
      const namespace = resourceOfJson(each.json).ref.namespace;
      if (namespace !== undefined && closing.has(namespace)) return;
      // It would have another uid than the owner that was deleted.
      const isOwner = (each: Resource) =>
        ownersOf(each).some((owner) => refersTo(owner, resourceOfJson(json)));
      if (this.#resources(state).some(isOwner)) return;
      for (const { text, resource } of this.#created[index]!)
        yield { text: `CREATE ${text}`, index, after: resource };
      return;
    }
    if (each.isClock) {
      yield* this.#nextDay(each, index, before);
      return;
    }
    const name = describe(before.ref);
    if (isBeingDeleted(before)) {
      if (before.kind === 'Namespace' && !this.#isEmpty(state, before.ref.name)) return;
      if (isForeground(before) && this.#blocks(state, before)) return;
      yield { text: `${name} is gone`, index, before, after: before, goes: true };
      return;
    }
    if (before.kind !== 'StorageClass') yield* this.#updates(each, index, before);
    const waits = each.finalizer || before.kind === 'Namespace';
    yield { text: `DELETE ${name}`, index, before, waits };
    if (this.#blocks(state, before))
      yield { text: `DELETE ${name} and what it owns`, index, before, foreground: true };
    if (isOrphan(before, this.#resources(state)))
      yield {
        text: `the garbage collector deletes ${name}`,
        index,
        before,
        waits,
        username: GARBAGE_COLLECTOR,
      };
    if (before.ref.namespace !== undefined && closing.has(before.ref.namespace))
      yield {
        text: `the namespace controller deletes ${name}`,
        index,
        before,
        waits,
        username: NAMESPACE_CONTROLLER,
      };
  }

  *#updates({ fields }: UniverseObject, index: number, before: Resource): Iterable<Request> {
    for (const { paths, values } of fields)
      for (const [word, value] of Object.entries(values)) {
        const after = this.#intern(withFields(before.json, paths, value));
        if (after !== before)
          yield { text: `UPDATE ${describe(before.ref)} (${word})`, index, before, after };
      }
  }

  *#nextDay({ fields: [days] }: UniverseObject, index: number, before: Resource): Iterable<Request> {
    const later = Object.values(days?.values ?? {}).find(
      (day) => String(day) > String(at(before.json, ['data', 'day'])),
    );
    if (later === undefined) return;
    const after = this.#intern(withField(before.json, ['data', 'day'], later));
    yield { text: `${String(later)} begins`, index, before, after };
  }

  #resources(state: State): readonly Resource[] {
    return state.flatMap((number) => this.#contents.resource(number) ?? []);
  }

  /** True if an object owns another one that delays its deletion in the foreground. */
  #blocks(state: State, owner: Resource): boolean {
    return this.#resources(state).some((each) =>
      ownersOf(each).some(
        (reference) => reference['blockOwnerDeletion'] === true && refersTo(reference, owner),
      ),
    );
  }

  /** The creationTimestamp of an object that is created now: after all others. */
  #createdAt(state: State, before: Resource | undefined): string | undefined {
    if (!this.#universe.aged || before !== undefined) return undefined;
    return timeOf(state.filter((number) => number !== 0).length + 1);
  }

  /** The same world with the creationTimestamps as ranks, so that only the order counts. */
  #renumbered(state: State): State {
    if (!this.#universe.aged) return state;
    const stamps = state.map((number) => createdOf(this.#contents.resource(number)));
    const order = [...new Set(stamps.filter((each) => each !== undefined))].sort();
    return state.map((number, index) => {
      const rank = order.indexOf(stamps[index] ?? '');
      const json = this.#contents.resource(number)?.json;
      if (json === undefined || rank < 0) return number;
      return this.#contents.numberOf(withField(json, ['metadata', 'creationTimestamp'], timeOf(rank)));
    });
  }

  #intern(json: JsonObject): Resource {
    return this.#contents.resource(this.#contents.numberOf(json))!;
  }

  #closingNamespaces(state: State): ReadonlySet<string> {
    const all = state.map((number) => this.#contents.resource(number));
    const closing = all.filter((each) => each?.kind === 'Namespace' && isBeingDeleted(each));
    return new Set(closing.map((each) => each!.ref.name));
  }

  #isEmpty(state: State, namespace: string): boolean {
    return state.every((number) => this.#contents.resource(number)?.ref.namespace !== namespace);
  }

  #worldOf(state: State): World {
    const key = state.join();
    let world = this.#worlds.get(key);
    if (world === undefined) {
      const clock = this.#universe.objects.findIndex(({ isClock }) => isClock);
      const day = asString(at(this.#contents.resource(state[clock] ?? 0)?.json, ['data', 'day']));
      const resources = this.#resources(clock < 0 ? state : state.with(clock, 0));
      const { config } = this.#universe;
      world = World.of({ resources, config, today: day ?? TODAY, mode: 'admission' });
      // Requests about one world follow each other.
      if (this.#worlds.size > 50) this.#worlds.clear();
      this.#worlds.set(key, world);
    }
    return world;
  }

  /**
   * What stands in a world, and what will stand in it without a further request, when all that is being deleted is
   * gone. Without what is about such an object alone.
   */
  #awaited(state: State): ReadonlyMap<string, StandingFinding> {
    const standing = this.#standingIn(state);
    const left = this.#left(state);
    if (left === state) return standing;
    const stays = (key: string) => left.some((number) => this.#contents.resource(number)?.key === key);
    const lasting = [...standing].filter(([, { finding }]) => finding.objects.some(({ key }) => stays(key)));
    return new Map([...lasting, ...this.#standingIn(left)]);
  }

  /** The world without what is being deleted, and without what the garbage collector deletes then. */
  #left(state: State): State {
    const closing = this.#closingNamespaces(state);
    const goes = (each: Resource, present: readonly Resource[]) =>
      isEnding(each, closing) || isOrphan(each, present);
    let left = state;
    for (;;) {
      const present = this.#resources(left);
      const gone = present.filter((each) => goes(each, present));
      if (gone.length === 0) return left;
      left = left.map((number) => (gone.includes(this.#contents.resource(number)!) ? 0 : number));
    }
  }

  /** The errors that `audit` finds in a world, of rules that an admission evaluates, by their evidence. */
  #standingIn(state: State): ReadonlyMap<string, StandingFinding> {
    const key = state.join();
    let standing = this.#standing.get(key);
    if (standing === undefined) {
      standing = standingFindings(this.#worldOf(state).inMode('lint'));
      this.#standing.set(key, standing);
    }
    return standing;
  }
}

function standingFindings(world: World): ReadonlyMap<string, StandingFinding> {
  const standing = new Map<string, StandingFinding>();
  for (const { finding, rule, minor } of everything(world, {}).all()) {
    const outcome = admissionOutcome(rule, minor, world.config);
    if (outcome === 'none' || lintSeverity(rule, minor, world.config) !== 'error') continue;
    for (const key of evidenceKeys(finding)) standing.set(key, { finding, rule, outcome });
  }
  return standing;
}

/** By name of rule and object; for a deletion, the rule that reports in place of another one names the object. */
function reportOf(
  { finding, rule }: StandingFinding,
  { warned, waived }: Pick<ReturnType<typeof answerTo>, 'warned' | 'waived'>,
  operation: string,
): Report {
  const { code, identity, objects } = finding;
  const isNamed = (each: Finding) =>
    each.code === code &&
    (each.identity === identity || each.objects.some(({ key }) => objects.some((one) => one.key === key)));
  if (warned.some(isNamed)) return 'warned';
  const accepted = waived.find(isNamed);
  if (accepted !== undefined)
    return accepted.waiver.by === 'configuration' ? 'waived by configuration' : 'waived by annotation';
  const deputies = deputiesOf(rule, operation);
  const isSaid = warned.some(
    (each) =>
      deputies.includes(each.code) &&
      objects.some(({ key, ref }) => each.resource?.key === key || each.message.includes(ref.name)),
  );
  return isSaid ? 'warned' : 'silent';
}

/** The rules that report in place of another one. */
function deputiesOf({ code, deletionReportedBy }: Rule, operation: string): readonly string[] {
  // IOM403 reports every pool that no longer matches the management cluster.
  if (code === 'IOM401') return ['IOM403'];
  return operation === 'DELETE' && deletionReportedBy !== undefined ? [deletionReportedBy, 'IOM607'] : [];
}

function createdOf(resource: Resource | undefined): string | undefined {
  return asString(at(resource?.json, ['metadata', 'creationTimestamp']));
}

function timeOf(rank: number): string {
  return `2026-01-01T00:00:${String(rank).padStart(2, '0')}Z`;
}

function terminating(json: JsonObject, foreground = false): JsonObject {
  const deleted = withField(json, ['metadata', 'deletionTimestamp'], DELETED_AT);
  return foreground ? withField(deleted, ['metadata', 'finalizers'], [FOREGROUND]) : deleted;
}

/** True if an object or its namespace is being deleted. */
function isEnding(resource: Resource, closing: ReadonlySet<string>): boolean {
  return isBeingDeleted(resource) || closing.has(resource.ref.namespace ?? '');
}

function isForeground({ json }: Resource): boolean {
  const finalizers = at(json, ['metadata', 'finalizers']);
  return isArray(finalizers) && finalizers.includes(FOREGROUND);
}

function ownersOf({ json }: Resource): readonly JsonObject[] {
  return (at(json, ['metadata', 'ownerReferences']) ?? []) as unknown as readonly JsonObject[];
}

function refersTo({ kind, name, uid }: JsonObject, { ref, json }: Resource): boolean {
  return ref.kind === kind && ref.name === name && at(json, ['metadata', 'uid']) === uid;
}

/**
 * True if an object has owners, and each of them is gone or waits for what it owns: the garbage collector deletes it.
 * https://kubernetes.io/docs/concepts/architecture/garbage-collection/#cascading-deletion
 */
function isOrphan(resource: Resource, present: readonly Resource[]): boolean {
  const owners = ownersOf(resource);
  const { namespace } = resource.ref;
  return (
    owners.length > 0 &&
    !owners.some((owner) =>
      present.some(
        (each) => each.ref.namespace === namespace && refersTo(owner, each) && !isForeground(each),
      ),
    )
  );
}

function withFields(json: JsonObject, paths: readonly string[], value: Json | undefined): JsonObject {
  return paths.reduce((edited, path) => withField(edited, path.split('.'), value), json);
}

/** An object with more combinations is created with one field at a time that is not the first value. */
const MOST_VARIANTS = 100;

/** Every combination of the values of an object's fields. */
function variantsOf({
  json,
  fields,
}: UniverseObject): { readonly text: string; readonly json: JsonObject }[] {
  const name = describe(resourceOfJson(json).ref);
  let variants: { words: readonly string[]; json: JsonObject }[] = [{ words: [], json }];
  const count = fields.reduce((product, { values }) => product * Object.keys(values).length, 1);
  for (const { paths, values } of fields) {
    const set = (variant: (typeof variants)[number], [word, value]: [string, Json | undefined]) => ({
      words: [...variant.words, word],
      json: withFields(variant.json, paths, value),
    });
    const [first, ...others] = Object.entries(values);
    if (first === undefined) continue;
    variants =
      count > MOST_VARIANTS
        ? [...variants.map((each) => set(each, first)), ...others.map((each) => set(variants[0]!, each))]
        : variants.flatMap((variant) => [first, ...others].map((each) => set(variant, each)));
  }
  return variants.map(({ words, json: edited }) => ({
    text: words.length === 0 ? name : `${name} (${words.join(', ')})`,
    json: edited,
  }));
}

/** Every world of a universe that admitted requests reach, at most so many. */
export function explore(
  universe: Universe,
  answer?: typeof answerTo,
  limit = Number.POSITIVE_INFINITY,
): Exploration {
  const explorer = new Explorer(universe, answer);
  const reached = new Map<string, { readonly from?: string; readonly text: string }>();
  const queue: State[] = [];
  for (const state of explorer.starts()) {
    if (reached.has(state.join())) continue;
    reached.set(state.join(), { text: '' });
    queue.push(state);
  }
  const wayTo = (key: string): string[] => {
    const { from, text } = reached.get(key)!;
    return from === undefined ? [] : [...wayTo(from), text];
  };
  const classes = new Map<string, FindingClass>();
  let steps = 0;
  for (const state of queue) {
    const from = state.join();
    for (const { text, next, brought } of explorer.transitions(state)) {
      steps += 1;
      for (const { key, ...each } of brought)
        if (!classes.has(key)) classes.set(key, { ...each, way: [...wayTo(from), text] });
      const to = next.join();
      if (reached.has(to) || reached.size >= limit) continue;
      reached.set(to, { from, text });
      queue.push(next);
    }
  }
  return { worlds: reached.size, steps, classes };
}

/** The classes of several searches, each with its shortest way. */
export function mergeClasses(explorations: readonly Exploration[]): ReadonlyMap<string, FindingClass> {
  const merged = new Map<string, FindingClass>();
  for (const { classes } of explorations)
    for (const [key, each] of classes) {
      const known = merged.get(key);
      if (known === undefined || each.way.length < known.way.length) merged.set(key, each);
    }
  return merged;
}
