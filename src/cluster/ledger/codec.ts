import { gunzipSync, gzipSync } from 'node:zlib';
import { asString, type Json, own } from '../../core/base/json.ts';
import { type LedgerEntry, parseLedgerEntries } from './entry.ts';

/**
 * The annotations of an object may have 256 KiB together; this leaves some for others:
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go.
 */
export const MAX_ENCODED = 240 * 1024;
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
