import type { JudgeResult } from '../../core/judge/judge.ts';
import { type LocatedFinding, locateFindings } from '../../report/located.ts';
import type { FindingsReport } from '../../report/report.ts';
import { fullWidthSign } from '../../core/base/full-width.ts';
import { lineColumn } from '../../manifests/locate.ts';
import { sanitize } from '../../core/base/sanitize.ts';
import { count, type Summary } from '../../report/summary.ts';
import { EXIT, type Io } from '../io.ts';
import { publish } from './publish.ts';
import { fromSourceRoot } from './source-root.ts';
import type { Examined, FindingsOptions } from './types.ts';

/**
 * Reports the findings in the formats of the flags, and prints notes and problems on standard error. `start` is a time
 * of `io.clock`. Returns the exit code.
 */
export async function conclude(
  judgement: JudgeResult,
  examined: Examined,
  options: FindingsOptions,
  start: number,
  io: Io,
): Promise<number> {
  const located = locateFindings(judgement.findings);
  const fromRoot = fromSourceRoot(io);
  const compared =
    options.baseline &&
    (await import('./baseline.ts')).applyBaseline(located, examined, options.baseline, fromRoot, io);
  const findings = compared?.fresh ?? located;
  const errors = findings.filter(isError).length;
  const summary: Summary = {
    ...examined.counts,
    errors,
    warnings: findings.length - errors,
    waived: judgement.waived.length,
    ...(compared && { known: compared.known }),
    durationMs: Math.round(io.clock() - start),
  };
  const notes = [...examined.notes, ...fullWidthNotes(findings), ...(compared?.notes ?? [])];
  const problems = [...examined.problems, ...(compared?.problems ?? [])];
  const report: FindingsReport = {
    findings: options.quiet ? findings.filter(isError) : findings,
    // Located on demand: few formats use them.
    get waived() {
      return locateFindings(judgement.waived);
    },
    summary,
    notes,
    problems,
    today: io.today(),
    fromRoot,
    worlds: examined.worlds,
  };
  const published = await publish(options.targets, report, io);
  const print = (kind: string, text: string) => io.stderr.write(`${kind}: ${sanitize(text)}\n`);
  for (const note of [...notes, ...published.notes]) print('note', note);
  for (const problem of [...published.problems, ...problems]) print('error', problem);
  if (problems.length + published.problems.length > 0) return EXIT.usage;
  const { failOn, maxWarnings } = options;
  if (maxWarnings !== undefined && summary.warnings > maxWarnings) {
    print('note', `${count(summary.warnings, 'warning')}, but --max-warnings allows ${maxWarnings}`);
    return EXIT.findings;
  }
  const failing = failOn === 'never' ? 0 : failOn === 'error' ? errors : findings.length;
  return failing > 0 ? EXIT.findings : EXIT.clean;
}

const MAX_SIGNS = 10;

/** Full-width signs in what a finding marks: the finding is about the value, and the sign is its cause. */
function fullWidthNotes(findings: readonly LocatedFinding[]): string[] {
  const notes = findings.flatMap(({ span }) => {
    if (span === undefined) return [];
    const { file, start, end } = span;
    const sign = fullWidthSign(file.text.slice(start, end));
    if (sign === undefined || file.errors.some((error) => error.start === start + sign.at)) return [];
    const { line, column } = lineColumn(file, start + sign.at);
    return [`${file.name}:${line}:${column}: ${sign.message}; ${sign.help}`];
  });
  return [...new Set(notes)].slice(0, MAX_SIGNS);
}

function isError({ finding }: LocatedFinding): boolean {
  return finding.severity === 'error';
}
