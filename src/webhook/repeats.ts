import type { World } from '../core/world.ts';
import type { Decision, Door } from '../admission/decision.ts';
import type { AdmissionRequest } from '../admission/review.ts';

/** How much is kept: as many answers, so many characters of reviews in all, and of any one. */
const LIMITS = { count: 256, characters: 2 * 1024 * 1024, each: 64 * 1024, seen: 4096 };

/**
 * How a review begins where an apiserver wrote it (Go writes the fields of admission/v1 in this order), up
 * to its uid; and how long a uid is. After it the review is the same where the request is.
 */
const HEAD = '{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"';
const UID_LENGTH = 36;
const REST = HEAD.length + UID_LENGTH;

/** Where an apiserver says what is asked of which object: all of it counts at a glance; of the rest, so much. */
const OPENING = REST + 640;
const GLANCES = 128;

/** A request as log and metrics tell of it. */
export type Asked = Omit<AdmissionRequest, 'object' | 'oldObject'>;

/** What was asked and what was decided. */
export interface Answered {
  readonly request: Asked;
  readonly decision: Decision;
  /** Where it was answered before: the same object for every request that differs in its uid alone. */
  readonly repeated?: object | undefined;
}

interface Remembered extends Answered {
  readonly door: Door;
  readonly text: string;
}

interface Book {
  readonly byGlance: Map<number, Remembered>;
  readonly seen: Set<number>;
  characters: number;
}

/**
 * The last answers to requests that come again and again, as a controller's do that applies what has not
 * changed: the same text but for its uid, at the same webhook, against the same world, is judged no more
 * from the third time on. A new world forgets everything. Not for what is judged beside other changes
 * under way.
 */
export class Repeats {
  readonly #books = new WeakMap<World, Book>();
  readonly #limits: typeof LIMITS;

  constructor(limits: Partial<typeof LIMITS> = {}) {
    this.#limits = { ...LIMITS, ...limits };
  }

  /** What was answered to this text before, made out to the uid of this one; undefined where that is not known. */
  find(world: World, door: Door, text: string): Answered | undefined {
    if (text.length > this.#limits.each || !text.startsWith(HEAD)) return undefined;
    const book = this.#books.get(world);
    if (book === undefined || book.byGlance.size === 0) return undefined;
    const glance = glanceOf(door, text);
    const known = book.byGlance.get(glance);
    if (known === undefined || !isSame(known, door, text)) return undefined;
    // To the end of the order of forgetting.
    book.byGlance.delete(glance);
    book.byGlance.set(glance, known);
    const uid = text.slice(HEAD.length, REST);
    const { request, decision } = known;
    const { response } = decision.response;
    return {
      repeated: known,
      request: { ...request, uid },
      decision: { ...decision, response: { ...decision.response, response: { ...response, uid } } },
    };
  }

  /** Notes an answer; it is kept where the text was seen before, for most come but once. */
  note(world: World, door: Door, text: string, { request, decision }: Answered): void {
    if (text.length > this.#limits.each || !text.startsWith(HEAD)) return;
    // Else the uid is not the request's own: it is escaped, of another length, or said twice.
    if (text.slice(HEAD.length, REST) !== request.uid || text[REST] !== '"') return;
    let book = this.#books.get(world);
    if (book === undefined) {
      book = { byGlance: new Map(), seen: new Set(), characters: 0 };
      this.#books.set(world, book);
    }
    const glance = glanceOf(door, text);
    if (!book.seen.has(glance)) {
      if (book.seen.size >= this.#limits.seen) book.seen.clear();
      book.seen.add(glance);
      return;
    }
    forget(book, glance);
    book.byGlance.set(glance, { door, text, request: told(request), decision: brief(decision) });
    book.characters += text.length;
    for (const oldest of book.byGlance.keys()) {
      if (book.byGlance.size <= this.#limits.count && book.characters <= this.#limits.characters) break;
      forget(book, oldest);
    }
  }

  /** How much is remembered of a world. */
  size(world: World): { readonly count: number; readonly characters: number } {
    const book = this.#books.get(world);
    return { count: book?.byGlance.size ?? 0, characters: book?.characters ?? 0 };
  }
}

function forget(book: Book, glance: number): void {
  book.characters -= book.byGlance.get(glance)?.text.length ?? 0;
  book.byGlance.delete(glance);
}

/** True where two texts differ in nothing but the uid. */
function isSame(known: Remembered, door: Door, text: string): boolean {
  const { length } = known.text;
  if (known.door !== door || length !== text.length || !UID.test(text.slice(HEAD.length, REST + 1)))
    return false;
  return text.endsWith(known.text.slice(REST));
}

/** A uid that stands in JSON as it is, with the quote that ends it. */
const UID = /^[\w-]{36}"$/;

/** A number that two different reviews seldom share. */
function glanceOf(door: Door, text: string): number {
  let glance = door.length ^ text.length;
  const look = (index: number) => {
    glance = (Math.imul(glance, 31) + text.charCodeAt(index)) | 0;
  };
  const opening = Math.min(OPENING, text.length);
  for (let index = REST; index < opening; index += 1) look(index);
  const step = Math.max(1, Math.floor((text.length - opening) / GLANCES));
  for (let index = opening; index < text.length; index += step) look(index);
  return glance;
}

/** The request without what was asked for: its objects are no longer needed. */
function told({ object: _object, oldObject: _oldObject, ...rest }: Asked & Partial<AdmissionRequest>): Asked {
  return rest;
}

/** The decision with as much of its findings as is told of them later. */
function brief(decision: Decision): Decision {
  const codes = (findings: Decision['denied']) => findings.map(({ code }) => ({ code }));
  const { denied, warned, waived } = decision;
  return { ...decision, denied: codes(denied), warned: codes(warned), waived: codes(waived) };
}
