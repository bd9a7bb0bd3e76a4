import type { LocatedFinding } from './located.ts';
import type { Summary } from './summary.ts';

/** Everything a report for a machine is made of. */
export interface Report {
  readonly findings: readonly LocatedFinding[];
  readonly waived: readonly LocatedFinding[];
  readonly summary: Summary;
  /** What stood in the way of a full answer: input that could not be read. */
  readonly problems: readonly string[];
  /** What was passed over; no failure. */
  readonly notes: readonly string[];
  /** The day, `YYYY-MM-DD`. */
  readonly today: string;
  readonly fromRoot: FromRoot;
}

/**
 * Where a file is as seen from the root of the repository, with `/` between its parts: that is how a
 * code host names files, wherever in the repository the run was started.
 */
export type FromRoot = (file: string) => RootedFile;

/** `file`: a path from the root. `outside`: an absolute path. `input`: no file at all, such as standard input. */
export interface RootedFile {
  readonly kind: 'file' | 'outside' | 'input';
  readonly path: string;
}

/** A report's text, and what of the findings it could not hold: to be said on standard error. */
export interface Rendered {
  readonly text: string;
  readonly notes: readonly string[];
}
