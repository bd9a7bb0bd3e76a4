const collator = new Intl.Collator('en', { numeric: true });

/** The order of names as people count: `worker-2` before `worker-10`. The same on every machine. */
export function byName(a: string, b: string): number {
  const order = collator.compare(a, b);
  if (order !== 0) return order;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
