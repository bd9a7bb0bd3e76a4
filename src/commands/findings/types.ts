import type { Summary } from '../../report/summary.ts';

/** The formats of a report. */
export type ReportFormat =
  | 'text'
  | 'concise'
  | 'json'
  | 'sarif'
  | 'junit'
  | 'github'
  | 'gitlab'
  | 'openreports';

/** One report to make, and the file to write it to; undefined means standard output. */
export interface ReportTarget {
  readonly format: ReportFormat;
  readonly file: string | undefined;
  /** True to print the number of findings of each rule instead of the findings. */
  readonly statistics: boolean;
}

/** The baseline to compare with, or to write. */
export interface BaselineOptions {
  readonly file: string;
  readonly write: boolean;
}

/** The flags that every verb with findings has. */
export interface FindingsOptions {
  readonly config: string | undefined;
  readonly targets: readonly ReportTarget[];
  readonly failOn: 'error' | 'warning' | 'never';
  readonly maxWarnings: number | undefined;
  readonly quiet: boolean;
  readonly allowEmpty: boolean;
  readonly baseline: BaselineOptions | undefined;
}

/** What a verb has read, and what it could not read. */
export interface Examined {
  readonly counts: Omit<Summary, 'errors' | 'warnings' | 'waived' | 'durationMs'>;
  /** Printed on standard error; the run does not fail. */
  readonly notes: readonly string[];
  /** Printed on standard error; each makes the run fail. */
  readonly problems: readonly string[];
  /** Files or kinds whose findings this run cannot see: files that cannot be parsed, kinds that may not be listed. */
  readonly unread?: readonly string[] | undefined;
  /** The worlds of the run; undefined for one without a name. Absent if the run has one world without a name. */
  readonly worlds?: readonly (string | undefined)[] | undefined;
  /** True if the repository has more worlds than those. */
  readonly isPart?: boolean | undefined;
}
