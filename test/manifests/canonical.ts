import type { Json } from '../../src/core/base/json.ts';

/** JSON with sorted keys and exact integers, to compare two readers. */
export function canonical(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value as Record<string, Json>);
  members.sort(([a], [b]) => compare(a, b));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}

/** The order of the UTF-8 bytes, which differs from that of UTF-16 beyond the basic plane. */
function compare(a: string, b: string): number {
  if (/[\ud800-\udfff]/.test(a + b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}
