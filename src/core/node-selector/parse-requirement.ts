import { isArray, isObject, type Json, own } from '../base/json.ts';
import type { Path } from '../base/path.ts';
import type { Faults } from './faults.ts';
import { isOperator, OPERATORS, suggestOperator } from './operator.ts';
import { isLabelKey, isLabelValue, isSubdomain, MAX_LABEL, NAME_FIELD, parseInteger } from './syntax.ts';
import type { Operator, Requirement } from './types.ts';
import { quote } from './words.ts';

const LABEL_VALUE = `at most ${MAX_LABEL} letters, digits, "-", "_" and ".", with a letter or digit at each end`;
const LABEL_KEY = `${LABEL_VALUE}, optionally after a DNS name and "/"`;

/**
 * Reads one entry of matchExpressions (`label`) or matchFields (`field`). Gives undefined, and says
 * why, where the scheduler could not read it, so that its whole term matches nothing.
 */
export function parseRequirement(
  kind: 'label' | 'field',
  json: Json,
  path: Path,
  faults: Faults,
): Requirement | undefined {
  if (!isObject(json)) {
    faults.wrongType(path, 'a requirement', 'an object with key, operator and values', json);
    return undefined;
  }
  const before = faults.count;
  const key = readKey(kind, own(json, 'key'), [...path, 'key'], path, faults);
  const operator = readOperator(kind, own(json, 'operator'), path, faults);
  const values = readValues(own(json, 'values'), [...path, 'values'], faults);
  if (operator !== undefined && values !== undefined) {
    checkValues(
      kind,
      operator,
      values,
      own(json, 'values') === undefined ? path : [...path, 'values'],
      faults,
    );
  }
  if (key === undefined || operator === undefined || values === undefined) return undefined;
  if (kind === 'label') {
    return faults.count > before ? undefined : { kind, key, operator, values, path };
  }
  // The scheduler reads any field and any name; it is the apiserver that refuses pods with these.
  const readable = (operator === 'In' || operator === 'NotIn') && values.length === 1;
  if (!readable) return undefined;
  if (key !== NAME_FIELD && own(json, 'key') === key) {
    const message = `${NAME_FIELD} is the only field a node can be selected by, not ${quote(key)}`;
    faults.add({ path: [...path, 'key'], reason: 'invalid', message, suggestion: NAME_FIELD });
  } else if (key === NAME_FIELD && !isSubdomain(values[0]!)) {
    const message = `${quote(values[0]!)} cannot be the name of a node`;
    faults.add({ path: [...path, 'values', 0], reason: 'invalid', message });
  }
  return { kind, key, operator, values, path };
}

/** An absent key is read as the scheduler reads it: empty. Undefined for one of a wrong type. */
function readKey(
  kind: 'label' | 'field',
  json: Json | undefined,
  path: Path,
  parent: Path,
  faults: Faults,
): string | undefined {
  if (json === undefined || json === null) {
    const what = kind === 'label' ? 'the label' : 'the field';
    faults.add({
      path: parent,
      reason: 'invalid',
      message: `a requirement without key: ${what} is not named`,
    });
    return '';
  }
  if (typeof json !== 'string') {
    faults.wrongType(path, 'key', 'text', json);
    return undefined;
  }
  if (kind === 'label' && !isLabelKey(json)) {
    faults.add({ path, reason: 'invalid', message: `${quote(json)} cannot be a label key: ${LABEL_KEY}` });
  }
  return json;
}

function readOperator(
  kind: 'label' | 'field',
  json: Json | undefined,
  parent: Path,
  faults: Faults,
): Operator | undefined {
  const allowed = kind === 'label' ? OPERATORS : OPERATORS.slice(0, 2);
  const known = `${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1)}`;
  const path: Path = [...parent, 'operator'];
  const reason = 'unknown-operator';
  if (json === undefined || json === null) {
    faults.add({ path: parent, reason, message: `a requirement without operator, which must be ${known}` });
    return undefined;
  }
  if (typeof json !== 'string') {
    faults.wrongType(path, 'operator', 'text', json);
    return undefined;
  }
  if (isOperator(json)) {
    if (allowed.includes(json)) return json;
    const message = `operator ${json} is not for fields: only ${known} is`;
    faults.add({ path, reason: 'invalid', message });
    return undefined;
  }
  const suggestion = suggestOperator(json);
  const message = `unknown operator ${quote(json)}, so this term matches no node: it must be ${known}, spelt exactly so`;
  faults.add({ path, reason, message, ...(suggestion === undefined ? {} : { suggestion }) });
  return undefined;
}

function readValues(json: Json | undefined, path: Path, faults: Faults): readonly string[] | undefined {
  if (json === undefined || json === null) return [];
  if (!isArray(json)) {
    faults.wrongType(path, 'values', 'a list of texts', json);
    return undefined;
  }
  const values: string[] = [];
  for (const [index, value] of json.entries()) {
    if (typeof value === 'string') values.push(value);
    else faults.wrongType([...path, index], 'a value', 'text', value);
  }
  return values.length === json.length ? values : undefined;
}

function checkValues(
  kind: 'label' | 'field',
  operator: Operator,
  values: readonly string[],
  path: Path,
  faults: Faults,
): void {
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length === 0) return;
    const message = `${operator} takes no values, so this term matches no node: remove them`;
    faults.add({ path, reason: 'invalid', message });
    return;
  }
  if (values.length === 0) {
    const message = `${operator} without values, so this term matches no node`;
    faults.add({ path, reason: 'no-values', message });
    return;
  }
  const compares = operator === 'Gt' || operator === 'Lt';
  if ((compares || kind === 'field') && values.length > 1) {
    const where = compares ? operator : `${operator} on a field`;
    const message = `${where} takes exactly one value, not ${values.length}, so this term matches no node`;
    faults.add({ path, reason: 'invalid', message });
  }
  if (kind === 'field') return;
  for (const [index, value] of values.entries()) {
    if (!isLabelValue(value)) {
      const message = `${quote(value)} cannot be the value of a label: ${LABEL_VALUE}`;
      faults.add({ path: [...path, index], reason: 'invalid', message });
    } else if (compares && parseInteger(value) === undefined) {
      const message = `${operator} compares integers, and ${quote(value)} is none`;
      faults.add({ path: [...path, index], reason: 'invalid', message });
    }
  }
}
