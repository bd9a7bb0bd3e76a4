import type { Json } from '../../core/base/json.ts';
import type { Path } from '../../core/base/path.ts';
import { YamlError } from './error.ts';
import { type DocumentEvents, EVENT } from './events.ts';
import { keyText, MERGE_TAG, resolveScalar, type Scalar } from './scalar.ts';

/** A duplicate key of a mapping. kubectl silently keeps the later one (https://github.com/yaml/go-yaml/blob/v2.4.4/decode.go#L686). */
export interface DuplicateKey {
  readonly path: Path;
  readonly first: number;
  readonly firstEnd: number;
  readonly start: number;
  readonly end: number;
}

/** The value of a document. */
export interface Composed {
  readonly json: Json;
  readonly duplicates: readonly DuplicateKey[];
}

/**
 * The deepest nesting that is read, so that functions on objects may be recursive. kubectl reads 10 000
 * levels (https://github.com/yaml/go-yaml/blob/v2.4.4/scannerc.go#L895); no object of Kubernetes has a hundred.
 */
export const MAX_NESTING = 1000;
const MAX_DUPLICATES = 1000;

type MutableObject = Record<string, Json>;

interface AnchoredValue {
  readonly open: boolean;
  readonly value: Json | Scalar;
  readonly isMap: boolean;
  readonly isCollection: boolean;
  /** How many nodes go-yaml decodes to repeat the value. */
  readonly size: number;
  readonly text: string;
  readonly tag: string;
}

/** A collection that is not complete. */
interface OpenValue {
  readonly map: MutableObject | undefined;
  readonly list: Json[] | undefined;
  readonly anchor: string;
  readonly countBefore: number;
  /** True for the list of a merge key. */
  readonly mergeList: boolean;
  /** The keys written in this mapping, and the last offset of each. */
  readonly keys: Map<string, number>;
  /** The use of the next value. */
  slot: 'key' | 'value' | 'merge' | 'nowhere';
  key: string;
}

/**
 * Reads one document from its events. Throws {@link YamlError} if kubectl rejects it. It builds no tree with
 * positions: see readTree.
 */
export function compose(events: DocumentEvents): Composed {
  return new Composer(events).document();
}

/** Sets an own member, also `__proto__`. */
export function setMember(target: MutableObject, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}

class Composer {
  readonly #events: DocumentEvents;
  readonly #frames: OpenValue[] = [];
  readonly #anchors = new Map<string, AnchoredValue>();
  readonly #duplicates: DuplicateKey[] = [];
  /** Mappings with a key that JSON cannot have. It is an error only if the mapping is part of the object in the end. */
  readonly #badKeys = new Map<object, YamlError>();
  #badNumber: YamlError | undefined;
  #root: Json = null;
  /** Nodes decoded, and those among them that an alias repeated. */
  #decoded = 1;
  #repeated = 0;

  constructor(events: DocumentEvents) {
    this.#events = events;
  }

