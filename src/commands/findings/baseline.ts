import { describeError, errorCode } from '../../system-error.ts';
import { readWholeFile } from '../../read-file.ts';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../usage-error.ts';
import { worldPrefix } from '../../report/identity.ts';
import type { FromRoot, LocatedFinding } from '../../report/located.ts';
import { count } from '../../report/summary.ts';
import type { Io } from '../io.ts';
import { type BaselineEntry, BaselineError, formatBaseline, parseBaseline } from './baseline-format.ts';
import { matchBaseline, baselineEntries } from './baseline-match.ts';
import { writeWhole } from '../output.ts';
import type { BaselineOptions, Examined } from './types.ts';

/** The findings of a run, compared with a baseline. */
export interface ComparedFindings {
  readonly fresh: readonly LocatedFinding[];
  /** The number of findings that are in the baseline. */
  readonly known: number;
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_NAMES = 10;

/**
 * Separates new findings from those in the baseline; with `write`, the baseline is written first. Throws a UsageError
 * if the file cannot be read or is not a baseline, so that a mistyped name never overwrites another file.
 */
export function applyBaseline(
  findings: readonly LocatedFinding[],
  examined: Examined,
  { file, write }: BaselineOptions,
  fromRoot: FromRoot,
  io: Io,
): ComparedFindings {
  const path = resolve(io.cwd, file);
  const text = readBaseline(path, file, write);
  const before = text === undefined ? new Map<string, BaselineEntry>() : parseFile(text, file);
  if (!write) {
    const { fresh, known, fixed } = matchBaseline(findings, before, fromRoot);
    const gone = fixed.filter((entry) => !isElsewhere(entry, examined));
    return { fresh, known: known.length, notes: fixedNotes(gone, examined, file), problems: [] };
  }
  if (examined.problems.length > 0) {
    const { fresh, known } = matchBaseline(findings, before, fromRoot);
    const problem = `${file} was not written, because the findings of the unread input would be missing`;
    return { fresh, known: known.length, notes: [], problems: [problem] };
  }
  const after = renewEntries(findings, before, examined, fromRoot);
  const { fresh, known } = matchBaseline(findings, after.entries, fromRoot);
  const problems: string[] = [];
  try {
    const renewedText = formatBaseline(after.entries.values());
    if (renewedText !== text) writeWhole(path, renewedText);
  } catch (error) {
    problems.push(`cannot write ${file}: ${describeError(error)}`);
  }
  const notes = problems.length > 0 ? [] : writtenNotes(file, before, after, examined);
  return { fresh, known: known.length, notes, problems };
}

const WRONG_FILE = 'check the file name; to create a new baseline, delete the file and add --write-baseline';

interface RenewedBaseline {
  readonly entries: ReadonlyMap<string, BaselineEntry>;
  /** The number of entries without a finding that are kept because some input could not be read. */
  readonly kept: number;
}

function renewEntries(
  findings: readonly LocatedFinding[],
  before: ReadonlyMap<string, BaselineEntry>,
  examined: Examined,
  fromRoot: FromRoot,
): RenewedBaseline {
  const { unread = [] } = examined;
  const entries = new Map<string, BaselineEntry>();
  for (const entry of baselineEntries(findings, fromRoot))
    if (entry !== undefined) entries.set(entry.id, entry);
  for (const entry of before.values()) if (isElsewhere(entry, examined)) entries.set(entry.id, entry);
  let kept = 0;
  if (unread.length > 0)
    for (const entry of before.values())
      if (!entries.has(entry.id)) {
        entries.set(entry.id, entry);
        kept += 1;
      }
  return { entries, kept };
}

/** True for an entry of a world that this run does not read. */
function isElsewhere({ id }: BaselineEntry, { worlds, isPart }: Examined): boolean {
  if (isPart !== true || worlds === undefined) return false;
  return !worlds.some((world) =>
    world === undefined ? !id.startsWith('world ') : id.startsWith(worldPrefix(world)),
  );
}

function readBaseline(path: string, file: string, write: boolean): string | undefined {
  try {
    if (statSync(path).size > MAX_BYTES)
      throw new UsageError(`${file} is not a baseline: it is larger than 64 MiB`, WRONG_FILE);
    return readWholeFile(path).toString('utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const missing = errorCode(error) === 'ENOENT';
    if (missing && write) return undefined;
    const hint = missing ? 'add --write-baseline to create it' : undefined;
    throw new UsageError(`cannot read the baseline ${file}: ${describeError(error)}`, hint);
  }
}

function parseFile(text: string, file: string): Map<string, BaselineEntry> {
  try {
    return parseBaseline(text);
  } catch (error) {
    if (!(error instanceof BaselineError)) throw error;
    throw new UsageError(`${file} is not a baseline: ${error.message}`, WRONG_FILE);
  }
}

function fixedNotes(fixed: readonly BaselineEntry[], { unread = [] }: Examined, file: string): string[] {
  if (fixed.length === 0) return [];
  if (unread.length > 0)
    return [
      `${entryCount(fixed.length)} of baseline ${file} ${fixed.length === 1 ? 'was' : 'were'} not matched, but ${listed(unread)} could not be read, so ${fixed.length === 1 ? 'it' : 'they'} may still apply`,
    ];
  const which = listed(fixed.map(({ rule, object }) => `${rule} of ${object}`));
  return [
    `${entryCount(fixed.length)} of baseline ${file} ${fixed.length === 1 ? 'is' : 'are'} fixed or no longer in the input: ${which}`,
    `add --write-baseline to update ${file}`,
  ];
}

function writtenNotes(
  file: string,
  before: ReadonlyMap<string, BaselineEntry>,
  { entries, kept }: RenewedBaseline,
  { unread = [] }: Examined,
): string[] {
  const added = [...entries.keys()].filter((id) => !before.has(id)).length;
  const removed = [...before.keys()].filter((id) => !entries.has(id)).length;
  const changed = [...entries.values()].filter(({ id, value }) => {
    const old = new Set(before.get(id)?.value);
    return before.has(id) && (value.some((piece) => !old.has(piece)) || old.size > new Set(value).size);
  }).length;
  const change = before.size === 0 ? '' : ` (${added} new, ${changed} changed, ${removed} removed)`;
  const notes = [`baseline ${file} has ${count(entries.size, 'finding')}${change}`];
  if (kept > 0)
    notes.push(
      `${entryCount(kept)} not matched but kept in ${file}, because ${listed(unread)} could not be read`,
    );
  return notes;
}

function listed(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  const more = distinct.length - MAX_NAMES;
  return `${distinct.slice(0, MAX_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function entryCount(number: number): string {
  return number === 1 ? '1 entry' : `${number} entries`;
}
