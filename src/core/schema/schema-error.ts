import type { HelpText } from '../base/help-text.ts';
import type { ProposedFix } from '../finding.ts';
import type { Path } from '../base/path.ts';

/** Something wrong with an object's own shape, whatever the rest of the world holds. */
export interface SchemaError {
  readonly code: 'IOM004' | 'IOM005' | 'IOM006' | 'IOM007';
  readonly path: Path;
  readonly part?: 'key' | 'value' | undefined;
  readonly message: string;
  readonly help?: HelpText | undefined;
  readonly fix?: ProposedFix | undefined;
  /** The field the person meant, where that is another one than `path`. */
  readonly means?: Path | undefined;
}
