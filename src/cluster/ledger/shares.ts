/**
 * The space of the ledger is shared, so that no user can fill it. One namespace and one user can each have a
 * quarter of the space that the entries of others leave; so there is always some for the next one. ConfigMaps,
 * which many users may write, have at most half of it together.
 */
import { at, exactText } from '../../core/base/json.ts';
import type { LedgerEntry } from './entry.ts';

/** The JSON of the objects of all entries together, in bytes. Encoded, it takes about a tenth, and never more room. */
const CAPACITY = 192 * 1024;
/** An entry of any size costs time in the evaluation of others, so a small one counts this much. */
const MIN_SIZE = 2048;
const SHARE = 1 / 4;
/** The largest connection of a ConfigMap. */
const MAX_CONNECTION = 1024;
/** The largest entry: what one user can have of an empty ledger. */
const MAX_ENTRY = CAPACITY * SHARE;

const sizes = new WeakMap<LedgerEntry, number>();

/** Why an entry is too large for any ledger; undefined if it is not. */
export function reasonTooLarge(entry: LedgerEntry): string | undefined {
  if (isConnection(entry)) {
    const size = Buffer.byteLength(exactText(at(entry.object, ['data']) ?? null));
    if (size > MAX_CONNECTION) return tooLarge('connection', size, MAX_CONNECTION);
  }
  const size = sizeOf(entry);
  return size > MAX_ENTRY ? tooLarge('object', size, MAX_ENTRY) : undefined;
}

function tooLarge(what: string, size: number, limit: number): string {
  return `the ${what} is too large for the ledger of pending changes: ${size} bytes, at most ${limit}`;
}

/** Whose share an entry would exceed: `namespace "a"` or `this user`; undefined if there is room. */
export function exceededShare(entry: LedgerEntry, pending: readonly LedgerEntry[]): string | undefined {
  const connection = isConnection(entry);
  const capacity = connection ? CAPACITY / 2 : CAPACITY;
  const rivals = connection ? pending.filter(isConnection) : pending;
  const namespace = namespaceOf(entry);
  const exceeds = (isOwn: (each: LedgerEntry) => boolean) => {
    let own = sizeOf(entry);
    let left = capacity;
    for (const each of rivals) {
      if (isOwn(each)) own += sizeOf(each);
      else left -= sizeOf(each);
    }
    return own > left * SHARE;
  };
  if (exceeds((each) => namespaceOf(each) === namespace))
    return namespace === undefined ? 'the cluster' : `namespace "${namespace}"`;
  return exceeds((each) => each.user !== undefined && each.user === entry.user) ? 'this user' : undefined;
}

function sizeOf(entry: LedgerEntry): number {
  let size = sizes.get(entry);
  if (size === undefined) {
    size = Math.max(MIN_SIZE, Buffer.byteLength(exactText(entry.object ?? null)));
    sizes.set(entry, size);
  }
  return size;
}

function isConnection({ key }: LedgerEntry): boolean {
  return key.startsWith('ConfigMap/');
}

/** The namespace in the key of a namespaced object. */
function namespaceOf({ key }: LedgerEntry): string | undefined {
  const [, namespace, name] = key.split('/');
  return name === undefined ? undefined : namespace;
}
