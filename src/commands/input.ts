import { describeError } from '../system-error.ts';
import { readWholeFile } from '../read-file.ts';
import { resolve } from 'node:path';
import { findInputFiles } from '../manifests/input-files.ts';
import type { ManifestFile } from '../manifests/types.ts';
import { readManifests } from '../manifests/read.ts';
import { looksLikeValues } from '../manifests/helm/read.ts';
import { isKnownKind } from '../manifests/world.ts';
import type { Io } from './io.ts';

/** The files of the command line, parsed, with counts. */
export interface Input {
  /** Files with an object of IOMesh or a syntax error; the others are only counted. */
  readonly files: readonly ManifestFile[];
  /** The path of each file on disk; standard input has none. */
  readonly paths: ReadonlyMap<ManifestFile, string>;
  /** The directories that the command line names. */
  readonly roots: readonly string[];
  readonly counts: {
    files: number;
    documents: number;
    objects: number;
    foreign: number;
    notKubernetes: number;
  };
  /** Files without an object that look like Helm values of IOMesh. */
  readonly skippedValues: readonly string[];
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  /** Files with a document that could not be parsed. */
  readonly unread: readonly string[];
}

/** Reads every file that the command line names. A file that cannot be read becomes a problem, never an exception. */
export async function readInput(paths: readonly string[], io: Io): Promise<Input> {
  const progress = new Progress(io);
  const collected = await findInputFiles(paths, io.cwd);
  const problems = [...collected.problems];
  const files: ManifestFile[] = [];
  const skippedValues: string[] = [];
  const onDisk = new Map<ManifestFile, string>();
  const unread: string[] = [];
  const counts = { files: 0, documents: 0, objects: 0, foreign: 0, notKubernetes: 0 };
  for (const { name, path } of collected.files) {
    progress.step(counts.files, collected.files.length);
    let bytes: Uint8Array;
    try {
      bytes = path === undefined ? await io.readStdin() : readWholeFile(resolve(io.cwd, path));
    } catch (error) {
      problems.push(`cannot read ${name}: ${describeError(error)}`);
      continue;
    }
    const file = readManifests(name, bytes, { isWanted: isKnownKind });
    counts.files += 1;
    counts.documents += file.counts.documents;
    counts.objects += file.counts.objects;
    counts.foreign += file.counts.foreign;
    counts.notKubernetes += file.counts.notKubernetes;
    if (file.counts.notKubernetes > 0 && looksLikeValues(file.text)) skippedValues.push(name);
    if (file.counts.objects === 0 && file.errors.length === 0) continue;
    files.push(file);
    if (path !== undefined) onDisk.set(file, resolve(io.cwd, path));
    if (file.documents.some((document) => document.status === 'failed')) unread.push(name);
  }
  progress.done();
  const { notes, roots } = collected;
  return { files, paths: onDisk, roots, counts, skippedValues, problems, notes, unread };
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
