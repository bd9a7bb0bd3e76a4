import { colorsFor } from '../../report/colors.ts';
import { jsonReport } from '../../report/json.ts';
import type { Rendered, Report } from '../../report/report.ts';
import { textReport } from '../../report/text.ts';
import type { Io } from '../io.ts';
import type { Target } from './options.ts';

/** One report as its target asks for it. What no terminal needs is loaded when it is asked for. */
export async function render({ format, file }: Target, report: Report, io: Io): Promise<Rendered> {
  const { findings, summary } = report;
  switch (format) {
    case 'text': {
      const colors = colorsFor(file === undefined && io.stdout.isTerminal, io.env);
      return { text: textReport(findings, summary, colors), notes: [] };
    }
    case 'json':
      return { text: jsonReport(findings, summary), notes: [] };
    case 'sarif':
      return (await import('../../report/sarif.ts')).sarifReport(report);
    case 'junit':
      return (await import('../../report/junit.ts')).junitReport(report);
    case 'gitlab':
      return (await import('../../report/gitlab.ts')).gitlabReport(report);
    case 'github': {
      const rendered = (await import('../../report/github.ts')).githubReport(report);
      const { appendStepSummary } = await import('./step-summary.ts');
      return { ...rendered, notes: [...rendered.notes, ...appendStepSummary(report, io)] };
    }
  }
}
