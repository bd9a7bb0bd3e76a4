import type { Config } from '../core/base/config.ts';
import type { Place } from '../core/finding.ts';
import { kindOf, type Resource, toResource } from '../core/base/model.ts';
import type { Path } from '../core/base/path.ts';
import { type Mode, type InputError, type UnreadObject, World, type WorldInput } from '../core/world.ts';
import { locate, type ManifestFault, type ManifestFile } from './index.ts';

/** A place in a document of a file, whether something stands there or not. */
export interface WrittenPlace {
  readonly file: ManifestFile;
  readonly documentIndex: number;
  readonly path: Path;
}

/** Where an object of a file stands: what a resource of a world read from files has as its source. */
export interface ManifestSource extends WrittenPlace {
  /** The object's place in its document: empty, or the item of a list. */
  readonly path: Path;
  /** For an object that stands in no file as it is, because values render to it: where a field of it is written. */
  readonly writtenAt?: ((path: Path) => WrittenField) | undefined;
}

/** Where a field of a rendered object is written. `isField`: setting what stands there sets just that field. */
export interface WrittenField extends WrittenPlace {
  readonly isField: boolean;
}

/** What a world holds beside the objects that stand in files. */
export type MoreOfWorld = Partial<Pick<WorldInput, 'resources' | 'inputErrors' | 'unread' | 'helmValues'>>;

/** A stretch of a file's text, in UTF-16 offsets. */
export interface FileSpan {
  readonly file: ManifestFile;
  readonly start: number;
  readonly end: number;
}

const FAULT_CODES = { syntax: 'IOM001', 'duplicate-key': 'IOM002', 'dropped-text': 'IOM003' } as const;

/** True for the kinds the rules know: the reader passes over the trees of all others. */
export function isOurs(apiVersion: string, kind: string): boolean {
  return kindOf(apiVersion, kind) !== undefined;
}

/** The world that a set of files describes, and what is added to it. `today` is `YYYY-MM-DD`. */
export function worldOf(
  files: readonly ManifestFile[],
  config: Config,
  today: string,
  mode: Mode = 'lint',
  more: MoreOfWorld = {},
): World {
  const resources: Resource[] = [];
  const inputErrors: InputError[] = [];
  const unread: UnreadObject[] = [];
  for (const file of files) {
    for (const document of file.documents) {
      unread.push(...(document.guess ?? []));
      for (const { json, path } of document.objects) {
        const source: ManifestSource = { file, documentIndex: document.index, path };
        const resource = toResource(json, { source });
        if (resource !== undefined) resources.push(resource);
      }
    }
    inputErrors.push(...file.faults.map((fault) => toInputError(file, fault)));
  }
  return World.of({
    resources: [...resources, ...(more.resources ?? [])],
    config,
    today,
    inputErrors: [...inputErrors, ...(more.inputErrors ?? [])],
    unread: [...unread, ...(more.unread ?? [])],
    helmValues: more.helmValues ?? [],
    mode,
  });
}

/** Where in which file a place of a finding is; undefined for what did not come from a file. */
export function spanOf(place: Place): FileSpan | undefined {
  if (place.span !== undefined) return { ...place.span, file: place.span.source as ManifestFile };
  const source = place.resource?.source as ManifestSource | undefined;
  if (source === undefined) return undefined;
  const { file, documentIndex, path } = source.writtenAt?.(place.path) ?? {
    ...source,
    path: [...source.path, ...place.path],
  };
  const found = locate(file, documentIndex, path);
  const span = found.exists && place.part !== 'key' ? (found.value ?? found.key) : (found.key ?? found.value);
  return span === undefined ? undefined : { file, start: span.start, end: span.end };
}

function toInputError(file: ManifestFile, fault: ManifestFault): InputError {
  const { kind, message, help, start, end, related } = fault;
  return {
    code: FAULT_CODES[kind],
    message,
    span: { source: file, start, end },
    ...(help === undefined ? {} : { help }),
    ...(related === undefined
      ? {}
      : { related: related.map((each) => ({ message: each.message, span: { source: file, ...each } })) }),
  };
}
