import type { JudgeResult } from '../../../core/judge/judge.ts';
import { editAtOnce, editDocument } from '../../../manifests/edit/document.ts';
import { type DocumentText, documentTexts, withDocuments } from '../../../manifests/edit/file.ts';
import { EditRefusal } from '../../../manifests/edit/text-edit.ts';
import type { ManifestFile } from '../../../manifests/types.ts';
import { locateFindings } from '../../../report/located.ts';
import { type Candidate, candidateOf, keyOf, overlap } from './candidate.ts';
import { countGone, objection } from './verdict.ts';

/** A set of files, and what is to be said of them. */
export interface State {
  readonly files: readonly ManifestFile[];
  readonly judgement: JudgeResult;
}

/** A fix that was not made, and why. */
export interface Refused {
  readonly candidate: Candidate;
  readonly reason: string;
}

export interface Fixed extends State {
  /** How many findings are gone. */
  readonly gone: number;
  /** Every fix that was made, in order. */
  readonly applied: readonly Candidate[];
  readonly refused: readonly Refused[];
  /** How many more have an unsafe fix that was not asked for. */
  readonly more: number;
  /** The passes did not come to an end. */
  readonly unfinished: boolean;
}

/** What the fixing of a set of files stands on. */
export interface Fixing {
  readonly unsafe: boolean;
  readonly judge: (files: readonly ManifestFile[]) => JudgeResult;
  /** Why a file is not edited at all; undefined where it is. */
  readonly locked: (file: number) => string | undefined;
}

/** Each pass mends at least one finding; of one fault in one place no more than these are told at a time. */
const MAX_PASSES = 100;

/**
 * Applies fixes in memory until none is left to apply. Fixes that touch one place come one pass after
 * the other. A fix that would not mend its finding, or would bring a new one, is left out.
 */
export function fixAll(start: State, fixing: Fixing): Fixed {
  let state = start;
  let gone = 0;
  const applied: Candidate[] = [];
  for (let pass = 0; ; pass++) {
    const round = new Round(fixing);
    const next = round.settle(state, choose(state, fixing, round));
    gone += round.gone;
    applied.push(...round.applied);
    const unfinished = next !== state;
    if (!unfinished || pass === MAX_PASSES - 1)
      return { ...next, gone, applied, refused: round.refused, more: countMore(next, fixing), unfinished };
    state = next;
  }
}

function countMore(state: State, { unsafe, locked }: Fixing): number {
  const files = placesOf(state.files);
  const open = state.judgement.findings.filter((finding) => {
    const candidate = finding.fix?.safety === 'unsafe' ? candidateOf(finding, true, files) : undefined;
    return candidate !== undefined && locked(candidate.file) === undefined;
  });
  return unsafe ? 0 : open.length;
}

function placesOf(files: readonly ManifestFile[]): Map<ManifestFile, number> {
  return new Map(files.map((file, index) => [file, index]));
}

/** The candidates of one pass: in the order of the report, none that touches what another does. */
function choose(state: State, fixing: Fixing, round: Round): Candidate[] {
  const chosen = new Map<string, Candidate[]>();
  const files = placesOf(state.files);
  for (const { finding } of locateFindings(state.judgement.findings)) {
    const candidate = candidateOf(finding, fixing.unsafe, files);
    if (candidate === undefined) continue;
    const reason = fixing.locked(candidate.file);
    if (reason !== undefined) {
      round.refused.push({ candidate, reason });
      continue;
    }
    const where = `${candidate.file}\0${candidate.documentIndex}`;
    const beside = chosen.get(where) ?? [];
    if (beside.some((each) => overlap(each, candidate))) continue;
    chosen.set(where, [...beside, candidate]);
  }
  return [...chosen.values()].flat();
}

class Round {
  readonly refused: Refused[] = [];
  readonly applied: Candidate[] = [];
  gone = 0;
  readonly #fixing: Fixing;

  constructor(fixing: Fixing) {
    this.#fixing = fixing;
  }

  /** Applies a set of candidates; where they do harm together, halves of the set, down to each alone. */
  settle(state: State, candidates: readonly Candidate[]): State {
    const open = new Set(state.judgement.findings.map(keyOf));
    const due = candidates.filter(({ finding }) => open.has(keyOf(finding)));
    if (due.length === 0) return state;
    const applied: Candidate[] = [];
    let tried: readonly Candidate[] = applied;
    let reason: string | undefined;
    let next = state;
    try {
      const files = state.files.map((file, index) => this.#edit(file, index, due, applied));
      if (applied.length === 0) return state;
      next = { files, judgement: this.#fixing.judge(files) };
      reason = objection(state.judgement, next.judgement, applied);
    } catch (error) {
      if (!(error instanceof EditRefusal)) throw error;
      reason = error.message;
      // Some files may not have been come to.
      tried = due.filter((each) => this.refused.every(({ candidate }) => candidate !== each));
    }
    if (reason === undefined) {
      this.gone += countGone(state.judgement, next.judgement);
      this.applied.push(...applied);
      return next;
    }
    const [only, more] = tried;
    if (only === undefined) return state;
    if (more === undefined) {
      this.refused.push({ candidate: only, reason });
      return state;
    }
    const half = Math.ceil(tried.length / 2);
    return this.settle(this.settle(state, tried.slice(0, half)), tried.slice(half));
  }

  /** A file with its candidates' edits made; those that could be made are added to `applied`. */
  #edit(
    file: ManifestFile,
    index: number,
    candidates: readonly Candidate[],
    applied: Candidate[],
  ): ManifestFile {
    const own = candidates.filter((each) => each.file === index);
    if (own.length === 0) return file;
    const texts = this.#editDocuments(file, own, applied);
    return texts.size === 0 ? file : withDocuments(file, texts);
  }

  #editDocuments(
    file: ManifestFile,
    candidates: readonly Candidate[],
    done: Candidate[],
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
    candidates: readonly Candidate[],
    changed: Map<number, string>,
    done: Candidate[],
  ): void {
    for (const candidate of candidates) {
      try {
        changed.set(index, editDocument(changed.get(index) ?? text, isJson, candidate.edits));
        done.push(candidate);
      } catch (error) {
        if (!(error instanceof EditRefusal)) throw error;
        this.refused.push({ candidate, reason: error.message });
      }
    }
  }
}