  document(): Composed {
    const events = this.#events;
    if (events.next() === EVENT.streamEnd) return { json: null, duplicates: [] };
    for (let type = events.next(); type !== EVENT.documentEnd; type = events.next()) {
      if (type === EVENT.scalar) this.#scalar();
      else if (type === EVENT.mappingStart || type === EVENT.sequenceStart)
        this.#open(type === EVENT.mappingStart);
      else if (type === EVENT.alias) this.#alias();
      else this.#close();
    }
    if (this.#badNumber !== undefined || this.#badKeys.size > 0) this.#rejectInvalidJson();
    return { json: this.#root, duplicates: this.#duplicates };
  }

  #count(): void {
    this.#decoded++;
    this.#checkAliasing();
  }

  /** The limit of go-yaml for values that aliases repeat (https://github.com/yaml/go-yaml/blob/v2.4.4/decode.go#L334). */
  #checkAliasing(): void {
    if (this.#repeated <= 100 || this.#decoded <= 1000) return;
    const scale = Math.min(Math.max((this.#decoded - 400_000) / 3_600_000, 0), 1);
    if (this.#repeated / this.#decoded > 0.99 - 0.89 * scale) {
      const { start, end } = this.#events;
      throw new YamlError('aliasing', 'the aliases of this document repeat too many values', start, end);
    }
  }

  #scalar(): void {
    const { value: text, tag, implicit, start, end, anchor, literal } = this.#events;
    const frame = this.#frames[this.#frames.length - 1];
    if (frame?.slot === 'key' && text === '<<' && (implicit || tag === MERGE_TAG)) {
      frame.slot = 'merge';
      if (anchor !== '') {
        this.#anchors.set(anchor, {
          open: false,
          value: text,
          isMap: false,
          isCollection: false,
          size: 1,
          text,
          tag,
        });
      }
      return;
    }
    if (frame?.slot === 'merge' || frame?.mergeList) throw wantsMap(start, end);
    this.#count();
    const value = literal !== undefined ? literal : resolveScalar(tag, implicit, text, start, end);
    if (anchor !== '') {
      this.#anchors.set(anchor, {
        open: false,
        value,
        isMap: false,
        isCollection: false,
        size: 1,
        text,
        tag,
      });
    }
    if (frame?.slot === 'key') return this.#key(frame, keyText(value, text, tag));
    if (typeof value === 'number' && !Number.isFinite(value)) {
      this.#badNumber ??= new YamlError(
        'number',
        'infinity and not-a-number are not allowed in JSON',
        start,
        end,
      );
    }
    this.#add(value);
  }

  #open(isMap: boolean): void {
    const { start, end, anchor } = this.#events;
    const parent = this.#frames[this.#frames.length - 1];
    if (parent?.slot === 'key') {
      throw new YamlError('key-type', 'a mapping or a list cannot be a key', start, end);
    }
    if (this.#frames.length >= MAX_NESTING) {
      throw new YamlError('depth', `the nesting is deeper than ${MAX_NESTING} levels`, start, end);
    }
    const mergeList = !isMap && parent?.slot === 'merge';
    if (parent?.mergeList && !isMap) throw wantsMap(start, end);
    const countBefore = this.#decoded;
    if (!mergeList) this.#count();
    const map: MutableObject | undefined = isMap ? {} : undefined;
    const list: Json[] | undefined = isMap ? undefined : [];
    if (anchor !== '') {
      const value = map ?? list ?? null;
      this.#anchors.set(anchor, { open: true, value, isMap, isCollection: true, size: 0, text: '', tag: '' });
    }
    const slot = isMap ? 'key' : 'value';
    this.#frames.push({ map, list, anchor, countBefore, mergeList, keys: new Map(), slot, key: '' });
  }

  #close(): void {
    const frame = this.#frames.pop()!;
    const value = frame.map ?? frame.list!;
    const anchor = this.#anchors.get(frame.anchor);
    // The same anchor inside the collection replaces it.
    if (anchor?.open && anchor.value === value) {
      const size = this.#decoded - frame.countBefore + (frame.mergeList ? 1 : 0);
      this.#anchors.set(frame.anchor, { ...anchor, open: false, size });
    }
    this.#add(value);
  }

  #alias(): void {
    const { value: name, start, end } = this.#events;
    const anchor = this.#anchors.get(name);
    if (anchor === undefined)
      throw new YamlError('alias', `the alias *${name} has no anchor above it`, start, end);
    if (anchor.open)
      throw new YamlError('alias', `the alias *${name} is inside the value that it repeats`, start, end);
    const frame = this.#frames[this.#frames.length - 1];
    if ((frame?.slot === 'merge' || frame?.mergeList) && !anchor.isMap) throw wantsMap(start, end);
    this.#decoded += 1 + anchor.size;
    this.#repeated += anchor.size;
    this.#checkAliasing();
    if (frame?.slot === 'key') {
      if (anchor.isCollection)
        throw new YamlError('key-type', 'a mapping or a list cannot be a key', start, end);
      return this.#key(frame, keyText(anchor.value as Scalar, anchor.text, anchor.tag));
    }
    this.#add(anchor.value);
  }

  #key(frame: OpenValue, key: string | undefined): void {
    const { start, end } = this.#events;
    if (key === undefined) {
      frame.slot = 'nowhere';
      this.#badKeys.set(frame.map!, new YamlError('key-type', 'null cannot be a key', start, end));
      return;
    }
    const first = frame.keys.get(key);
    if (first !== undefined && this.#duplicates.length < MAX_DUPLICATES) {
      const path = [...this.#frames.slice(0, -1).map((f) => f.list?.length ?? f.key), key];
      this.#duplicates.push({ path, first, firstEnd: first + end - start, start, end });
    }
    frame.keys.set(key, start);
    frame.key = key;
    frame.slot = 'value';
  }

  #add(value: Json): void {
    const frame = this.#frames[this.#frames.length - 1];
    if (frame === undefined) this.#root = value;
    else if (frame.list !== undefined) frame.list.push(value);
    else {
      if (frame.slot === 'value') setMember(frame.map!, frame.key, value);
      else if (frame.slot === 'merge') this.#merge(frame.map!, value);
      frame.slot = 'key';
    }
  }

  /** Merges in place: a later key of the text wins, but in a list the earlier mapping (https://github.com/yaml/go-yaml/blob/v2.4.4/decode.go#L786). */
  #merge(target: MutableObject, source: Json): void {
    if (Array.isArray(source)) {
      for (let index = source.length - 1; index >= 0; index--) this.#merge(target, source[index]);
      return;
    }
    const from = source as MutableObject;
    for (const key of Object.keys(from)) setMember(target, key, from[key]!);
    const bad = this.#badKeys.get(from);
    if (bad !== undefined) this.#badKeys.set(target, bad);
  }

  /** Only values that are part of the object in the end count: not those that a later key replaced. */
  #rejectInvalidJson(): void {
    const seen = new Set<Json>();
    const waiting: Json[] = [this.#root];
    for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
      if (typeof value === 'number' && !Number.isFinite(value)) throw this.#badNumber!;
      if (typeof value !== 'object' || value === null || seen.has(value)) continue;
      seen.add(value);
      const bad = this.#badKeys.get(value);
      if (bad !== undefined) throw bad;
      for (const member of Object.values(value)) waiting.push(member as Json);
    }
  }
}

function wantsMap(start: number, end: number): YamlError {
  return new YamlError('merge', 'a merge key (`<<`) needs a mapping, or a list of mappings', start, end);
}
