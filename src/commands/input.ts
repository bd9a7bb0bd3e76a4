import { describeError } from '../system-error.ts';
import { delayOptimization } from '../optimization.ts';
import { readWholeFile } from '../read-file.ts';
import { resolve } from 'node:path';
import { type FileSelection, findInputFiles } from '../manifests/input-files.ts';
import type { ManifestDocument, ManifestFile } from '../manifests/types.ts';
import { readManifests } from '../manifests/read.ts';
import { mayHaveKnownKind, namesIomesh, roughText } from '../manifests/signs.ts';
import { lineColumn } from '../manifests/locate.ts';
import { count } from '../report/summary.ts';
import { type InlineRelease, inlineReleases } from '../manifests/helm/inline.ts';
import { looksLikeValues } from '../manifests/helm/read.ts';
import { KNOWN_KINDS } from '../manifests/world.ts';
import type { Io } from './io.ts';

/** The files of the command line, parsed, with counts. */
export interface Input {
  /** Files with an object of IOMesh or a syntax error; the others are only counted. */
  readonly files: readonly ManifestFile[];
  /** The path of each file on disk; standard input has only that of `--stdin-filename`. */
  readonly paths: ReadonlyMap<ManifestFile, string>;
  /** The directories that the command line names. */
  readonly roots: readonly string[];
  readonly counts: {
    files: number;
    documents: number;
    objects: number;
    foreign: number;
    notKubernetes: number;
    /** Files without any sign of a kind that the rules know. They were not parsed. */
    otherFiles: number;
  };
  /** Files without an object that look like Helm values of IOMesh. */
  readonly skippedValues: readonly string[];
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  /** Files with a document that could not be parsed. */
  readonly unread: readonly string[];
}

/** A run that parses so much is slower with the optimization that V8 does by default. */
const LONG_BYTES = 16 * 1024;

/** Reads every file that the command line names. A file that cannot be read becomes a problem, never an exception. */
export async function readInput(paths: readonly string[], selection: FileSelection, io: Io): Promise<Input> {
  const progress = new Progress(io);
  const collected = await findInputFiles(paths, io.cwd, selection);
  const problems = [...collected.problems];
  const files: ManifestFile[] = [];
  const skippedValues: string[] = [];
  const onDisk = new Map<ManifestFile, string>();
  const unread: string[] = [];
  const counts = { files: 0, documents: 0, objects: 0, foreign: 0, notKubernetes: 0, otherFiles: 0 };
  const unparsed: string[] = [];
  const incomplete: string[] = [];
  let parsedBytes = 0;
  const stdinPath = selection.stdinFile === undefined ? undefined : resolve(io.cwd, selection.stdinFile);
  for (const { name: typed, path } of collected.files) {
    // Standard input has its newer text.
    if (path !== undefined && path === stdinPath) continue;
    const name = path === undefined ? (selection.stdinFile ?? typed) : typed;
    progress.step(counts.files, collected.files.length);
    let bytes: Uint8Array;
    try {
      bytes = path === undefined ? await io.readStdin() : readWholeFile(resolve(io.cwd, path));
    } catch (error) {
      problems.push(`cannot read ${name}: ${describeError(error)}`);
      continue;
    }
    counts.files += 1;
    const rough = roughText(bytes);
    // Standard input is always given on purpose.
    const isGiven = path === undefined;
    if (!isGiven && !mayHaveKnownKind(rough)) {
      counts.otherFiles += 1;
      continue;
    }
    parsedBytes += bytes.length;
    if (parsedBytes >= LONG_BYTES) delayOptimization();
    const read = readManifests(name, bytes, { kinds: KNOWN_KINDS });
    // An error in a file that has nothing to do with IOMesh is not reported.
    const isOther = !isGiven && read.errors.length > 0 && !namesIomesh(rough);
    const file = isOther ? withoutErrors(read) : read;
    const fault = isOther ? read.errors.find(({ kind }) => kind === 'syntax') : undefined;
    if (fault !== undefined) unparsed.push(`${name}:${lineColumn(read, fault.start).line}: ${fault.message}`);
    addCounts(counts, file.counts);
    const releases = file.counts.foreign > 0 ? inlineReleases(file) : [];
    counts.foreign -= releases.length;
    const hasValues = releases.some((each) => each.unread === undefined);
    incomplete.push(...unreadValues(file, releases).map((note) => `${name}: the Helm values of ${note}`));
    if (file.counts.notKubernetes > 0 && looksLikeValues(file.text)) skippedValues.push(name);
    const failed = file.documents.some((document) => document.status === 'failed');
    if (file.counts.objects === 0 && file.errors.length === 0 && !failed && !hasValues) continue;
    files.push(file);
    const place = path ?? stdinPath;
    if (place !== undefined) onDisk.set(file, resolve(io.cwd, place));
    if (failed) unread.push(name);
  }
  progress.done();
  const notes = [...collected.notes, ...incomplete.slice(0, MAX_NOTES), ...unparsedNotes(unparsed)];
  const { roots } = collected;
  return { files, paths: onDisk, roots, counts, skippedValues, problems, notes, unread };
}

