import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import { judge } from '../../core/judge.ts';
import { describeError } from '../../manifests/collect.ts';
import { worldOf } from '../../manifests/world.ts';
import { colorsFor } from '../../report/colors.ts';
import { jsonReport } from '../../report/json.ts';
import { type LocatedFinding, locateFindings } from '../../report/located.ts';
import { sanitize } from '../../report/sanitize.ts';
import { count, type Summary } from '../../report/summary.ts';
import { textReport } from '../../report/text.ts';
import type { Arguments } from '../command.ts';
import { EXIT, type Io } from '../io.ts';
import { type LintOptions, lintOptions, type Target } from './options.ts';
import { Progress } from './progress.ts';
import { type Input, readInput } from './read.ts';

/** Reads, judges and reports; gives the exit code. */
export async function runLint(args: Arguments, io: Io): Promise<number> {
  const options = lintOptions(args);
  const start = io.clock();
  const config = loadConfig(options.config, io.cwd);
  const input = await readInput(options.paths, io, new Progress(io));
  const { findings, waived } = judge(worldOf(input.files, config, io.today()));
  const located = locateFindings(findings);

  const errors = findings.filter((each) => each.severity === 'error').length;
  const summary: Summary = {
    ...input.counts,
    errors,
    warnings: findings.length - errors,
    waived: waived.length,
    durationMs: Math.round(io.clock() - start),
  };
  const shown = options.quiet ? located.filter((each) => each.finding.severity === 'error') : located;
  const problems = [...input.problems, ...report(options.targets, shown, summary, io)];

  const say = (kind: string, text: string) => io.stderr.write(`${kind}: ${sanitize(text)}\n`);
  for (const note of input.notes) say('note', note);
  for (const problem of problems) say('error', problem);
  const empty = isEmpty(input, options);
  if (empty) say('error', emptyMessage(input));
  if (problems.length > 0 || empty) return EXIT.usage;
  return fails(options, summary, say) ? EXIT.findings : EXIT.clean;
}

function report(
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

function isEmpty(input: Input, options: LintOptions): boolean {
  return (
    !options.allowEmpty &&
    input.counts.objects === 0 &&
    input.files.length === 0 &&
    input.problems.length === 0
  );
}

function emptyMessage({ counts }: Input): string {
  const others = counts.foreign > 0 ? `, only ${count(counts.foreign, 'object')} of other kinds` : '';
  return `nothing of IOMesh was found in ${count(counts.files, 'file')}${others}; is this the right place? --allow-empty accepts it`;
}

function fails(options: LintOptions, summary: Summary, say: (kind: string, text: string) => void): boolean {
  const tooMany = options.maxWarnings !== undefined && summary.warnings > options.maxWarnings;
  if (tooMany)
    say('note', `${count(summary.warnings, 'warning')}, more than --max-warnings ${options.maxWarnings}`);
  if (tooMany) return true;
  if (options.failOn === 'never') return false;
  return summary.errors > 0 || (options.failOn === 'warning' && summary.warnings > 0);
}
