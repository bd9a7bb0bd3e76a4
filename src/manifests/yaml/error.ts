/** Why a document cannot be read: what a message and its help are chosen by. */
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

/** A document that kubectl refuses. `start` and `end` are offsets into the text given to the scanner. */
export class YamlError extends Error {
  readonly problem: YamlProblem;
  readonly start: number;
  readonly end: number;
  /** Where the construct began that was not finished, if that is elsewhere. */
  readonly from: number | undefined;

  constructor(problem: YamlProblem, message: string, start: number, end = start + 1, from?: number) {
    super(message);
    this.problem = problem;
    this.start = start;
    this.end = end;
    this.from = from;
  }
}
