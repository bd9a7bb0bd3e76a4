/** The kinds of error. The help of the error depends on it. */
export type YamlProblem =
  | 'alias'
  | 'aliasing'
  | 'block-scalar'
  | 'character'
  | 'control'
  | 'count'
  | 'depth'
  | 'directive'
  | 'entry-context'
  | 'escape'
  | 'expected-colon'
  | 'expected-entry'
  | 'expected-flow-end'
  | 'expected-key'
  | 'expected-node'
  | 'json'
  | 'key-context'
  | 'key-type'
  | 'merge'
  | 'number'
  | 'quote'
  | 'tab'
  | 'tag'
  | 'value-context';

/** The error of a document that kubectl rejects. `start` and `end` are offsets in the text of the scanner. */
export class YamlError extends Error {
  readonly problem: YamlProblem;
  readonly start: number;
  readonly end: number;
  /** Where the unfinished part begins, if that is another place. */
  readonly from: number | undefined;

  constructor(problem: YamlProblem, message: string, start: number, end = start + 1, from?: number) {
    super(message);
    this.problem = problem;
    this.start = start;
    this.end = end;
    this.from = from;
  }
}
