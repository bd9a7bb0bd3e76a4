import { appendFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { colorsFor } from '../../report/colors.ts';
import { jsonReport } from '../../report/json.ts';
import { withWorld } from '../../report/located.ts';
import type { FindingsReport, RenderedReport } from '../../report/report.ts';
import { conciseReport, statisticsReport, textReport } from '../../report/text.ts';
import { describeError } from '../../system-error.ts';
import type { Io } from '../io.ts';
import type { ReportTarget } from './types.ts';

/** GitHub rejects a job summary of more than 1 MiB per step (docs.github.com/actions, "Adding a job summary"). */
const MAX_STEP_SUMMARY = 1024 * 1024;

/** Writes a report in each format of the command line. Returns what to print on standard error. */
export async function publish(
  targets: readonly ReportTarget[],
  report: FindingsReport,
  io: Io,
): Promise<{ notes: readonly string[]; problems: readonly string[] }> {
  const problems: string[] = [];
  const notes: string[] = [];
  for (const target of targets) {
    const { file } = target;
    const rendered = await renderReport(target, report, io);
    notes.push(...rendered.notes);
    if (file === undefined) {
      io.stdout.write(rendered.text);
      continue;
    }
    // Only now: it needs node:crypto, which takes longer to load than a small file to check.
    const { writeWhole } = await import('../output.ts');
    try {
      writeWhole(resolve(io.cwd, file), rendered.text);
    } catch (error) {
      problems.push(`cannot write ${file}: ${describeError(error)}`);
    }
  }
  return { notes, problems };
}

/** The report in one format. The code of a format that terminals do not need is loaded when it is used. */
async function renderReport(
  { format, file, statistics }: ReportTarget,
  report: FindingsReport,
  io: Io,
): Promise<RenderedReport> {
  switch (format) {
    case 'text':
    case 'concise': {
      if (statistics) return { text: statisticsReport(report), notes: [] };
      const colors = colorsFor(file === undefined && io.stdout.isTerminal, io.env);
      const inFormat = format === 'text' ? textReport : conciseReport;
      return { text: inFormat(report, colors), notes: [] };
    }
    case 'json':
      return { text: jsonReport(report), notes: [] };
    case 'sarif':
      return (await import('../../report/sarif.ts')).sarifReport(report);
    case 'junit':
      return (await import('../../report/junit.ts')).junitReport(named(report));
    case 'gitlab':
      return (await import('../../report/gitlab.ts')).gitlabReport(named(report));
    case 'openreports':
      return (await import('../../report/open-reports.ts')).openReportsList(report);
    case 'github': {
      const inMessages = named(report);
      const rendered = (await import('../../report/github.ts')).githubReport(inMessages);
      return { ...rendered, notes: [...rendered.notes, ...(await appendStepSummary(inMessages, io))] };
    }
  }
}

/** The same report with the worlds in the messages, for formats that have no field for them. */
function named(report: FindingsReport): FindingsReport {
  if (report.worlds === undefined) return report;
  return { ...report, findings: report.findings.map(withWorld), waived: report.waived.map(withWorld) };
}

/** Appends the findings to the job summary of GitHub Actions, if there is one. Returns notes to print. */
async function appendStepSummary(report: FindingsReport, io: Io): Promise<readonly string[]> {
  const file = io.env['GITHUB_STEP_SUMMARY'];
  if (file === undefined || file === '') return [];
  const { stepSummary } = await import('../../report/step-summary.ts');
  const path = resolve(io.cwd, file);
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const { text, notes } = stepSummary(report, MAX_STEP_SUMMARY - size);
    if (text !== '') appendFileSync(path, text);
    return notes;
  } catch (error) {
    return [`github: cannot write the job summary: ${describeError(error)}`];
  }
}
