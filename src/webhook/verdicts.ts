import { isObject, type Json, type JsonObject } from '../core/json.ts';
import { type Resource, sameObject } from '../core/model.ts';
import type { Change } from '../core/rule.ts';
import type { World } from '../core/world.ts';
import type { Decision } from './decision.ts';

/** How much is kept: as many verdicts, about so many bytes of reviews in all and of any one. */
const LIMITS = { count: 256, bytes: 2 * 1024 * 1024, each: 64 * 1024 };

/** What every write changes and no rule reads. When an object was made is read. */
const UNREAD: ReadonlySet<string> = new Set(['managedFields', 'resourceVersion', 'generation', 'uid']);

/** Deeper than any schema; what is deeper is judged anew. */
const MAX_DEPTH = 64;

interface Remembered {
  readonly before: Resource | undefined;
  readonly after: Resource | undefined;
  readonly decision: Decision;
  readonly bytes: number;
}

interface Book {
  readonly byKey: Map<string, Remembered>;
  bytes: number;
}

/**
 * The last verdict on each of a few objects. Controllers apply what has not changed again and again, and
 * an apiserver may ask twice about one request; the same change against the same world is judged once. A
 * new world forgets everything. Not for what is judged beside other changes under way.
 */
export class Verdicts {
  readonly #books = new WeakMap<World, Book>();
  readonly #limits: typeof LIMITS;

  constructor(limits: Partial<typeof LIMITS> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /**
   * The verdict on a change: the one remembered if it is the same change, else what `judge` says. `bytes` is
   * the size of the review. The answer is to whoever asked first: its uid is for the caller to set.
   */
  decide(world: World, { before, after }: Change, bytes: number, judge: () => Decision): Decision {
    const key = (after ?? before)?.key;
    // What has no name yet is as good as never the same object.
    if (key === undefined || (after ?? before)?.ref.name === '' || !(bytes <= this.#limits.each))
      return judge();
    let book = this.#books.get(world);
    if (book === undefined) {
      book = { byKey: new Map(), bytes: 0 };
      this.#books.set(world, book);
    }
    const known = book.byKey.get(key);
    if (known !== undefined) forget(book, key, known);
    if (known !== undefined && isSame(known.before, before) && isSame(known.after, after)) {
      remember(book, key, known);
      return known.decision;
    }
    const decision = judge();
    remember(book, key, { before: plain(before), after: plain(after), decision: brief(decision), bytes });
    for (const [oldest, entry] of book.byKey) {
      if (book.byKey.size <= this.#limits.count && book.bytes <= this.#limits.bytes) break;
      forget(book, oldest, entry);
    }
    return decision;
  }

  /** How much is remembered of a world. */
  size(world: World): { readonly count: number; readonly bytes: number } {
    const book = this.#books.get(world);
    return { count: book?.byKey.size ?? 0, bytes: book?.bytes ?? 0 };
  }
}

/** Last in the order of forgetting. */
function remember(book: Book, key: string, entry: Remembered): void {
  book.byKey.set(key, entry);
  book.bytes += entry.bytes;
}

function forget(book: Book, key: string, entry: Remembered): void {
  book.byKey.delete(key);
  book.bytes -= entry.bytes;
}

/** An object of its own, so that what judging derived from the other one can go. */
function plain(resource: Resource | undefined): Resource | undefined {
  return resource === undefined ? undefined : { ...resource };
}

/** The decision with as much of its findings as is told of them later. */
function brief(decision: Decision): Decision {
  const codes = (findings: Decision['denied']) => findings.map(({ code }) => ({ code }));
  const { denied, warned, waived } = decision;
  return { ...decision, denied: codes(denied), warned: codes(warned), waived: codes(waived) };
}

/** True where no rule can tell two objects apart. */
function isSame(a: Resource | undefined, b: Resource | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return sameObject(a.ref, b.ref) && haveSameMembers(a.json, b.json, 0);
}

/** The order of members counts: findings are told in it. */
function haveSameMembers(a: JsonObject, b: JsonObject, depth: number, unread?: ReadonlySet<string>): boolean {
  const keys = Object.keys(a);
  const others = Object.keys(b);
  if (keys.length !== others.length || depth > MAX_DEPTH) return false;
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index]!;
    if (key !== others[index]) return false;
    const [left, right] = [a[key]!, b[key]!];
    if (unread?.has(key) === true && left !== null && right !== null && typeof left === typeof right)
      continue;
    if (depth === 0 && key === 'metadata' && isObject(left) && isObject(right)) {
      if (!haveSameMembers(left, right, 1, UNREAD)) return false;
    } else if (!isSameValue(left, right, depth + 1)) return false;
  }
  return true;
}

function isSameValue(a: Json, b: Json, depth: number): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return Object.is(a, b);
  if (isObject(a)) return isObject(b) && haveSameMembers(a, b, depth);
  if (isObject(b) || a.length !== b.length || depth > MAX_DEPTH) return false;
  for (let index = 0; index < a.length; index += 1)
    if (!isSameValue(a[index]!, b[index]!, depth + 1)) return false;
  return true;
}
