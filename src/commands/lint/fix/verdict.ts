import type { Finding } from '../../../core/finding.ts';
import type { Judgement } from '../../../core/judge.ts';
import { formatPath } from '../../../core/path.ts';
import type { ManifestFile } from '../../../manifests/index.ts';
import { type Candidate, keyOf } from './candidate.ts';

/** Rules about an object's own shape: nobody judges what builds on a field before they are content. */
const STRUCTURAL = new Set(['IOM004', 'IOM005', 'IOM006', 'IOM007', 'IOM801']);
/** A waiver that nothing needs any more is no harm done. */
const CONSEQUENCE = new Set(['IOM902']);

/** What is wrong with a world after fixes; undefined where they did what they should. */
export function objection(
  before: Judgement,
  after: Judgement,
  applied: readonly Candidate[],
): string | undefined {
  const left = new Map(after.findings.map((finding) => [keyOf(finding), finding]));
  for (const { finding } of applied) {
    const still = left.get(keyOf(finding));
    if (still !== undefined && !isLess(still, finding)) return 'it would not be gone';
  }
  const known = new Map<string, Set<string>>();
  for (const finding of [...before.findings, ...before.waived]) {
    const extent = known.get(lasting(finding)) ?? new Set();
    for (const piece of finding.extent) extent.add(piece);
    known.set(lasting(finding), extent);
  }
  for (const finding of after.findings) {
    const extent = known.get(lasting(finding));
    const isNew = extent === undefined || finding.extent.some((piece) => !extent.has(piece));
    if (isNew && !isUncovered(finding, applied)) {
      const at = formatPath(finding.path);
      return `it would bring ${finding.code} ${finding.name}${at === '' ? '' : ` at ${at}`}`;
    }
  }
  return undefined;
}

/** How many findings of a world are gone from another. */
export function countGone(before: Judgement, after: Judgement): number {
  const left = new Set(after.findings.map(lasting));
  return new Set(before.findings.map(lasting).filter((key) => !left.has(key))).size;
}

/** The name of a finding that edits of the text do not change: a fault of the text is known by what it says. */
function lasting(finding: Finding): string {
  if (finding.span === undefined) return finding.identity;
  return `${finding.code}\0${(finding.span.source as ManifestFile).name}\0${finding.message}`;
}

/** True where the same finding is left with fewer of the pieces that were wrong. */
function isLess(after: Finding, before: Finding): boolean {
  return (
    after.extent.length < before.extent.length && after.extent.every((each) => before.extent.includes(each))
  );
}

/**
 * True for a finding that was there all along, silenced by what is mended now: anything behind a fault of
 * shape, but what a fix itself has written must be of the right shape; and a warning behind an error, where
 * a value was changed on request.
 */
function isUncovered(finding: Finding, applied: readonly Candidate[]): boolean {
  if (CONSEQUENCE.has(finding.code)) return true;
  if (finding.severity === 'warning' && applied.some((each) => isGraver(each.finding, finding))) return true;
  const mended = applied.filter((each) => STRUCTURAL.has(each.finding.code));
  if (!STRUCTURAL.has(finding.code)) return mended.length > 0;
  const own = mended.filter((each) => each.finding.resource?.key === finding.resource?.key);
  const here = formatPath(finding.path);
  const isWritten = own.some(({ finding: { fix } }) =>
    (fix?.edits ?? []).some(({ path }) => formatPath(path) === here),
  );
  return own.length > 0 && !isWritten;
}

function isGraver(mended: Finding, left: Finding): boolean {
  const about = [...left.parties, ...left.related.map((each) => each.resource)];
  return (
    mended.severity === 'error' &&
    mended.fix?.safety === 'unsafe' &&
    about.some((each) => each?.key === mended.resource?.key)
  );
}
