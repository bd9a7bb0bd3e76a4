import { type Json, typeName } from '../base/json.ts';
import type { Path } from '../base/path.ts';
import type { SelectionFault } from './types.ts';

/** At most this many faults are reported of one placement; what is faulty matches nothing all the same. */
export const MAX_FAULTS = 1000;

/** Collects what is wrong with one placement. */
export class Faults {
  readonly list: SelectionFault[] = [];
  /** How many were found; more than listed beyond {@link MAX_FAULTS}. */
  count = 0;

  add(fault: SelectionFault): void {
    this.count++;
    if (this.list.length < MAX_FAULTS) this.list.push(fault);
  }

  /** Says that a value has the wrong type; `wanted` as in "a list". */
  wrongType(path: Path, what: string, wanted: string, value: Json | undefined): void {
    const message = `${what} must be ${wanted}, not ${typeName(value)}`;
    this.add({ path, reason: 'invalid', message, wrongType: true });
  }
}
