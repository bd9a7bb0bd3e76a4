import type { FixEdit } from '../../../core/base/edits.ts';
import type { Finding } from '../../../core/finding.ts';
import { formatPath, isRelated, type Path, parentPath } from '../../../core/base/path.ts';
import type { ManifestFile } from '../../../manifests/types.ts';
import { ValuesSource } from '../../../manifests/helm/release.ts';
import { type FieldInFile, sourceOf } from '../../../manifests/world.ts';

/** A finding with a fix that may be applied. */
export interface FixCandidate {
  readonly finding: Finding;
  /** The index of its file. */
  readonly file: number;
  readonly documentIndex: number;
  /** The edits of the finding's fix, on the document. */
  readonly edits: readonly FixEdit[];
  /** The paths of the document that the edits change. */
  readonly touched: readonly Path[];
}

/** The candidate of a finding; undefined if it has no fix of that safety, or is in none of the files. */
export function toCandidate(
  finding: Finding,
  unsafe: boolean,
  files: ReadonlyMap<ManifestFile, number>,
): FixCandidate | undefined {
  const { fix, resource } = finding;
  const isAllowed = fix?.safety === 'safe' || (unsafe && fix?.safety === 'unsafe');
  if (!isAllowed || (fix.edits ?? []).length === 0) return undefined;
  const source = sourceOf(resource);
  if (source instanceof ValuesSource) return renderedCandidate(finding, source, files);
  const file = source === undefined ? undefined : files.get(source.file);
  if (file === undefined || source === undefined) return undefined;
  const { path } = source;
  const edits = (fix.edits ?? []).map((edit) => under(path, edit));
  return { finding, file, documentIndex: source.documentIndex, edits, touched: edits.flatMap(touchedBy) };
}

/** For an object that Helm values render to: its edits, made in the values. Undefined if no value sets just that field. */
function renderedCandidate(
  finding: Finding,
  source: ValuesSource,
  files: ReadonlyMap<ManifestFile, number>,
): FixCandidate | undefined {
  const places: FieldInFile[] = [];
  const written = (path: Path): Path => {
    const place = source.placeOf(path);
    places.push(place);
    return place.path;
  };
  const edits = (finding.fix?.edits ?? []).map((edit): FixEdit => {
    if (edit.op === 'move') return { ...edit, from: written(edit.from), path: written(edit.path) };
    const isDefault = edit.op === 'replace' && typeof edit.path.at(-1) === 'string';
    // The chart has a value that the file may not have.
    return isDefault
      ? { ...edit, op: 'add', path: written(edit.path) }
      : { ...edit, path: written(edit.path) };
  });
  const [first] = places;
  const file = first === undefined ? undefined : files.get(first.file);
  if (first === undefined || file === undefined) return undefined;
  const { documentIndex } = first;
  const isOne = places.every((each) => each.file === first.file && each.documentIndex === documentIndex);
  if (!isOne || !places.every((each) => each.isField)) return undefined;
  return { finding, file, documentIndex, edits, touched: edits.flatMap(touchedBy) };
}

/** A key that no other finding of a run has, and that edits of the text do not change. */
export function findingKey({ identity, path }: Finding): string {
  return `${identity}\0${formatPath(path)}`;
}

/** True if two candidates change the same place, so that one must wait for the other. */
export function touchSamePlace(a: FixCandidate, b: FixCandidate): boolean {
  if (a.file !== b.file || a.documentIndex !== b.documentIndex) return false;
  return a.touched.some((one) => b.touched.some((other) => isRelated(one, other)));
}

function under(prefix: Path, edit: FixEdit): FixEdit {
  if (prefix.length === 0) return edit;
  const path = [...prefix, ...edit.path];
  return edit.op === 'move' ? { ...edit, path, from: [...prefix, ...edit.from] } : { ...edit, path };
}

function touchedBy(edit: FixEdit): Path[] {
  if (edit.op === 'move') return [edit.from, edit.path];
  // An item that is added or removed moves the others.
  const moves = edit.op !== 'replace' && typeof edit.path.at(-1) === 'number';
  return [moves ? parentPath(edit.path) : edit.path];
}
