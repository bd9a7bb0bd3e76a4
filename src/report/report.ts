import type { WaivedFinding } from '../core/finding.ts';
import type { FromRoot, LocatedFinding } from './located.ts';
import type { Summary } from './summary.ts';

/** The content of a report in any format. */
export interface FindingsReport {
  readonly findings: readonly LocatedFinding[];
  readonly waived: readonly LocatedFinding<WaivedFinding>[];
  readonly summary: Summary;
  /** The reasons why the run failed, such as input that could not be read. */
  readonly problems: readonly string[];
  /** Notes that do not make the run fail. */
  readonly notes: readonly string[];
  /** The current day, `YYYY-MM-DD`. */
  readonly today: string;
  readonly fromRoot: FromRoot;
  /** The names of the worlds of the run; undefined for one without a name. Absent for a run of one world. */
  readonly worlds?: readonly (string | undefined)[] | undefined;
}

/** The text of a report, and notes for standard error about findings that it does not contain. */
export interface RenderedReport {
  readonly text: string;
  readonly notes: readonly string[];
}
