import { gunzipSync, gzipSync } from 'node:zlib';
import { asString, isArray, isObject, type Json, own } from '../../core/base/json.ts';
import { parseLedgerEntries } from './entry.ts';
import type { AppliedVersion, LedgerContent, LedgerProgress } from './types.ts';

/**
 * The annotations of an object may have 256 KiB together; this leaves some for others:
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/staging/src/k8s.io/apimachinery/pkg/api/validation/objectmeta.go.
 */
export const MAX_ENCODED = 240 * 1024;
/** Ledgers compress to about a tenth; more than this was not written by a replica. */
const MAX_DECODED = 64 * 1024 * 1024;

/** Encodes a ledger as base64 of gzipped JSON. Undefined if it is too large. */
export function encodeLedger({ entries, lockRequest, progress }: LedgerContent): string | undefined {
  const json = JSON.stringify({ version: 1, turn: lockRequest, entries, progress });
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
    return (
      entries && {
        entries,
        lockRequest: asString(own(value, 'turn')),
        progress: parseProgress(own(value, 'progress')),
      }
    );
  } catch {
    return undefined;
  }
}

/** Undefined if it is missing or malformed: then the world must be listed. */
function parseProgress(value: Json | undefined): LedgerProgress | undefined {
  const [items, forgotten] = [own(value, 'applied'), own(value, 'forgotten')];
  if (!isArray(items) || !isObject(forgotten)) return undefined;
  const applied: AppliedVersion[] = [];
  for (const item of items) {
    const [key, resourceVersion] = ['key', 'resourceVersion'].map((name) => asString(own(item, name)));
    if (key === undefined || resourceVersion === undefined) return undefined;
    applied.push({ key, uid: asString(own(item, 'uid')), resourceVersion });
  }
  const versions: Record<string, string> = {};
  for (const [kind, version] of Object.entries(forgotten)) {
    if (typeof version !== 'string') return undefined;
    versions[kind] = version;
  }
  return { applied, forgotten: versions };
}
