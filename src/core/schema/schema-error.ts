import type { HelpText } from '../base/help-text.ts';
import type { ProposedFix } from '../finding.ts';
import type { Path } from '../base/path.ts';

/** An error that one object has by its schema, independent of all other objects. */
export interface SchemaError {
  readonly code: 'IOM004' | 'IOM005' | 'IOM006' | 'IOM007';
  readonly path: Path;
  /** A warning at most: the apiserver may accept it. */
  readonly minor?: boolean | undefined;
  readonly part?: 'key' | 'value' | undefined;
  readonly message: string;
  readonly help?: HelpText | undefined;
  readonly fix?: ProposedFix | undefined;
  /** The field that was meant, if it is another one than `path`. */
  readonly intended?: Path | undefined;
}
