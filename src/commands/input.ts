import { describeError } from '../system-error.ts';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { collectFiles } from '../manifests/input-files.ts';
import { type ManifestFile, readManifests } from '../manifests/index.ts';
import { looksLikeValues } from '../manifests/helm/looks-like-values.ts';
import { isOurs } from '../manifests/world.ts';
import type { Io } from './io.ts';
import type { Progress } from './progress.ts';

/** What was read, and how much of what. */
export interface Input {
  /** Files that hold something to judge or to report; others are let go once they are counted. */
  readonly files: readonly ManifestFile[];
  /** Where each of them is on the disk; standard input is nowhere. */
  readonly paths: ReadonlyMap<ManifestFile, string>;
  readonly counts: {
    files: number;
    documents: number;
    objects: number;
    foreign: number;
    notKubernetes: number;
  };
  /** Files that hold no object, and look like Helm values of IOMesh. */
  readonly valuesPassedOver: readonly string[];
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  /** Files of which a document could not be parsed. */
  readonly unread: readonly string[];
}

/** Reads everything the command line names. What cannot be read becomes a problem, never an exception. */
export async function readInput(paths: readonly string[], io: Io, progress: Progress): Promise<Input> {
  const collected = await collectFiles(paths, io.cwd);
  const problems = [...collected.problems];
  const files: ManifestFile[] = [];
  const valuesPassedOver: string[] = [];
  const places = new Map<ManifestFile, string>();
  const unread: string[] = [];
  const counts = { files: 0, documents: 0, objects: 0, foreign: 0, notKubernetes: 0 };
  for (const { name, path } of collected.files) {
    progress.step(counts.files, collected.files.length);
    let bytes: Uint8Array;
    try {
      bytes = path === undefined ? await io.readStdin() : readFileSync(resolve(io.cwd, path));
    } catch (error) {
      problems.push(`cannot read ${name}: ${describeError(error)}`);
      continue;
    }
    const file = readManifests(name, bytes, { isOurs });
    counts.files += 1;
    counts.documents += file.counts.documents;
    counts.objects += file.counts.objects;
    counts.foreign += file.counts.foreign;
    counts.notKubernetes += file.counts.notKubernetes;
    if (file.counts.notKubernetes > 0 && looksLikeValues(file.text)) valuesPassedOver.push(name);
    if (file.counts.objects === 0 && file.faults.length === 0) continue;
    files.push(file);
    if (path !== undefined) places.set(file, resolve(io.cwd, path));
    if (file.documents.some((document) => document.status === 'failed')) unread.push(name);
  }
  progress.done();
  return { files, paths: places, counts, valuesPassedOver, problems, notes: collected.notes, unread };
}
