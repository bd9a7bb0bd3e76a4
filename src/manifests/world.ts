import type { Config } from '../core/base/config.ts';
import type { FindingPlace } from '../core/finding.ts';
import type { Json } from '../core/base/json.ts';
import {
  kindOf,
  type Resource,
  type ResourceSource,
  type SourceComment,
  toResource,
} from '../core/base/model.ts';
import type { Path } from '../core/base/path.ts';
import { intendedKind, mayIntendKind } from '../core/iomesh/intended-kind.ts';
import { type Mode, type InputError, type UnreadObject, World, type WorldInput } from '../core/world.ts';
import { commentsIn } from './comments.ts';
import { locate } from './locate.ts';
import type { ManifestError, ManifestFile, Span, WantedKinds } from './types.ts';
import { resolvePlain } from './yaml/scalar.ts';

/** Where a field of an object is written in a file, or would be. */
export interface FieldInFile {
  readonly file: ManifestFile;
  readonly documentIndex: number;
  readonly path: Path;
  /** True if an edit of that place changes this field and no other. */
  readonly isField: boolean;
}

/** The source of an object that was read from a file. */
export class ManifestSource implements ResourceSource {
  readonly file: ManifestFile;
  readonly documentIndex: number;
  /** The path of the object in its document: empty, or the item of a list. */
  readonly path: Path;

  constructor(file: ManifestFile, documentIndex: number, path: Path) {
    this.file = file;
    this.documentIndex = documentIndex;
    this.path = path;
  }

  placeOf(field: Path): FieldInFile {
    const { file, documentIndex, path } = this;
    return { file, documentIndex, path: [...path, ...field], isField: true };
  }

  comments(): readonly SourceComment[] {
    return commentsIn(this.file, this.documentIndex);
  }

  plainTextOf(field: Path, value: Json): string | undefined {
    if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'boolean')
      return undefined;
    const { file, documentIndex, path } = this.placeOf(field);
    const { value: span, shared } = locate(file, documentIndex, path);
    const text = span === undefined ? '' : file.text.slice(span.start, span.end);
    return !shared && resolvePlain(text) === value ? text : undefined;
  }
}

/** The source of a resource that was read from a file; undefined for any other. */
export function sourceOf(resource: Resource | undefined): ManifestSource | undefined {
  return resource?.source instanceof ManifestSource ? resource.source : undefined;
}

/** Additions to the objects of the files. */
export type WorldAdditions = Partial<Pick<WorldInput, 'resources' | 'inputErrors' | 'unread' | 'helmValues'>>;

/** A part of the text of a file. */
export interface FileSpan extends Span {
  readonly file: ManifestFile;
}

const ERROR_CODES = {
  syntax: 'IOM001',
  'duplicate-key': 'IOM002',
  'dropped-text': 'IOM003',
  'wrong-type': 'IOM005',
} as const;

/**
 * The kinds that the rules check in files; the reader skips objects of other kinds. Of a
 * CustomResourceDefinition only the deletion is checked.
 */
export const KNOWN_KINDS: WantedKinds = {
  isWanted: (apiVersion, kind) =>
    kindOf(apiVersion, kind) !== undefined && kind !== 'CustomResourceDefinition',
  mayIntend: mayIntendKind,
  intended: intendedKind,
};

/** The world of the objects in files, and of additional ones. `today` is `YYYY-MM-DD`. */
export function worldOf(
  files: readonly ManifestFile[],
  config: Config,
  today: string,
  mode: Mode = 'lint',
  more: WorldAdditions = {},
): World {
  const resources: Resource[] = [];
  const inputErrors: InputError[] = [];
  const unread: UnreadObject[] = [];
  for (const file of files) {
    for (const document of file.documents) {
      unread.push(...(document.guessed ?? []));
      for (const { json, path, intended } of document.objects) {
        const source = new ManifestSource(file, document.index, path);
        const resource = toResource(json, { source, kind: intended });
        if (resource !== undefined) resources.push(resource);
      }
    }
    inputErrors.push(...file.errors.map((error) => toInputError(file, error)));
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

/** The text of a finding's place; undefined if it did not come from a file. */
export function spanOf(place: FindingPlace): FileSpan | undefined {
  if (place.span !== undefined) return { ...place.span, file: place.span.source as ManifestFile };
  const source = sourceOf(place.resource);
  if (source === undefined) return undefined;
  const { file, documentIndex, path } = source.placeOf(place.path);
  const found = locate(file, documentIndex, path);
  const span = found.exists && place.part !== 'key' ? (found.value ?? found.key) : (found.key ?? found.value);
  return span === undefined ? undefined : { file, start: span.start, end: span.end };
}

function toInputError(file: ManifestFile, error: ManifestError): InputError {
  const { kind, message, help, start, end, related } = error;
  return {
    code: ERROR_CODES[kind],
    message,
    help,
    span: { source: file, start, end },
    related: related?.map((each) => ({ message: each.message, span: { source: file, ...each } })),
  };
}
