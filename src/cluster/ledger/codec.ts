import { gunzipSync, gzipSync } from 'node:zlib';
import { asString, type Json, own } from '../../core/base/json.ts';
import { type LedgerEntry, parseLedgerEntries } from './entry.ts';

/**
 * The annotations of an object may have 256 KiB together; this leaves some for others:
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go.
 */
export const MAX_ENCODED = 240 * 1024;
/** The largest encoded entry; a few larger ones would block all other changes. */
const MAX_ENTRY = MAX_ENCODED / 4;
/** The largest entry of a ConfigMap, which many users may write: three short values and a waiver. */
const MAX_CONNECTION = 8192;
/** Ledgers compress to about a tenth; more than this was not written by a replica. */
const MAX_DECODED = 64 * 1024 * 1024;

/** The content of a ledger. */
export interface LedgerContent {
  readonly entries: readonly LedgerEntry[];
  readonly lockRequest?: string | undefined;
}

/** Encodes a ledger as base64 of gzipped JSON. Undefined if it is too large. */
export function encodeLedger({ entries, lockRequest }: LedgerContent): string | undefined {
  const json = JSON.stringify({ version: 1, turn: lockRequest, entries });
  const text = gzipSync(json, { level: 6 }).toString('base64');
  return text.length > MAX_ENCODED ? undefined : text;
}

/** True for an entry that is too large for any ledger. */
export function isTooLarge(entry: LedgerEntry): boolean {
  const { length } = JSON.stringify(entry);
  if (entry.key.startsWith('ConfigMap/')) return length > MAX_CONNECTION;
  // Base64 adds a third to text that does not compress, so less than half the limit always fits.
  if (length < MAX_ENTRY / 2) return false;
  const text = encodeLedger({ entries: [entry] });
  return text === undefined || text.length > MAX_ENTRY;
}

/** Decodes the text of {@link encodeLedger}; undefined for any other text. */
export function decodeLedger(text: string): LedgerContent | undefined {
  if (text.length > MAX_ENCODED) return undefined;
  try {
    const json = gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: MAX_DECODED }).toString('utf8');
    const value = JSON.parse(json) as Json;
    const entries =
      own(value, 'version') === 1 ? parseLedgerEntries(own(value, 'entries') ?? null) : undefined;
    return entries && { entries, lockRequest: asString(own(value, 'turn')) };
  } catch {
    return undefined;
  }
}
