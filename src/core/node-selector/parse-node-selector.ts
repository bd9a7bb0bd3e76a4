import { isObject, type Json } from '../base/json.ts';
import type { Path } from '../base/path.ts';
import type { Faults } from './faults.ts';
import { isLabelKey, isLabelValue } from './syntax.ts';
import type { Requirement } from './types.ts';
import { quote } from './words.ts';

/** A nodeSelector as requirements, each `In` with one value. */
export interface NodeSelector {
  readonly requirements: readonly Requirement[];
  /** Something is required that cannot be read, so nothing matches. */
  readonly unreadable: boolean;
}

/** Reads a nodeSelector; an absent one requires nothing. */
export function parseNodeSelector(json: Json | undefined, path: Path, faults: Faults): NodeSelector {
  if (json === undefined || json === null) return { requirements: [], unreadable: false };
  if (!isObject(json)) {
    faults.wrongType(path, 'nodeSelector', 'a mapping of label keys to values', json);
    return { requirements: [], unreadable: true };
  }
  const requirements: Requirement[] = [];
  let unreadable = false;
  for (const [key, value] of Object.entries(json)) {
    const here = [...path, key];
    if (typeof value !== 'string') {
      faults.wrongType(here, 'the value of a label', 'text', value);
      unreadable = true;
      continue;
    }
    // The scheduler reads these as they are; no node can have such a label.
    const message = `no node can have the label ${quote(key)} with the value ${quote(value)}`;
    if (!isLabelKey(key)) {
      faults.add({ path: here, reason: 'invalid', message: `${message}: the key is not valid` });
    } else if (!isLabelValue(value)) {
      faults.add({ path: here, reason: 'invalid', message: `${message}: the value is not valid` });
    }
    requirements.push({ kind: 'label', key, operator: 'In', values: [value], path: here });
  }
  return { requirements, unreadable };
}
