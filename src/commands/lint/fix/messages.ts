import { lineColumn } from '../../../manifests/locate.ts';
import { spanOf } from '../../../manifests/world.ts';
import { sanitize } from '../../../core/base/sanitize.ts';
import { count } from '../../../report/summary.ts';
import type { Io } from '../../io.ts';
import { findingKey } from './candidate.ts';
import type { FixResult, SkippedFix } from './passes.ts';

/** No more skipped fixes are listed. */
const MAX_LISTED = 20;

/** The result in one line. */
export function summaryNote(
  { resolved, unsafeLeft, unfinished }: FixResult,
  { files, written }: { files: number; written: boolean },
): string {
  const did = written ? 'fixed' : 'would fix';
  const findings =
    resolved === 0 ? 'no findings' : `${count(resolved, 'finding')} in ${count(files, 'file')}`;
  const rest = unsafeLeft === 0 ? '' : ` (${unsafeLeft} more with --unsafe-fixes)`;
  return `${did} ${findings}${rest}${unfinished ? '; more can be fixed: run the command again' : ''}`;
}

/** The findings with a fix that was not applied, with the reason. */
export function skippedNotes({ skipped }: FixResult): string[] {
  const byFinding = new Map(skipped.map((each) => [findingKey(each.candidate.finding), each]));
  const all = [...byFinding.values()];
  const listed = all.slice(0, MAX_LISTED).map(skippedNote);
  return all.length > listed.length
    ? [...listed, `${count(all.length - listed.length, 'more finding')} could not be fixed`]
    : listed;
}

function skippedNote({ candidate: { finding }, reason }: SkippedFix): string {
  const span = spanOf(finding);
  if (span === undefined) return `${finding.code} was not fixed: ${reason}`;
  const { line, column } = lineColumn(span.file, span.start);
  return `${span.file.name}:${line}:${column}: ${finding.code} was not fixed: ${reason}`;
}

/** Prints notes and problems to standard error. */
export function printMessages(io: Io, notes: readonly string[], problems: readonly string[]): void {
  for (const note of notes) io.stderr.write(`note: ${sanitize(note)}\n`);
  for (const problem of problems) io.stderr.write(`error: ${sanitize(problem)}\n`);
}
