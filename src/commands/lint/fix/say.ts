import { lineColumn } from '../../../manifests/locate.ts';
import { spanOf } from '../../../manifests/world.ts';
import { sanitize } from '../../../core/base/sanitize.ts';
import { count } from '../../../report/summary.ts';
import type { Io } from '../../io.ts';
import { keyOf } from './candidate.ts';
import type { Fixed, Refused } from './passes.ts';

/** Fixes that were not made are told one by one up to here. */
const MAX_TOLD = 20;

/** How the fixing went, in a line. */
export function summaryNote(
  { gone, more, unfinished }: Fixed,
  { files, written }: { files: number; written: boolean },
): string {
  const did = written ? 'fixed' : 'would fix';
  const what = gone === 0 ? 'no findings' : `${count(gone, 'finding')} in ${count(files, 'file')}`;
  const rest = more === 0 ? '' : ` (${more} more with --unsafe-fixes)`;
  return `${did} ${what}${rest}${unfinished ? '; more can be fixed: run it again' : ''}`;
}

/** What was not fixed though it has a fix, and why. */
export function refusalNotes({ refused }: Fixed): string[] {
  const byFinding = new Map(refused.map((each) => [keyOf(each.candidate.finding), each]));
  const all = [...byFinding.values()];
  const told = all.slice(0, MAX_TOLD).map(refusalNote);
  return all.length > told.length
    ? [...told, `${count(all.length - told.length, 'more finding')} could not be fixed`]
    : told;
}

function refusalNote({ candidate: { finding }, reason }: Refused): string {
  const span = spanOf(finding);
  if (span === undefined) return `${finding.code} was not fixed: ${reason}`;
  const { line, column } = lineColumn(span.file, span.start);
  return `${span.file.name}:${line}:${column}: ${finding.code} was not fixed: ${reason}`;
}

/** Says notes and problems on standard error. */
export function speak(io: Io, notes: readonly string[], problems: readonly string[]): void {
  for (const note of notes) io.stderr.write(`note: ${sanitize(note)}\n`);
  for (const problem of problems) io.stderr.write(`error: ${sanitize(problem)}\n`);
}
