import type { JudgeResult } from '../../../core/judge/judge.ts';
import { describeError } from '../../../system-error.ts';
import type { ManifestFile } from '../../../manifests/types.ts';
import { EXIT, type Io } from '../../io.ts';
import type { FixOptions } from '../options.ts';
import { locksOf } from './locks.ts';
import { fixAll } from './passes.ts';
import { refusalNotes, speak, summaryNote } from './say.ts';
import { countGone } from './verdict.ts';
import { replaceFile } from './write.ts';

/** What is to be mended, and what judges it. */
export interface Patient {
  readonly files: readonly ManifestFile[];
  /** Where each file is on the disk; standard input has no place. */
  readonly paths: ReadonlyMap<ManifestFile, string>;
  readonly judgement: JudgeResult;
  readonly judge: (files: readonly ManifestFile[]) => JudgeResult;
}

/** What is left, as it is on the disk now, and what is to be said of it. */
export interface Mended {
  readonly judgement: JudgeResult;
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

/** Mends the files themselves: what is not written is left as it was. */
export function mendFiles(patient: Patient, { unsafe }: FixOptions): Mended {
  const locks = locksOf(patient.files, patient.paths, true);
  const fixed = fixAll(patient, { unsafe, judge: patient.judge, locked: (file) => locks.get(file) });
  const problems: string[] = [];
  let written = 0;
  const files = fixed.files.map((file, index) => {
    const original = patient.files[index]!;
    const path = patient.paths.get(original);
    if (file.text === original.text || path === undefined) return original;
    try {
      replaceFile(path, original.text, file.text);
      written += 1;
      return file;
    } catch (error) {
      problems.push(`cannot write ${file.name}, it is left as it was: ${describeError(error)}`);
      return original;
    }
  });
  const told = refusalNotes(fixed);
  if (problems.length === 0) {
    const { judgement } = fixed;
    return { judgement, problems, notes: [summaryNote(fixed, { files: written, written: true }), ...told] };
  }
  // What could not be written is not mended.
  const judgement = patient.judge(files);
  const gone = countGone(patient.judgement, judgement);
  const summary = summaryNote({ ...fixed, gone }, { files: written, written: true });
  return { judgement, problems, notes: [summary, ...told] };
}

/** Prints what {@link mendFiles} would change, writes nothing, and gives the exit code. */
export async function showDiff(
  patient: Patient,
  { unsafe }: FixOptions,
  said: { notes: readonly string[]; problems: readonly string[] },
  io: Io,
): Promise<number> {
  const { unifiedDiff } = await import('./diff.ts');
  const locks = locksOf(patient.files, patient.paths, false);
  const fixed = fixAll(patient, { unsafe, judge: patient.judge, locked: (file) => locks.get(file) });
  const diffs = fixed.files
    .map((file, index) => unifiedDiff(patient.files[index]!, file, io))
    .filter((diff) => diff !== '');
  io.stdout.write(diffs.join(''));
  const notes = [summaryNote(fixed, { files: diffs.length, written: false }), ...refusalNotes(fixed)];
  speak(io, [...said.notes, ...notes], said.problems);
  if (said.problems.length > 0) return EXIT.usage;
  return diffs.length > 0 ? EXIT.findings : EXIT.clean;
}
