import { createHash } from 'node:crypto';
import { formatPath } from '../../core/base/path.ts';
import { findingNames } from '../../report/identity.ts';
import type { LocatedFinding } from '../../report/located.ts';
import type { BaselineEntry } from './baseline-format.ts';

/** What a baseline makes of the findings of a run. */
export interface Match {
  /** Not in the baseline, or worse than it says: these count. */
  readonly fresh: readonly LocatedFinding[];
  readonly known: readonly LocatedFinding[];
  /** Entries that say more than is still wrong: their findings are gone, or hold fewer pieces. */
  readonly mended: readonly BaselineEntry[];
}

/** Input that cannot be read is never known: nobody can say what it holds. */
const NEVER_KNOWN = 'IOM001';
const MAX_PIECE = 120;

/** Tells the findings that a baseline knows from the new ones. A finding is new where it holds a piece that the entry does not. */
export function matchBaseline(
  findings: readonly LocatedFinding[],
  baseline: ReadonlyMap<string, BaselineEntry>,
): Match {
  const fresh: LocatedFinding[] = [];
  const known: LocatedFinding[] = [];
  const unmet = new Map<string, Set<string>>();
  for (const { id, value } of baseline.values()) unmet.set(id, new Set(value));
  const met = new Set<string>();
  const entries = toEntries(findings);
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
  const mended = [...baseline.values()].filter(({ id }) => !met.has(id) || (unmet.get(id)?.size ?? 0) > 0);
  return { fresh, known, mended };
}

/** The findings as a baseline writes them down, undefined for those that it never takes. */
export function toEntries(findings: readonly LocatedFinding[]): (BaselineEntry | undefined)[] {
  const names = findingNames(findings);
  return findings.map((located, index) =>
    located.finding.code === NEVER_KNOWN ? undefined : toEntry(located, names[index] ?? ''),
  );
}

function toEntry({ finding, span, location }: LocatedFinding, id: string): BaselineEntry {
  const { resource } = finding;
  const pieces =
    resource === undefined && span !== undefined
      ? [span.file.text.slice(span.start, span.end)]
      : finding.evidence;
  return {
    id,
    rule: finding.code,
    object: resource?.key ?? location?.file ?? '',
    // Without indexes, as the id: an element keeps its entry when its neighbours move.
    path: formatPath(finding.path).replaceAll(/\[\d+\]/g, '[]'),
    value: pieces.map(shortPiece),
  };
}

/** A whole list or text as a value stays a line of the file. */
function shortPiece(piece: string): string {
  if (piece.length <= MAX_PIECE) return piece;
  return `sha256:${createHash('sha256').update(piece).digest('hex')}`;
}
