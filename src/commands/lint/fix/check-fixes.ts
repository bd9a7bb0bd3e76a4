import type { JudgeResult } from '../../../core/judge/judge.ts';
import type { Finding } from '../../../core/finding.ts';
import { formatPath, isPrefix, type Path } from '../../../core/base/path.ts';
import type { ManifestFile } from '../../../manifests/types.ts';
import { sourceOf } from '../../../manifests/world.ts';
import { type FixCandidate, findingKey } from './candidate.ts';

/** Rules on schema errors. Other rules skip a field that has a schema error. */
const SCHEMA_RULES = new Set(['IOM004', 'IOM005', 'IOM006', 'IOM007']);
/** A fix may make a waiver unused. */
const EXPECTED = new Set(['IOM902']);

/** Why fixes must not be applied; undefined if they resolve their findings and introduce no new one. */
export function rejectionReason(
  before: JudgeResult,
  after: JudgeResult,
  applied: readonly FixCandidate[],
): string | undefined {
  const found = withOldNames(before.findings, after.findings);
  const left = new Map(found.map((finding) => [findingKey(finding), finding]));
  for (const { finding } of applied) {
    const still = left.get(findingKey(finding));
    if (still !== undefined && !isReduced(still, finding)) return 'the finding would remain';
  }
  const known = new Map<string, Set<string>>();
  for (const finding of [...before.findings, ...before.waived]) {
    const evidence = known.get(stableKey(finding)) ?? new Set();
    for (const piece of finding.evidence) evidence.add(piece);
    known.set(stableKey(finding), evidence);
  }
  for (const finding of found) {
    const evidence = known.get(stableKey(finding));
    const isNew = evidence === undefined || finding.evidence.some((piece) => !evidence.has(piece));
    if (isNew && !wasMasked(finding, applied, before.findings)) {
      const at = formatPath(finding.path);
      return `it would introduce ${finding.code} ${finding.name}${at === '' ? '' : ` at ${at}`}`;
    }
  }
  return undefined;
}

/** How many findings are resolved. */
export function countResolved(before: JudgeResult, after: JudgeResult): number {
  const left = new Set(withOldNames(before.findings, after.findings).map(stableKey));
  return new Set(before.findings.map(stableKey).filter((key) => !left.has(key))).size;
}

/** A key of a finding that edits of the text do not change. An error in the text has no identity but its message. */
function stableKey(finding: Finding): string {
  if (finding.span === undefined) return finding.identity;
  return `${finding.code}\0${(finding.span.source as ManifestFile).name}\0${finding.message}`;
}

/** Findings with the old names of objects: a fix that quotes a name changes it. */
function withOldNames(before: readonly Finding[], after: readonly Finding[]): readonly Finding[] {
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

/** The document and path of the object of a finding. */
function placeOf({ resource }: Finding): string | undefined {
  const source = sourceOf(resource);
  if (source === undefined) return undefined;
  // Helm values render to one object of each kind.
  return [source.file.name, source.documentIndex, resource?.kind, ...source.path].join('\0');
}

/** True if a finding has less evidence than before. */
function isReduced(after: Finding, before: Finding): boolean {
  return (
    after.evidence.length < before.evidence.length &&
    after.evidence.every((each) => before.evidence.includes(each))
  );
}

/**
 * True if the finding existed before but was masked: (a) by a schema error that is now fixed, unless the fix
 * wrote the invalid value; (b) because the field had a wrong name; (c) a warning behind an error, if an unsafe
 * fix changed the value.
 */
function wasMasked(finding: Finding, applied: readonly FixCandidate[], before: readonly Finding[]): boolean {
  if (EXPECTED.has(finding.code)) return true;
  const own = applied.filter((each) => placeOf(each.finding) === placeOf(finding));
  const fixedSchema = applied.some((each) => SCHEMA_RULES.has(each.finding.code));
  if (!SCHEMA_RULES.has(finding.code)) {
    return (
      fixedSchema ||
      own.some((each) => isMoved(each, finding)) ||
      applied.some((each) => isGraver(each, finding))
    );
  }
  const here = formatPath(finding.path);
  const writes = own.flatMap((each) => each.finding.fix?.edits ?? []);
  const move = writes.find((edit) => edit.op === 'move' && isPrefix(edit.path, finding.path));
  if (move?.op === 'move') return here !== formatPath(move.path) || wasReportedAt(before, finding, move.from);
  return (
    own.some((each) => SCHEMA_RULES.has(each.finding.code)) &&
    !writes.some(({ path }) => formatPath(path) === here)
  );
}

/** True if the same finding was reported at the old path of a value. */
function wasReportedAt(before: readonly Finding[], now: Finding, from: Path): boolean {
  const [place, path] = [placeOf(now), formatPath(from)];
  return before.some(
    (each) => each.code === now.code && placeOf(each) === place && formatPath(each.path) === path,
  );
}

function isMoved({ finding: { fix } }: FixCandidate, left: Finding): boolean {
  return (fix?.edits ?? []).some((edit) => edit.op === 'move' && isPrefix(edit.path, left.path));
}

function isGraver({ finding: fixed }: FixCandidate, left: Finding): boolean {
  const about = [...left.objects, ...left.related.map((each) => each.resource)];
  return (
    left.severity === 'warning' &&
    fixed.severity === 'error' &&
    fixed.fix?.safety === 'unsafe' &&
    about.some((each) => each?.key === fixed.resource?.key)
  );
}
