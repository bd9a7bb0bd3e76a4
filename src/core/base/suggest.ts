import { distance } from 'fastest-levenshtein';

const MAX_LENGTH = 253;

/**
 * The candidate that a mistyped word most likely means: the nearest by edit distance, ignoring case, within a
 * third of the length of the word and at most three edits. Undefined if there is none, or if two are equally
 * near.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  if (word === '' || word.length > MAX_LENGTH) return undefined;
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.max(1, Math.floor(word.length / 3))) + 1;
  let tied = false;
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) >= bestDistance + 1) continue;
    const edits = distance(lower, candidate.toLowerCase());
    if (edits < bestDistance) {
      best = candidate;
      bestDistance = edits;
      tied = false;
    } else if (edits === bestDistance && candidate !== best) {
      tied = best !== undefined;
    }
  }
  return tied ? undefined : best;
}

/**
 * False for names that differ in a number, or in a word of at most two characters, as `pool-a` and `pool-b`:
 * they are usually the names of two things.
 */
export function differOnlyInSpelling(a: string, b: string): boolean {
  if (numbersOf(a) !== numbersOf(b)) return false;
  const [left, right] = [wordsOf(a), wordsOf(b)];
  if (left.length !== right.length) return true;
  return !left.some((word, index) => {
    const other = right[index] ?? '';
    return word !== other && word.length <= 2 && other.length <= 2;
  });
}

function numbersOf(name: string): string {
  return name.replace(/\D+/g, ' ').trim();
}

function wordsOf(name: string): readonly string[] {
  return name.toLowerCase().split(/[-._/]/);
}

/** `; did you mean X?` for a mistyped word, written by `format`; empty if no candidate is near enough. */
export function didYouMean(
  word: string,
  candidates: Iterable<string>,
  format: (candidate: string) => string = (candidate) => candidate,
): string {
  const near = suggest(word, candidates);
  return near === undefined ? '' : `; did you mean ${format(near)}?`;
}
