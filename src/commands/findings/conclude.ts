import { describeError } from '../../system-error.ts';
import { resolve } from 'node:path';
import type { Judgement } from '../../core/judge/judge.ts';
import { type LocatedFinding, locateFindings } from '../../report/located.ts';
import type { Report } from '../../report/report.ts';
import { sanitize } from '../../core/base/sanitize.ts';
import { count, type Summary } from '../../report/summary.ts';
import { EXIT, type Io } from '../io.ts';
import type { FindingsOptions, Target } from './options.ts';
import { render } from './render.ts';
import { fromSourceRoot } from './source-root.ts';
import { writeWhole } from '../output.ts';

/** What a verb has looked at, and what stood in its way. */
export interface Examined {
  readonly counts: Omit<Summary, 'errors' | 'warnings' | 'waived' | 'durationMs'>;
  /** Said on standard error; no failure. */
  readonly notes: readonly string[];
  /** Said on standard error; each makes the run fail. */
  readonly problems: readonly string[];
  /** What holds findings that this run cannot see: files that cannot be parsed, kinds that may not be listed. */
  readonly unread?: readonly string[] | undefined;
}

/** Reports findings as the flags ask, says the rest on standard error, and gives the exit code. `start` is of `io.clock`. */
export async function conclude(
  judgement: Judgement,
  examined: Examined,
  options: FindingsOptions,
  start: number,
  io: Io,
): Promise<number> {
  const located = locateFindings(judgement.findings);
  const baselined =
    options.baseline &&
    (await import('./baseline.ts')).applyBaseline(located, examined, options.baseline, io);
  const findings = baselined?.fresh ?? located;
  const errors = findings.filter(isError).length;
  const summary: Summary = {
    ...examined.counts,
    errors,
    warnings: findings.length - errors,
    waived: judgement.waived.length,
    ...(baselined && { known: baselined.known }),
    durationMs: Math.round(io.clock() - start),
  };
  const notes = [...examined.notes, ...(baselined?.notes ?? [])];
  const problems = [...examined.problems, ...(baselined?.problems ?? [])];
  const report: Report = {
    findings: options.quiet ? findings.filter(isError) : findings,
    // Placed when a format asks for them, which few do.
    get waived() {
      return locateFindings(judgement.waived);
    },
    summary,
    notes,
    problems,
    today: io.today(),
    fromRoot: fromSourceRoot(io),
  };
  const published = await publish(options.targets, report, io);
  const say = (kind: string, text: string) => io.stderr.write(`${kind}: ${sanitize(text)}\n`);
  for (const note of [...notes, ...published.notes]) say('note', note);
  for (const problem of [...published.problems, ...problems]) say('error', problem);
  if (problems.length + published.problems.length > 0) return EXIT.usage;
  return fails(options, summary, say) ? EXIT.findings : EXIT.clean;
}

function isError({ finding }: LocatedFinding): boolean {
  return finding.severity === 'error';
}

async function publish(
  targets: readonly Target[],
  report: Report,
  io: Io,
): Promise<{ notes: readonly string[]; problems: readonly string[] }> {
  const problems: string[] = [];
  const notes: string[] = [];
  for (const target of targets) {
    const { file } = target;
    const rendered = await render(target, report, io);
    notes.push(...rendered.notes);
    if (file === undefined) {
      io.stdout.write(rendered.text);
      continue;
    }
    try {
      writeWhole(resolve(io.cwd, file), rendered.text);
    } catch (error) {
      problems.push(`cannot write ${file}: ${describeError(error)}`);
    }
  }
  return { notes, problems };
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
