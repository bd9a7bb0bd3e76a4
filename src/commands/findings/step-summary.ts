import { describeError } from '../../system-error.ts';
import { appendFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Report } from '../../report/report.ts';
import { stepSummary } from '../../report/step-summary.ts';
import type { Io } from '../io.ts';

/** What GitHub takes of one step; a larger summary is lost whole. */
const MAX_BYTES = 1024 * 1024;

/**
 * Adds the findings to the job summary of GitHub Actions, where there is one, behind what the step has
 * written to it already. Gives what is to be said about it.
 */
export function appendStepSummary(report: Report, io: Io): readonly string[] {
  const file = io.env['GITHUB_STEP_SUMMARY'];
  if (file === undefined || file === '') return [];
  const path = resolve(io.cwd, file);
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const { text, notes } = stepSummary(report, MAX_BYTES - size);
    if (text !== '') appendFileSync(path, text);
    return notes;
  } catch (error) {
    return [`github: cannot write the job summary: ${describeError(error)}`];
  }
}
