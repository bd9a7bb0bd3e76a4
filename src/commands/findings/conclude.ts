import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Judgement } from '../../core/judge.ts';
import { describeError } from '../../manifests/collect.ts';
import { colorsFor } from '../../report/colors.ts';
import { jsonReport } from '../../report/json.ts';
import { type LocatedFinding, locateFindings } from '../../report/located.ts';
import { sanitize } from '../../report/sanitize.ts';
import { count, type Summary } from '../../report/summary.ts';
import { textReport } from '../../report/text.ts';
import { EXIT, type Io } from '../io.ts';
import type { FindingsOptions, Target } from './options.ts';

/** What a verb has looked at, and what stood in its way. */
export interface Examined {
  readonly counts: Omit<Summary, 'errors' | 'warnings' | 'waived' | 'durationMs'>;
  /** Said on standard error; no failure. */
  readonly notes: readonly string[];
  /** Said on standard error; each makes the run fail. */
  readonly problems: readonly string[];
}

/** Reports findings as the flags ask, says the rest on standard error, and gives the exit code. `start` is of `io.clock`. */
export function conclude(
  { findings, waived }: Judgement,
  examined: Examined,
  options: FindingsOptions,
  start: number,
  io: Io,
): number {
  const located = locateFindings(findings);
  const errors = findings.filter((each) => each.severity === 'error').length;
  const summary: Summary = {
    ...examined.counts,
    errors,
    warnings: findings.length - errors,
    waived: waived.length,
    durationMs: Math.round(io.clock() - start),
  };
  const shown = options.quiet ? located.filter((each) => each.finding.severity === 'error') : located;
  const problems = [...publish(options.targets, shown, summary, io), ...examined.problems];
  const say = (kind: string, text: string) => io.stderr.write(`${kind}: ${sanitize(text)}\n`);
  for (const note of examined.notes) say('note', note);
  for (const problem of problems) say('error', problem);
  if (problems.length > 0) return EXIT.usage;
  return fails(options, summary, say) ? EXIT.findings : EXIT.clean;
}

function publish(
  targets: readonly Target[],
  findings: readonly LocatedFinding[],
  summary: Summary,
  io: Io,
): string[] {
  const problems: string[] = [];
  for (const { format, file } of targets) {
    const text =
      format === 'json'
        ? jsonReport(findings, summary)
        : textReport(findings, summary, colorsFor(file === undefined && io.stdout.isTerminal, io.env));
    if (file === undefined) {
      io.stdout.write(text);
      continue;
    }
    try {
      writeWhole(resolve(io.cwd, file), text);
    } catch (error) {
      problems.push(`cannot write ${file}: ${describeError(error)}`);
    }
  }
  return problems;
}

/** Nobody reads half a report: the file is written beside its place and moved there. */
function writeWhole(path: string, text: string): void {
  const partial = `${path}.${process.pid}.partial`;
  try {
    writeFileSync(partial, text);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function fails(
  options: FindingsOptions,
  summary: Summary,
  say: (kind: string, text: string) => void,
): boolean {
  const tooMany = options.maxWarnings !== undefined && summary.warnings > options.maxWarnings;
  if (tooMany)
    say('note', `${count(summary.warnings, 'warning')}, more than --max-warnings ${options.maxWarnings}`);
  if (tooMany) return true;
  if (options.failOn === 'never') return false;
  return summary.errors > 0 || (options.failOn === 'warning' && summary.warnings > 0);
}
