/** A time as the apiserver writes a MicroTime, in Leases and Events: with six digits after the second. */
export function microTime(at: Date): string {
  return at.toISOString().replace('Z', '000Z');
}
