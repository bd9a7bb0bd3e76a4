import { describeError, errorCode } from '../../system-error.ts';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../usage-error.ts';
import type { LocatedFinding } from '../../report/located.ts';
import { count } from '../../report/summary.ts';
import type { Io } from '../io.ts';
import { type BaselineEntry, BaselineError, formatBaseline, parseBaseline } from './baseline-format.ts';
import { matchBaseline, toEntries } from './baseline-match.ts';
import type { Examined } from './conclude.ts';
import { writeWhole } from '../output.ts';

/** What the flags say about a baseline. */
export interface BaselineOptions {
  readonly file: string;
  readonly write: boolean;
}

/** What a run with a baseline reports. */
export interface Baselined {
  readonly fresh: readonly LocatedFinding[];
  /** How many findings the baseline knew. */
  readonly known: number;
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_NAMED = 10;

/**
 * Takes out what the baseline knows; with `write` after the baseline was made anew of what is found.
 * Throws a UsageError where the file cannot be read or is no baseline, so that a slip of the pen
 * overwrites nothing else.
 */
export function applyBaseline(
  findings: readonly LocatedFinding[],
  examined: Examined,
  { file, write }: BaselineOptions,
  io: Io,
): Baselined {
  const path = resolve(io.cwd, file);
  const text = read(path, file, write);
  const before = text === undefined ? new Map<string, BaselineEntry>() : parse(text, file);
  if (!write) {
    const { fresh, known, mended } = matchBaseline(findings, before);
    return { fresh, known: known.length, notes: mendedNotes(mended, examined, file), problems: [] };
  }
  if (examined.problems.length > 0) {
    const { fresh, known } = matchBaseline(findings, before);
    const problem = `${file} was not written: findings in what could not be read would be missing from it`;
    return { fresh, known: known.length, notes: [], problems: [problem] };
  }
  const after = renewed(findings, before, examined);
  const { fresh, known } = matchBaseline(findings, after.entries);
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

interface Renewed {
  readonly entries: ReadonlyMap<string, BaselineEntry>;
  /** Entries not found again and kept, because not everything could be looked at. */
  readonly kept: number;
}

function renewed(
  findings: readonly LocatedFinding[],
  before: ReadonlyMap<string, BaselineEntry>,
  { unread = [] }: Examined,
): Renewed {
  const entries = new Map<string, BaselineEntry>();
  for (const entry of toEntries(findings)) if (entry !== undefined) entries.set(entry.id, entry);
  let kept = 0;
  if (unread.length > 0)
    for (const entry of before.values())
      if (!entries.has(entry.id)) {
        entries.set(entry.id, entry);
        kept += 1;
      }
  return { entries, kept };
}

function read(path: string, file: string, write: boolean): string | undefined {
  try {
    if (statSync(path).size > MAX_BYTES)
      throw new UsageError(`${file} is larger than 64 MiB: this is no baseline`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const missing = errorCode(error) === 'ENOENT';
    if (missing && write) return undefined;
    const hint = missing ? 'the same command with --write-baseline makes it' : undefined;
    throw new UsageError(`cannot read the baseline ${file}: ${describeError(error)}`, hint);
  }
}

function parse(text: string, file: string): Map<string, BaselineEntry> {
  try {
    return parseBaseline(text);
  } catch (error) {
    if (!(error instanceof BaselineError)) throw error;
    throw new UsageError(
      `${file} is no baseline that can be used: ${error.message}`,
      'mend it, or move it away and make it anew with --write-baseline',
    );
  }
}

function mendedNotes(mended: readonly BaselineEntry[], { unread = [] }: Examined, file: string): string[] {
  if (mended.length === 0) return [];
  const entries = count(mended.length, 'finding');
  if (unread.length > 0)
    return [
      `${entries} of the baseline ${file} not found, which says nothing while ${named(unread)} could not be read`,
    ];
  const which = named(mended.map(({ rule, object }) => `${rule} of ${object}`));
  const are = mended.length === 1 ? 'is' : 'are';
  return [
    `${entries} of the baseline ${file} ${are} mended or no longer in the input, and can be removed: ${which}`,
    `the same command with --write-baseline removes what is mended from ${file}`,
  ];
}

function writtenNotes(
  file: string,
  before: ReadonlyMap<string, BaselineEntry>,
  { entries, kept }: Renewed,
  { unread = [] }: Examined,
): string[] {
  const added = [...entries.keys()].filter((id) => !before.has(id)).length;
  const removed = [...before.keys()].filter((id) => !entries.has(id)).length;
  const changed = [...entries.values()].filter(({ id, value }) => {
    const old = new Set(before.get(id)?.value);
    return before.has(id) && (value.some((piece) => !old.has(piece)) || old.size > new Set(value).size);
  }).length;
  const change = before.size === 0 ? '' : ` (${added} new, ${changed} changed, ${removed} removed)`;
  const notes = [`${file} holds ${count(entries.size, 'finding')}${change}`];
  if (kept > 0)
    notes.push(
      `${count(kept, 'finding')} not found but kept in ${file}, because ${named(unread)} could not be read`,
    );
  return notes;
}

function named(words: readonly string[]): string {
  const distinct = [...new Set(words)];
  const more = distinct.length - MAX_NAMED;
  return `${distinct.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
