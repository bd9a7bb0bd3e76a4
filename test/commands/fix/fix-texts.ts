/** What the fixes make of a text, without a disk. */
import { type FixResult, fixAll } from '../../../src/commands/lint/fix/passes.ts';
import type { Config } from '../../../src/core/base/config.ts';
import { type JudgeResult, judge } from '../../../src/core/judge/judge.ts';
import type { ManifestFile } from '../../../src/manifests/types.ts';
import { readManifests } from '../../../src/manifests/read.ts';
import { KNOWN_KINDS, worldOf } from '../../../src/manifests/world.ts';

export interface FixedTexts {
  readonly before: JudgeResult;
  readonly fixed: FixResult;
  /** The texts after, in the order they were given. */
  readonly texts: readonly string[];
}

/** Fixes texts as `lint --fix` does; with `unsafe`, as it does with `--unsafe-fixes`. */
export function fixTexts(
  texts: readonly string[],
  config: Config,
  today: string,
  unsafe: boolean,
): FixedTexts {
  const files = texts.map((text, index) => readManifests(`${index}.yaml`, text, { kinds: KNOWN_KINDS }));
  const judgeFiles = (some: readonly ManifestFile[]): JudgeResult => judge(worldOf(some, config, today));
  const before = judgeFiles(files);
  const fixing = { unsafe, judge: judgeFiles, locked: () => undefined };
  const fixed = fixAll({ files, judgement: before }, fixing);
  return { before, fixed, texts: fixed.files.map((file) => file.text) };
}

/** The lines that differ, as a diff shows them: `-` before, `+` after. */
export function changedLines(before: string, after: string): string[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  // The longest common subsequence, for texts of a few hundred lines.
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i]![j] =
        a[i] === b[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) [i, j] = [i + 1, j + 1];
    else if (i < a.length && (j >= b.length || table[i + 1]![j]! >= table[i]![j + 1]!))
      lines.push(`-${a[i++]}`);
    else lines.push(`+${b[j++]}`);
  }
  return lines;
}
