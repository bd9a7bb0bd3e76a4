import { gunzipSync, gzipSync } from 'node:zlib';
import { asString, type Json, own } from '../../core/base/json.ts';
import { type Entry, parseEntries } from './entry.ts';

/** All annotations of an object together may have 256 KiB; this leaves some for others. */
export const MAX_ENCODED = 240 * 1024;
/** One entry may not have more of it: else a few large objects would keep everybody else waiting. */
const MAX_ENTRY = MAX_ENCODED / 4;
/** Of a ConfigMap, which many may write, not as much: a connection is three short values, and perhaps a waiver. */
const MAX_CONNECTION = 8192;
/** Objects of one kind are much alike, and shrink to a tenth; what grows more than this is no ledger of ours. */
const MAX_DECODED = 64 * 1024 * 1024;

/** What a ledger holds. */
export interface Content {
  readonly entries: readonly Entry[];
  readonly turn?: string | undefined;
}

/** A ledger's content as text: base64 of gzipped JSON. Undefined where it is too much. */
export function encode({ entries, turn }: Content): string | undefined {
  const text = gzipSync(JSON.stringify({ version: 1, turn, entries }), { level: 6 }).toString('base64');
  return text.length > MAX_ENCODED ? undefined : text;
}

/** True for an entry that is too large to be let into any ledger. */
export function isTooLarge(entry: Entry): boolean {
  const { length } = JSON.stringify(entry);
  if (entry.key.startsWith('ConfigMap/')) return length > MAX_CONNECTION;
  // Base64 of what does not shrink is a third longer; of less than half it need not be tried.
  if (length < MAX_ENTRY / 2) return false;
  const text = encode({ entries: [entry] });
  return text === undefined || text.length > MAX_ENTRY;
}

/** Reads what {@link encode} made; undefined for anything else. */
export function decode(text: string): Content | undefined {
  if (text.length > MAX_ENCODED) return undefined;
  try {
    const json = gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: MAX_DECODED }).toString('utf8');
    const value = JSON.parse(json) as Json;
    const entries = own(value, 'version') === 1 ? parseEntries(own(value, 'entries') ?? null) : undefined;
    return entries && { entries, turn: asString(own(value, 'turn')) };
  } catch {
    return undefined;
  }
}
