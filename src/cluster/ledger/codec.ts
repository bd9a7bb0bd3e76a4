import { gunzipSync, gzipSync } from 'node:zlib';
import { asString, type Json, own } from '../../core/json.ts';
import { type Entry, parseEntries } from './entry.ts';

/** All annotations of an object together may have 256 KiB; this leaves some for others. */
export const MAX_ENCODED = 240 * 1024;
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
