import type { JudgeResult } from '../../../core/judge/judge.ts';
import { describeError } from '../../../system-error.ts';
import type { ManifestFile } from '../../../manifests/types.ts';
import { EXIT, type Io } from '../../io.ts';
import type { FixOptions } from '../options.ts';
import { lockedFiles, type NamedFiles } from './locks.ts';
import { fixAll } from './passes.ts';
import { skippedNotes, printMessages, summaryNote } from './messages.ts';
import { countResolved } from './check-fixes.ts';
import { replaceFile } from './write.ts';

/** The files to fix, with their findings. */
export interface FixInput extends NamedFiles {
  readonly judgement: JudgeResult;
  readonly judge: (files: readonly ManifestFile[]) => JudgeResult;
}

/** The findings that remain in the files as they are on disk now, and messages. */
export interface FixOutcome {
  readonly judgement: JudgeResult;
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

/** Applies fixes to the files. A file that cannot be written is left as it was. */
export function fixFiles(input: FixInput, { unsafe }: FixOptions): FixOutcome {
  const locks = lockedFiles(input, true);
  const fixed = fixAll(input, { unsafe, judge: input.judge, locked: (file) => locks.get(file) });
  const problems: string[] = [];
  let written = 0;
  const files = fixed.files.map((file, index) => {
    const original = input.files[index]!;
    const path = input.paths.get(original);
    if (file.text === original.text || path === undefined) return original;
    try {
      replaceFile(path, original.text, file.text);
      written += 1;
      return file;
    } catch (error) {
      problems.push(`cannot write ${file.name}, which was not changed: ${describeError(error)}`);
      return original;
    }
  });
  const skipped = skippedNotes(fixed);
  if (problems.length === 0) {
    const { judgement } = fixed;
    return {
      judgement,
      problems,
      notes: [summaryNote(fixed, { files: written, written: true }), ...skipped],
    };
  }
  // The findings of a file that could not be written remain.
  const judgement = input.judge(files);
  const resolved = countResolved(input.judgement, judgement);
  const summary = summaryNote({ ...fixed, resolved }, { files: written, written: true });
  return { judgement, problems, notes: [summary, ...skipped] };
}

/** Prints what {@link fixFiles} would change, writes nothing, and gives the exit code. */
export async function showDiff(
  input: FixInput,
  { unsafe }: FixOptions,
  messages: { notes: readonly string[]; problems: readonly string[] },
  io: Io,
): Promise<number> {
  const { unifiedDiff } = await import('./diff.ts');
  const locks = lockedFiles(input, false);
  const fixed = fixAll(input, { unsafe, judge: input.judge, locked: (file) => locks.get(file) });
  const diffs = fixed.files
    .map((file, index) => unifiedDiff(input.files[index]!, file, io))
    .filter((diff) => diff !== '');
  io.stdout.write(diffs.join(''));
  const notes = [summaryNote(fixed, { files: diffs.length, written: false }), ...skippedNotes(fixed)];
  printMessages(io, [...messages.notes, ...notes], messages.problems);
  if (messages.problems.length > 0) return EXIT.usage;
  return diffs.length > 0 ? EXIT.findings : EXIT.clean;
}
