import type { Finding, FindingPlace } from '../core/finding.ts';
import { lineColumn } from '../manifests/index.ts';
import { type FileSpan, spanOf } from '../manifests/world.ts';

/** Where a place is, as people count: lines and columns from 1, columns in UTF-16 units, end exclusive. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A place with its position in a file, if it came from one. */
export interface LocatedPlace {
  readonly place: FindingPlace;
  readonly message: string;
  readonly span: FileSpan | undefined;
  readonly location: Location | undefined;
}

/** A finding whose places are known. */
export interface LocatedFinding {
  readonly finding: Finding;
  readonly span: FileSpan | undefined;
  readonly location: Location | undefined;
  readonly related: readonly LocatedPlace[];
}

/** Finds every place of the findings in their files and puts them in order: file, line, column, rule. */
export function locateFindings(findings: readonly Finding[]): LocatedFinding[] {
  const located = findings.map((finding): LocatedFinding => {
    const span = spanOf(finding);
    const related = finding.related.map((place): LocatedPlace => {
      const other = spanOf(place);
      return { place, message: place.message, span: other, location: toLocation(other) };
    });
    return { finding, span, location: toLocation(span), related };
  });
  return located.sort(inOrder);
}

/**
 * Where a finding is shown by what can only show places in files: an object of a live cluster has none, but
 * the file that brought it to light may be among the related places.
 */
export function shownAt({
  location,
  span,
  related,
}: LocatedFinding): Pick<LocatedPlace, 'location' | 'span'> {
  if (location !== undefined) return { location, span };
  return related.find((each) => each.location !== undefined) ?? { location, span };
}

function toLocation(span: FileSpan | undefined): Location | undefined {
  if (span === undefined) return undefined;
  const start = lineColumn(span.file, span.start);
  const end = lineColumn(span.file, span.end);
  return {
    file: span.file.name,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}

function inOrder(a: LocatedFinding, b: LocatedFinding): number {
  return (
    compareText(a.location?.file ?? '', b.location?.file ?? '') ||
    (a.location?.line ?? 0) - (b.location?.line ?? 0) ||
    (a.location?.column ?? 0) - (b.location?.column ?? 0) ||
    compareText(objectOrder(a), objectOrder(b)) ||
    compareText(a.finding.code, b.finding.code) ||
    compareText(a.finding.identity, b.finding.identity) ||
    compareText(a.finding.message, b.finding.message)
  );
}

/** What did not come from a file is put in order of its objects: namespace, kind, name. */
function objectOrder({ location, finding }: LocatedFinding): string {
  const ref = finding.object;
  return location !== undefined || ref === undefined
    ? ''
    : [ref.namespace ?? '', ref.kind, ref.name].join('\0');
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
