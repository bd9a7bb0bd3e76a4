import type { JudgeResult } from '../../../core/judge/judge.ts';
import type { Finding } from '../../../core/finding.ts';
import { formatPath, isPrefix, type Path } from '../../../core/base/path.ts';
import type { ManifestFile } from '../../../manifests/types.ts';
import { sourceOf } from '../../../manifests/world.ts';
import { type Candidate, keyOf } from './candidate.ts';

/** Rules about an object's own shape: nobody judges what builds on a field before they are content. */
const STRUCTURAL = new Set(['IOM004', 'IOM005', 'IOM006', 'IOM007']);
/** A waiver that nothing needs any more is no harm done. */
const CONSEQUENCE = new Set(['IOM902']);

/** What is wrong with a world after fixes; undefined where they did what they should. */
export function objection(
  before: JudgeResult,
  after: JudgeResult,
  applied: readonly Candidate[],
): string | undefined {
  const found = underOldNames(before.findings, after.findings);
  const left = new Map(found.map((finding) => [keyOf(finding), finding]));
  for (const { finding } of applied) {
    const still = left.get(keyOf(finding));
    if (still !== undefined && !isLess(still, finding)) return 'it would not be gone';
  }
  const known = new Map<string, Set<string>>();
  for (const finding of [...before.findings, ...before.waived]) {
    const evidence = known.get(lasting(finding)) ?? new Set();
    for (const piece of finding.evidence) evidence.add(piece);
    known.set(lasting(finding), evidence);
  }
  for (const finding of found) {
    const evidence = known.get(lasting(finding));
    const isNew = evidence === undefined || finding.evidence.some((piece) => !evidence.has(piece));
    if (isNew && !isUncovered(finding, applied, before.findings)) {
      const at = formatPath(finding.path);
      return `it would bring ${finding.code} ${finding.name}${at === '' ? '' : ` at ${at}`}`;
    }
  }
  return undefined;
}

/** How many findings of a world are gone from another. */
export function countGone(before: JudgeResult, after: JudgeResult): number {
  const left = new Set(underOldNames(before.findings, after.findings).map(lasting));
  return new Set(before.findings.map(lasting).filter((key) => !left.has(key))).size;
}

/** The name of a finding that edits of the text do not change: a fault of the text is known by what it says. */
function lasting(finding: Finding): string {
  if (finding.span === undefined) return finding.identity;
  return `${finding.code}\0${(finding.span.source as ManifestFile).name}\0${finding.message}`;
}

/** Findings as they would read had no fix given an object another name: a name that is a number is mended too. */
function underOldNames(before: readonly Finding[], after: readonly Finding[]): readonly Finding[] {
  const old = new Map(before.map((finding) => [placeOf(finding), finding.resource?.key]));
  const names = new Map<string, string>();
  for (const finding of after) {
    const [now, then] = [finding.resource?.key, old.get(placeOf(finding))];
    if (now !== undefined && then !== undefined && now !== then) names.set(now, then);
  }
  if (names.size === 0) return after;
  return after.map((finding) => {
    let { identity } = finding;
    for (const [now, then] of names) identity = identity.replaceAll(now, then);
    return { ...finding, identity };
  });
}

/** Where the object of a finding stands. */
function placeOf({ resource }: Finding): string | undefined {
  const source = sourceOf(resource);
  if (source === undefined) return undefined;
  // Values render to one object of a kind.
  return [source.file.name, source.documentIndex, resource?.kind, ...source.path].join('\0');
}

/** True where the same finding is left with fewer of the pieces that were wrong. */
function isLess(after: Finding, before: Finding): boolean {
  return (
    after.evidence.length < before.evidence.length &&
    after.evidence.every((each) => before.evidence.includes(each))
  );
}

/**
 * True for a finding that was there all along, silenced by what is mended now: anything behind a fault of
 * shape, but what a fix itself has written must be of the right shape; what is said of a value that only
 * got its right name; and a warning behind an error, where a value was changed on request.
 */
function isUncovered(finding: Finding, applied: readonly Candidate[], before: readonly Finding[]): boolean {
  if (CONSEQUENCE.has(finding.code)) return true;
  const own = applied.filter((each) => placeOf(each.finding) === placeOf(finding));
  const mended = applied.some((each) => STRUCTURAL.has(each.finding.code));
  if (!STRUCTURAL.has(finding.code)) {
    return (
      mended || own.some((each) => isMoved(each, finding)) || applied.some((each) => isGraver(each, finding))
    );
  }
  const here = formatPath(finding.path);
  const writes = own.flatMap((each) => each.finding.fix?.edits ?? []);
  const move = writes.find((edit) => edit.op === 'move' && isPrefix(edit.path, finding.path));
  if (move?.op === 'move') return here !== formatPath(move.path) || wasAt(before, finding, move.from);
  return (
    own.some((each) => STRUCTURAL.has(each.finding.code)) &&
    !writes.some(({ path }) => formatPath(path) === here)
  );
}

/** True where the same was said of a value under its old name. */
function wasAt(before: readonly Finding[], now: Finding, from: Path): boolean {
  const [place, path] = [placeOf(now), formatPath(from)];
  return before.some(
    (each) => each.code === now.code && placeOf(each) === place && formatPath(each.path) === path,
  );
}

function isMoved({ finding: { fix } }: Candidate, left: Finding): boolean {
  return (fix?.edits ?? []).some((edit) => edit.op === 'move' && isPrefix(edit.path, left.path));
}

function isGraver({ finding: mended }: Candidate, left: Finding): boolean {
  const about = [...left.objects, ...left.related.map((each) => each.resource)];
  return (
    left.severity === 'warning' &&
    mended.severity === 'error' &&
    mended.fix?.safety === 'unsafe' &&
    about.some((each) => each?.key === mended.resource?.key)
  );
}
