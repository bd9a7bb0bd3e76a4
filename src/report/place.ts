import { displayName, type ObjectRef } from '../core/base/model.ts';
import { formatPath, type Path } from '../core/base/path.ts';
import type { LocatedFinding, Location } from './located.ts';
import type { FromRoot } from './report.ts';

/** `IOMeshCluster iomesh-system/iomesh, spec.chunk`: an object and the field in it. */
export function objectPlace(ref: ObjectRef, path: Path): string {
  const field = formatPath(path);
  return `${ref.kind} ${displayName(ref)}${field === '' ? '' : `, ${field}`}`;
}

/** Where a finding is, in a line: `file:line:column`, or the object and field where there is no file. */
export function placeText({ finding, location }: LocatedFinding, fromRoot: FromRoot): string {
  if (location !== undefined) return `${fromRoot(location.file).path}:${location.line}:${location.column}`;
  return finding.object === undefined ? '' : objectPlace(finding.object, finding.path);
}

/**
 * Stands for a file where a format demands one and the object came from none: the object's kind,
 * namespace and name as the parts of a path. No repository has such a file, so it leads nowhere
 * rather than astray.
 */
export function objectFile({ kind, namespace, name }: ObjectRef): string[] {
  return [kind, ...(namespace === undefined ? [] : [namespace]), name === '' ? '(generated name)' : name];
}

/** The last line a location covers: its end is exclusive, and may be the very start of the line after. */
export function lastLine({ line, endLine, endColumn }: Location): number {
  return endColumn === 1 && endLine > line ? endLine - 1 : endLine;
}
