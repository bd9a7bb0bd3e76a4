import { createHash } from 'node:crypto';
import { formatPath } from '../../core/base/path.ts';
import { findingNames } from '../../report/identity.ts';
import type { FromRoot, LocatedFinding } from '../../report/located.ts';
import type { BaselineEntry } from './baseline-format.ts';

/** The findings of a run, divided by a baseline. */
export interface BaselineMatch {
  /** Not in the baseline, or with evidence that its entry does not have. */
  readonly fresh: readonly LocatedFinding[];
  readonly known: readonly LocatedFinding[];
  /** Entries whose finding is gone or has less evidence. */
  readonly fixed: readonly BaselineEntry[];
}

/** Syntax errors are never in a baseline: the content of such a document is unknown. */
const NEVER_KNOWN = 'IOM001';
const MAX_PIECE = 120;

/** Divides findings into new and known ones. A finding is new if its entry lacks a part of its evidence. */
export function matchBaseline(
  findings: readonly LocatedFinding[],
  baseline: ReadonlyMap<string, BaselineEntry>,
  fromRoot: FromRoot,
): BaselineMatch {
  const fresh: LocatedFinding[] = [];
  const known: LocatedFinding[] = [];
  const unmet = new Map<string, Set<string>>();
  for (const { id, value } of baseline.values()) unmet.set(id, new Set(value));
  const met = new Set<string>();
  const typedNames = findingNames(findings, (file) => file);
  const entries = baselineEntries(findings, fromRoot).map((entry, index) => {
    if (entry === undefined || baseline.has(entry.id)) return entry;
    // Before, a file had the name that was typed.
    const id = typedNames[index] ?? '';
    return baseline.has(id) ? { ...entry, id } : entry;
  });
  for (const [index, located] of findings.entries()) {
    const entry = entries[index];
    const pieces = new Set(entry === undefined ? undefined : baseline.get(entry.id)?.value);
    if (entry === undefined || !baseline.has(entry.id) || !entry.value.every((piece) => pieces.has(piece))) {
      fresh.push(located);
    } else {
      known.push(located);
    }
    if (entry === undefined) continue;
    met.add(entry.id);
    for (const piece of entry.value) unmet.get(entry.id)?.delete(piece);
  }
  const fixed = [...baseline.values()].filter(({ id }) => !met.has(id) || (unmet.get(id)?.size ?? 0) > 0);
  return { fresh, known, fixed };
}

/** The findings as entries of a baseline; undefined for those that no baseline has. */
export function baselineEntries(
  findings: readonly LocatedFinding[],
  fromRoot: FromRoot,
): (BaselineEntry | undefined)[] {
  const names = findingNames(findings, (file) => fromRoot(file).path);
  return findings.map((located, index) =>
    located.finding.code === NEVER_KNOWN ? undefined : toBaselineEntry(located, names[index] ?? '', fromRoot),
  );
}

function toBaselineEntry(
  { finding, span, location }: LocatedFinding,
  id: string,
  fromRoot: FromRoot,
): BaselineEntry {
  const { resource } = finding;
  const pieces =
    resource === undefined && span !== undefined
      ? [span.file.text.slice(span.start, span.end)]
      : finding.evidence;
  return {
    id,
    rule: finding.code,
    object: resource?.key ?? (location === undefined ? '' : fromRoot(location.file).path),
    // Without indexes, like the id: an element keeps its entry when others move.
    path: formatPath(finding.path).replaceAll(/\[\d+\]/g, '[]'),
    value: pieces.map(shortPiece),
  };
}

/** A long value as its hash, so that it stays one line of the file. */
function shortPiece(piece: string): string {
  if (piece.length <= MAX_PIECE) return piece;
  return `sha256:${createHash('sha256').update(piece).digest('hex')}`;
}
