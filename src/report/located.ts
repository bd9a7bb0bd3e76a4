import type { Finding, FindingPlace } from '../core/finding.ts';
import { displayName, type ObjectRef } from '../core/base/model.ts';
import { formatPath, type Path } from '../core/base/path.ts';
import { lineColumn } from '../manifests/locate.ts';
import { type FileSpan, spanOf } from '../manifests/world.ts';

/** A position in a file: lines and columns from 1, columns in UTF-16 units, end exclusive. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A related place with its position in a file, if it is in one. */
export interface LocatedPlace {
  readonly place: FindingPlace;
  readonly message: string;
  readonly span: FileSpan | undefined;
  readonly location: Location | undefined;
}

/** A finding with the positions of its places. */
export interface LocatedFinding<F extends Finding = Finding> {
  readonly finding: F;
  readonly span: FileSpan | undefined;
  readonly location: Location | undefined;
  readonly related: readonly LocatedPlace[];
}

/** The name of a file as the code host shows it: relative to the root of the repository, with `/`. */
export type FromRoot = (file: string) => RootedFile;

/** `file`: a path from the root. `outside`: an absolute path. `input`: not a file, such as standard input. */
export interface RootedFile {
  readonly kind: 'file' | 'outside' | 'input';
  readonly path: string;
}

/** Locates the findings in their files and sorts them by file, line, column and rule. */
export function locateFindings<F extends Finding>(findings: readonly F[]): LocatedFinding<F>[] {
  const located = findings.map((finding): LocatedFinding<F> => {
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
 * The position of a finding for formats that need a file. An object of a live cluster has none, but the file that
 * introduces the finding may be a related place.
 */
export function shownAt({
  location,
  span,
  related,
}: LocatedFinding): Pick<LocatedPlace, 'location' | 'span'> {
  if (location !== undefined) return { location, span };
  return related.find((each) => each.location !== undefined) ?? { location, span };
}

/** An object and a field in it: `IOMeshCluster iomesh-system/iomesh, spec.chunk`. */
export function objectPlace(ref: ObjectRef, path: Path): string {
  const field = formatPath(path);
  return `${ref.kind} ${displayName(ref)}${field === '' ? '' : `, ${field}`}`;
}

/** The place of a finding: `file:line:column`, or object and field if there is no file. */
export function placeText({ finding, location }: LocatedFinding, fromRoot: FromRoot): string {
  if (location !== undefined) return `${fromRoot(location.file).path}:${location.line}:${location.column}`;
  return finding.object === undefined ? '' : objectPlace(finding.object, finding.path);
}

/**
 * The parts of a path for formats that need a file, if the object is in none: kind, namespace and name of the object.
 * No repository has such a file, so a link to it never shows a wrong one.
 */
export function objectFile({ kind, namespace, name }: ObjectRef): string[] {
  return [kind, ...(namespace === undefined ? [] : [namespace]), name === '' ? '(generated name)' : name];
}

/** A finding whose message begins with its world, for formats that have no field for it. */
export function withWorld<F extends Finding>(located: LocatedFinding<F>): LocatedFinding<F> {
  const { finding } = located;
  if (finding.world === undefined) return located;
  return { ...located, finding: { ...finding, message: `${finding.world}: ${finding.message}` } };
}

/** The last line of a location. Its end is exclusive and may be the start of the next line. */
export function lastLine({ line, endLine, endColumn }: Location): number {
  return endColumn === 1 && endLine > line ? endLine - 1 : endLine;
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
    compareText(a.finding.message, b.finding.message) ||
    compareText(a.finding.world ?? '', b.finding.world ?? '')
  );
}

/** Findings without a file are sorted by namespace, kind and name of their object. */
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
