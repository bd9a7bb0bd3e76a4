import type { JudgeResult } from '../../../core/judge/judge.ts';
import { editAtOnce, editDocument } from '../../../manifests/edit/document.ts';
import { type DocumentText, documentTexts, withDocuments } from '../../../manifests/edit/file.ts';
import { EditRefusal } from '../../../manifests/edit/text-edit.ts';
import type { ManifestFile } from '../../../manifests/types.ts';
import { locateFindings } from '../../../report/located.ts';
import { type FixCandidate, toCandidate, findingKey, touchSamePlace } from './candidate.ts';
import { countResolved, rejectionReason } from './check-fixes.ts';

/** Files with their findings. */
export interface JudgedFiles {
  readonly files: readonly ManifestFile[];
  readonly judgement: JudgeResult;
}

/** A fix that was not applied, and why. */
export interface SkippedFix {
  readonly candidate: FixCandidate;
  readonly reason: string;
}

export interface FixResult extends JudgedFiles {
  /** How many findings are resolved. */
  readonly resolved: number;
  /** Every fix that was applied, in order. */
  readonly applied: readonly FixCandidate[];
  readonly skipped: readonly SkippedFix[];
  /** How many more findings have an unsafe fix, if unsafe fixes are not applied. */
  readonly unsafeLeft: number;
  /** True if the limit of passes was reached. */
  readonly unfinished: boolean;
}

/** How files are fixed. */
export interface FixRun {
  readonly unsafe: boolean;
  readonly judge: (files: readonly ManifestFile[]) => JudgeResult;
  /** Why a file is not edited; undefined for a file that is. */
  readonly locked: (file: number) => string | undefined;
}

/** Each pass resolves at least one finding. Of many findings at one place, only some are reported in a pass. */
const MAX_PASSES = 100;

/**
 * Applies fixes in memory until no more can be applied. Fixes of the same place are applied in successive
 * passes. A fix that would not resolve its finding, or would introduce a new one, is skipped.
 */
export function fixAll(start: JudgedFiles, fixing: FixRun): FixResult {
  let state = start;
  let resolved = 0;
  const applied: FixCandidate[] = [];
  for (let pass = 0; ; pass++) {
    const current = new FixPass(fixing);
    const next = current.settle(state, choose(state, fixing, current));
    resolved += current.resolved;
    applied.push(...current.applied);
    const unfinished = next !== state;
    if (!unfinished || pass === MAX_PASSES - 1)
      return {
        ...next,
        resolved,
        applied,
        skipped: current.skipped,
        unsafeLeft: countUnsafe(next, fixing),
        unfinished,
      };
    state = next;
  }
}

function countUnsafe(state: JudgedFiles, { unsafe, locked }: FixRun): number {
  const files = indexesOf(state.files);
  const open = state.judgement.findings.filter((finding) => {
    const candidate = finding.fix?.safety === 'unsafe' ? toCandidate(finding, true, files) : undefined;
    return candidate !== undefined && locked(candidate.file) === undefined;
  });
  return unsafe ? 0 : open.length;
}

function indexesOf(files: readonly ManifestFile[]): Map<ManifestFile, number> {
  return new Map(files.map((file, index) => [file, index]));
}

/** The candidates of one pass, in the order of the report. No two of them change the same place. */
function choose(state: JudgedFiles, fixing: FixRun, current: FixPass): FixCandidate[] {
  const chosen = new Map<string, FixCandidate[]>();
  const files = indexesOf(state.files);
  for (const { finding } of locateFindings(state.judgement.findings)) {
    const candidate = toCandidate(finding, fixing.unsafe, files);
    if (candidate === undefined) continue;
    const reason = fixing.locked(candidate.file);
    if (reason !== undefined) {
      current.skipped.push({ candidate, reason });
      continue;
    }
    const where = `${candidate.file}\0${candidate.documentIndex}`;
    const others = chosen.get(where) ?? [];
    if (others.some((each) => touchSamePlace(each, candidate))) continue;
    chosen.set(where, [...others, candidate]);
  }
  return [...chosen.values()].flat();
}

class FixPass {
  readonly skipped: SkippedFix[] = [];
  readonly applied: FixCandidate[] = [];
  resolved = 0;
  readonly #fixing: FixRun;

  constructor(fixing: FixRun) {
    this.#fixing = fixing;
  }

  /** Applies candidates. If they must not be applied together, each half of them is tried, down to single ones. */
  settle(state: JudgedFiles, candidates: readonly FixCandidate[]): JudgedFiles {
    const open = new Set(state.judgement.findings.map(findingKey));
    const pending = candidates.filter(({ finding }) => open.has(findingKey(finding)));
    if (pending.length === 0) return state;
    const applied: FixCandidate[] = [];
    let tried: readonly FixCandidate[] = applied;
    let reason: string | undefined;
    let next = state;
    try {
      const files = state.files.map((file, index) => this.#edit(file, index, pending, applied));
      if (applied.length === 0) return state;
      next = { files, judgement: this.#fixing.judge(files) };
      reason = rejectionReason(state.judgement, next.judgement, applied);
    } catch (error) {
      if (!(error instanceof EditRefusal)) throw error;
      reason = error.message;
      // The files after this one were not edited yet.
      tried = pending.filter((each) => this.skipped.every(({ candidate }) => candidate !== each));
    }
    if (reason === undefined) {
      this.resolved += countResolved(state.judgement, next.judgement);
      this.applied.push(...applied);
      return next;
    }
    const [only, more] = tried;
    if (only === undefined) return state;
    if (more === undefined) {
      this.skipped.push({ candidate: only, reason });
      return state;
    }
    const half = Math.ceil(tried.length / 2);
    return this.settle(this.settle(state, tried.slice(0, half)), tried.slice(half));
  }

  /** The file with the edits of its candidates; those that could be edited are added to `applied`. */
  #edit(
    file: ManifestFile,
    index: number,
    candidates: readonly FixCandidate[],
    applied: FixCandidate[],
  ): ManifestFile {
    const own = candidates.filter((each) => each.file === index);
    if (own.length === 0) return file;
    const texts = this.#editDocuments(file, own, applied);
    return texts.size === 0 ? file : withDocuments(file, texts);
  }

  #editDocuments(
    file: ManifestFile,
    candidates: readonly FixCandidate[],
    done: FixCandidate[],
  ): Map<number, string> {
    const texts = documentTexts(file);
    const changed = new Map<number, string>();
    for (const index of new Set(candidates.map((each) => each.documentIndex))) {
      const own = candidates.filter((each) => each.documentIndex === index);
      const { text, isJson } = texts[index]!;
      const edits = own.flatMap((each) => each.edits);
      const together = own.length < 2 ? undefined : editAtOnce(text, isJson, edits);
      if (together === undefined) this.#editEach(index, texts[index]!, own, changed, done);
      else {
        changed.set(index, together);
        done.push(...own);
      }
    }
    return changed;
  }

  #editEach(
    index: number,
    { text, isJson }: DocumentText,
    candidates: readonly FixCandidate[],
    changed: Map<number, string>,
    done: FixCandidate[],
  ): void {
    for (const candidate of candidates) {
      try {
        changed.set(index, editDocument(changed.get(index) ?? text, isJson, candidate.edits));
        done.push(candidate);
      } catch (error) {
        if (!(error instanceof EditRefusal)) throw error;
        this.skipped.push({ candidate, reason: error.message });
      }
    }
  }
}
