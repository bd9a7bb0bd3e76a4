/** What a run looked at and found. */
export interface Summary {
  readonly files: number;
  readonly documents: number;
  readonly objects: number;
  readonly errors: number;
  readonly warnings: number;
  readonly waived: number;
  /** Findings that a baseline knows; absent without one. */
  readonly known?: number | undefined;
  readonly durationMs: number;
  /** Kubernetes objects of kinds the rules do not know, and documents that are no objects at all. */
  readonly foreign: number;
  readonly notKubernetes: number;
}

/** `3 findings`, `1 finding`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** The last line of a text report. */
export function summaryLine(summary: Summary): string {
  const { errors, warnings, waived } = summary;
  const found =
    errors + warnings === 0
      ? `no ${summary.known === undefined ? '' : 'new '}findings`
      : `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
  const aside = [
    ...(waived > 0 ? [`${waived} waived`] : []),
    ...(summary.known === undefined ? [] : [`${summary.known} known to the baseline`]),
    ...(summary.foreign > 0 ? [`${count(summary.foreign, 'object')} of other kinds passed`] : []),
    ...(summary.notKubernetes > 0
      ? [`${count(summary.notKubernetes, 'document')} not of Kubernetes skipped`]
      : []),
  ];
  // Of a live cluster there are objects alone.
  const objects = count(summary.objects, 'object');
  const looked =
    summary.files === 0
      ? objects
      : `${count(summary.files, 'file')} (${count(summary.documents, 'document')}, ${objects})`;
  return `${found} in ${looked}${aside.length > 0 ? `; ${aside.join('; ')}` : ''}`;
}
