import { relative, resolve, sep } from 'node:path';
import { asString, at, exactText, isObject, type JsonObject, own } from '../../core/base/json.ts';
import { type Resource, toResource } from '../../core/base/model.ts';
import type { Path } from '../../core/base/path.ts';
import { KUSTOMIZATIONS, patchFiles } from '../../manifests/kustomization.ts';
import { readManifests } from '../../manifests/read.ts';
import type { ManifestFile, ManifestObject } from '../../manifests/types.ts';
import { type FieldInFile, KNOWN_KINDS, ManifestSource, type WorldAdditions } from '../../manifests/world.ts';
import { readWholeFile } from '../../read-file.ts';
import { addCounts, type Input } from '../input.ts';
import type { Io } from '../io.ts';
import { buildKustomization } from './build.ts';

/** The objects of rendered kustomizations, and the input with their counts and problems. */
export interface RenderedInput {
  readonly input: Input;
  readonly additions: WorldAdditions;
}

const ORIGIN = 'config.kubernetes.io/origin';

/** Renders kustomizations and adds their objects to an input. What cannot be rendered becomes a problem. */
export function addKustomizations(input: Input, folders: readonly string[], io: Io): RenderedInput {
  const problems = [...input.problems];
  const counts = { ...input.counts };
  const resources: Resource[] = [];
  for (const name of folders) {
    const folder = resolve(io.cwd, name);
    const built = buildKustomization(folder, name, io.env);
    if ('problem' in built) {
      problems.push(built.problem);
      continue;
    }
    const rendered = readManifests(`<kustomize ${name}>`, built.text, { kinds: KNOWN_KINDS });
    const sources = new Sources(folder, built.from, io.cwd);
    counts.files += 1;
    addCounts(counts, rendered.counts);
    for (const object of rendered.documents.flatMap(({ objects }) => objects)) {
      const source = new RenderedSource(rendered, object, sources);
      const resource = toResource(withoutOrigin(object.json), { source, kind: object.intended });
      if (resource !== undefined) resources.push(resource);
    }
  }
  return { input: { ...input, problems, counts }, additions: { resources } };
}

/** An object as the cluster gets it. */
function withoutOrigin(json: JsonObject): JsonObject {
  const metadata = own(json, 'metadata');
  const annotations = own(metadata, 'annotations');
  if (!isObject(metadata) || !isObject(annotations)) return json;
  const { [ORIGIN]: _, ...others } = annotations;
  const { annotations: _all, ...rest } = metadata;
  const kept = Object.keys(others).length === 0 ? rest : { ...rest, annotations: others };
  return { ...json, metadata: kept };
}

/** The files that a kustomization is made of, read on demand. */
class Sources {
  readonly #folder: string;
  readonly #from: string;
  readonly #cwd: string;
  readonly #files = new Map<string, ManifestFile | undefined>();
  #patches: readonly ManifestFile[] | undefined;

  constructor(folder: string, from: string, cwd: string) {
    this.#folder = folder;
    this.#from = from;
    this.#cwd = cwd;
  }

  /** The objects of a kind in the file that an annotation names. */
  originOf(json: JsonObject): readonly (readonly [ManifestFile, ManifestObject])[] {
    const text = asString(at(json, ['metadata', 'annotations', ORIGIN])) ?? '';
    const path = /^path: (.+)$/m.exec(text)?.[1];
    // A remote base has no file here.
    if (path === undefined || /^repo:/m.test(text)) return [];
    const file = this.#read(resolve(this.#from, path));
    return file === undefined ? [] : similar(file, json);
  }

  /** The patches for an object, of this kustomization. */
  patchesOf(json: JsonObject): readonly (readonly [ManifestFile, ManifestObject])[] {
    this.#patches ??= KUSTOMIZATIONS.flatMap((each) => patchFiles(this.#folder, each)).flatMap(
      (path) => this.#read(path) ?? [],
    );
    return this.#patches.flatMap((file) => similar(file, json));
  }

  #read(path: string): ManifestFile | undefined {
    if (!this.#files.has(path)) this.#files.set(path, this.#load(path));
    return this.#files.get(path);
  }

  #load(path: string): ManifestFile | undefined {
    try {
      const name = relative(this.#cwd, path).split(sep).join('/');
      return readManifests(name, readWholeFile(path), { kinds: KNOWN_KINDS });
    } catch {
      return undefined;
    }
  }
}

/** The objects of a file that can be the source of a rendered one, which can have a longer name. */
function similar(file: ManifestFile, json: JsonObject): readonly (readonly [ManifestFile, ManifestObject])[] {
  const name = asString(at(json, ['metadata', 'name'])) ?? '';
  return file.documents
    .flatMap(({ objects }) => objects)
    .filter((each) => {
      const shorter = asString(at(each.json, ['metadata', 'name'])) ?? '';
      return at(each.json, ['kind']) === at(json, ['kind']) && shorter !== '' && name.includes(shorter);
    })
    .map((object) => [file, object] as const);
}

/** The source of a rendered object: each field is shown where its value is written, if that is known. */
class RenderedSource extends ManifestSource {
  readonly #object: ManifestObject;
  readonly #sources: Sources;

  constructor(file: ManifestFile, object: ManifestObject, sources: Sources) {
    super(file, object.documentIndex, object.path);
    this.#object = object;
    this.#sources = sources;
  }

  override placeOf(field: Path): FieldInFile {
    const { json } = this.#object;
    const origins = this.#sources.originOf(json);
    const all = [...this.#sources.patchesOf(json), ...origins];
    const wanted = exactText(at(json, field));
    const written = all.find(([, object]) => {
      const value = at(object.json, field);
      return value !== undefined && exactText(value) === wanted;
    });
    const [origin] = origins;
    // A missing field is missing in the source too; another value is not shown.
    const isMissing = at(json, field) === undefined;
    const [file, object, path] =
      written !== undefined
        ? [...written, field]
        : origin === undefined
          ? [this.file, this.#object, field]
          : [...origin, isMissing ? field : ['metadata', 'name']];
    return { file, documentIndex: object.documentIndex, path: [...object.path, ...path], isField: false };
  }
}
