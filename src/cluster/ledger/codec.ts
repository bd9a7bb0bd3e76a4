import { gunzipSync, gzipSync } from 'node:zlib';
import type { Json } from '../../core/json.ts';
import { type Entry, parseEntries } from './entry.ts';

/** All annotations of an object together may have 256 KiB; this leaves some for others. */
export const MAX_ENCODED = 240 * 1024;
/** Objects of one kind are much alike, and shrink to a tenth; what grows more than this is no ledger of ours. */
const MAX_DECODED = 64 * 1024 * 1024;

/** Entries as text: base64 of gzipped JSON. Undefined where they are too many. */
export function encode(entries: readonly Entry[]): string | undefined {
  const text = gzipSync(JSON.stringify({ version: 1, entries }), { level: 6 }).toString('base64');
  return text.length > MAX_ENCODED ? undefined : text;
}

/** Reads what {@link encode} made; undefined for anything else. */
export function decode(text: string): readonly Entry[] | undefined {
  if (text.length > MAX_ENCODED) return undefined;
  try {
    const json = gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: MAX_DECODED }).toString('utf8');
    const value = JSON.parse(json) as { version?: Json; entries?: Json };
    return value.version === 1 && value.entries !== undefined ? parseEntries(value.entries) : undefined;
  } catch {
    return undefined;
  }
}
