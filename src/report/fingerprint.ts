import { createHash } from 'node:crypto';
import { findingNames } from './identity.ts';
import type { LocatedFinding } from './located.ts';

/** A fingerprint for each finding: no two alike in a run, the same after lines have moved. 64 hexadecimal digits. */
export function fingerprints(findings: readonly LocatedFinding[]): string[] {
  return findingNames(findings).map((name) => createHash('sha256').update(name).digest('hex'));
}