/** Adds the counts of the documents in a file. */
export function addCounts(
  total: Omit<Input['counts'], 'files' | 'otherFiles'>,
  { documents, objects, foreign, notKubernetes }: ManifestFile['counts'],
): void {
  total.documents += documents;
  total.objects += objects;
  total.foreign += foreign;
  total.notKubernetes += notKubernetes;
}

/** The releases in a file whose values are not read, with the reason. */
function unreadValues({ counts, text }: ManifestFile, releases: readonly InlineRelease[]): readonly string[] {
  if (releases.length > 0)
    return releases.flatMap(({ kind, unread }) =>
      unread === undefined
        ? []
        : `${article(kind)} are not read, because ${unread}; write all to files and add --values FILE`,
    );
  const [, kind] = (counts.foreign > 0 && RELEASE.exec(text)) || [];
  return kind !== undefined && INLINE_VALUES.test(text) && namesIomesh(text)
    ? [`${article(kind)} are not read; write them to a file and add --values FILE`]
    : [];
}

function article(kind: string): string {
  return kind === 'Application' ? `an ${kind}` : `a ${kind}`;
}

/** A file without its errors, which are not about IOMesh; what its documents may have still counts as present. */
function withoutErrors(file: ManifestFile): ManifestFile {
  const documents = file.documents.map((document): ManifestDocument => {
    const guessed = document.guessed?.filter(({ apiVersion = '', kind = '' }) =>
      KNOWN_KINDS.isWanted(apiVersion, kind),
    );
    if (document.status !== 'failed') return document;
    return guessed?.[0] === undefined ? { ...document, status: 'foreign' } : { ...document, guessed };
  });
  return { ...file, documents, errors: [] };
}

const MAX_NOTES = 3;
/** A HelmRelease of Flux or an Application of Argo CD with values. */
const RELEASE = /^kind: *["']?(HelmRelease|Application)\b/m;
const INLINE_VALUES = /^ +(?:values|valuesObject):/m;

/** Notes about files that cannot be parsed and have nothing to do with IOMesh. */
function unparsedNotes(unparsed: readonly string[]): string[] {
  const rest = unparsed.length - MAX_NOTES;
  return [
    ...unparsed
      .slice(0, MAX_NOTES)
      .map((place) => `skipped a file that cannot be parsed and has no sign of IOMesh: ${place}`),
    ...(rest > 0 ? [`skipped ${count(rest, 'more file')} that cannot be parsed`] : []),
  ];
}

/** Shows on a terminal how many files are read, once reading takes more than a second. */
class Progress {
  readonly #io: Io;
  readonly #start: number;
  #last: number;
  #shown = false;

  constructor(io: Io) {
    this.#io = io;
    this.#start = io.clock();
    this.#last = this.#start;
  }

  step(done: number, of: number): void {
    if (!this.#io.stderr.isTerminal) return;
    const now = this.#io.clock();
    if (now - this.#start < 1000 || now - this.#last < 200) return;
    this.#last = now;
    this.#shown = true;
    this.#io.stderr.write(`\rreading ${done} of ${of} files`);
  }

  /** Clears the line. */
  done(): void {
    if (this.#shown) this.#io.stderr.write('\r\u001b[K');
    this.#shown = false;
  }
}
