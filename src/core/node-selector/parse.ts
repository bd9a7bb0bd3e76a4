import { distance } from 'fastest-levenshtein';
import { isArray, isObject, type Json, type JsonObject, own, typeName } from '../base/json.ts';
import { isDnsSubdomain, isLabelKey, isLabelValue, MAX_LABEL } from '../base/names.ts';
import { childPath, type Path } from '../base/path.ts';
import { either, quoted } from '../base/text.ts';
import { parseInteger } from './constraint.ts';
import { findContradiction } from './normal.ts';
import {
  NAME_FIELD,
  type Operator,
  type Placement,
  type Requirement,
  type Selection,
  type SelectionError,
  type Term,
} from './types.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** The operators, in the order in which messages list them. Fields know the first two. */
const OPERATORS: readonly Operator[] = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'];

/** The nodeSelector's labels times the terms that they join may not be more. */
const MAX_JOINED = 100_000;
/** Errors of one placement that are listed. A part that has one matches no node, listed or not. */
const MAX_ERRORS = 1000;

/** Collects the errors of one placement. */
class ErrorList {
  readonly list: SelectionError[] = [];
  /** How many were found; beyond {@link MAX_ERRORS} more than listed. */
  count = 0;

  add(error: SelectionError): void {
    this.count++;
    if (this.list.length < MAX_ERRORS) this.list.push(error);
  }

  addInvalid(path: Path, message: string): void {
    this.add({ path, reason: 'invalid', message });
  }

  /** Adds a value of a wrong type; `wanted` as in "a list". */
  addWrongType(path: Path, subject: string, wanted: string, value: Json | undefined): void {
    const message = `${subject} must be ${wanted}, not ${typeName(value)}`;
    this.add({ path, reason: 'invalid', message, wrongType: true });
  }
}

/**
 * Reads where a component may run from its `podPolicy` (a ZookeeperCluster's `spec.pod` has the same fields):
 * `nodeSelector`, and the required node affinity. `path` is where the podPolicy is in its object.
 *
 * Never throws. A part that the scheduler cannot read matches nothing and is listed in `errors`, as is each
 * term that no node can satisfy. A podPolicy, affinity or nodeAffinity of a wrong type is read as absent. A
 * nodeSelector that is too large to be joined to every term is an error and left out, so that the terms match
 * more nodes than they should.
 */
export function parsePlacement(podPolicy: Json | undefined, path: Path): Placement {
  const errors = new ErrorList();
  const policy = objectAt(podPolicy, path, String(path.at(-1) ?? 'podPolicy'), errors);
  const affinityPath = childPath(path, 'affinity');
  const affinity = objectAt(own(policy, 'affinity'), affinityPath, 'affinity', errors);
  const nodeAffinityPath = childPath(affinityPath, 'nodeAffinity');
  const nodeAffinity = objectAt(own(affinity, 'nodeAffinity'), nodeAffinityPath, 'nodeAffinity', errors);
  const required = own(nodeAffinity, REQUIRED) ?? undefined;
  const nodeSelectorPath = childPath(path, 'nodeSelector');
  const nodeSelector = parseNodeSelector(own(policy, 'nodeSelector'), nodeSelectorPath, errors);
  const selects = nodeSelector.unreadable || nodeSelector.requirements.length > 0;

  let selection: Selection | undefined;
  let place: Path = nodeSelectorPath;
  if (required !== undefined) {
    place = childPath(nodeAffinityPath, REQUIRED);
    selection = parseRequired(required, place, nodeSelector, nodeSelectorPath, errors);
  } else if (selects) {
    const { requirements, unreadable } = nodeSelector;
    selection = { terms: unreadable ? [] : [{ requirements, path: nodeSelectorPath }] };
  } else if (nodeAffinity !== undefined) place = nodeAffinityPath;
  else place = affinity === undefined ? path : affinityPath;
  const preferred = own(nodeAffinity, PREFERRED);
  const preferredOnly = selection === undefined && isArray(preferred) && preferred.length > 0;
  return { selection, preferredOnly, errors: errors.list, path: place };
}

/** An object, or undefined if it is absent; a value of another type is an error. */
function objectAt(
  value: Json | undefined,
  path: Path,
  subject: string,
  errors: ErrorList,
): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (isObject(value)) return value;
  errors.addWrongType(path, subject, 'an object', value);
  return undefined;
}

/** A nodeSelector as requirements, each `In` with one value. */
interface NodeSelector {
  readonly requirements: readonly Requirement[];
  /** A requirement cannot be read, so nothing matches. */
  readonly unreadable: boolean;
}

/** Reads a nodeSelector; an absent one requires nothing. */
function parseNodeSelector(json: Json | undefined, path: Path, errors: ErrorList): NodeSelector {
  if (json === undefined || json === null) return { requirements: [], unreadable: false };
  if (!isObject(json)) {
    errors.addWrongType(path, 'nodeSelector', 'a mapping of label keys to values', json);
    return { requirements: [], unreadable: true };
  }
  const requirements: Requirement[] = [];
  let unreadable = false;
  for (const [key, value] of Object.entries(json)) {
    const here = childPath(path, key);
    if (typeof value !== 'string') {
      errors.addWrongType(here, 'the value of a label', 'a string', value);
      unreadable = true;
      continue;
    }
    // The scheduler reads an invalid key or value as it is, but no node can have such a label.
    const message = `no node can have the label ${quoted(key)} with the value ${quoted(value)}`;
    if (!isLabelKey(key)) errors.addInvalid(here, `${message}, because the key is invalid`);
    else if (!isLabelValue(value)) errors.addInvalid(here, `${message}, because the value is invalid`);
    requirements.push({ kind: 'label', key, operator: 'In', values: [value], path: here });
  }
  return { requirements, unreadable };
}

function parseRequired(
  required: Json,
  path: Path,
  nodeSelector: NodeSelector,
  nodeSelectorPath: Path,
  errors: ErrorList,
): Selection {
  if (!isObject(required)) {
    errors.addWrongType(path, REQUIRED, 'an object with nodeSelectorTerms', required);
    return { terms: [] };
  }
  const list = own(required, 'nodeSelectorTerms');
  const listPath = [...path, 'nodeSelectorTerms'];
  if (list !== undefined && list !== null && !isArray(list)) {
    errors.addWrongType(listPath, 'nodeSelectorTerms', 'a list', list);
    return { terms: [] };
  }
  if (list === undefined || list === null || list.length === 0) {
    const message = `${REQUIRED} without nodeSelectorTerms matches no node`;
    errors.add({ path: list === undefined ? path : listPath, reason: 'no-terms', message });
    return { terms: [] };
  }
  let joined = nodeSelector.requirements;
  if (joined.length * list.length > MAX_JOINED) {
    const message = `the nodeSelector was not checked: ${joined.length} labels and ${list.length} terms are too many`;
    errors.addInvalid(nodeSelectorPath, message);
    joined = [];
  }
  const terms: Term[] = [];
  const selectable = joined.length === 0 || findContradiction({ requirements: joined, path }) === undefined;
  for (const [index, each] of list.entries()) {
    const termPath = childPath(listPath, index);
    const before = errors.count;
    const own = parseTerm(each, termPath, errors);
    if (own === undefined) continue;
    const term: Term = { requirements: joined.length === 0 ? own : [...joined, ...own], path: termPath };
    if (errors.count === before && selectable) addContradiction(term, nodeSelectorPath, errors);
    terms.push(term);
  }
  return { terms: nodeSelector.unreadable ? [] : terms };
}

function addContradiction(term: Term, nodeSelectorPath: Path, errors: ErrorList): void {
  const found = findContradiction(term);
  if (found === undefined) return;
  const { key, requirements } = found;
  const isNodeSelector = (each: Requirement) => each.path.at(nodeSelectorPath.length - 1) === 'nodeSelector';
  const subject = requirements.some(isNodeSelector)
    ? 'nodeSelector and this term together, because they require'
    : 'this term, because it requires';
  const message = `no node can satisfy ${subject} that ${quoted(key)} ${requirementsText(requirements)}`;
  errors.add({ path: requirements.at(-1)!.path, reason: 'contradiction', message });
}

/** Reads one entry of nodeSelectorTerms; undefined, with an error, if it matches nothing. */
function parseTerm(json: Json, path: Path, errors: ErrorList): readonly Requirement[] | undefined {
  if (!isObject(json)) {
    errors.addWrongType(path, 'a term', 'an object with matchExpressions', json);
    return undefined;
  }
  const before = errors.count;
  const labels = parseRequirements('label', json, 'matchExpressions', path, errors);
  const fields = parseRequirements('field', json, 'matchFields', path, errors);
  if (labels === undefined || fields === undefined) return undefined;
  const requirements = fields.length === 0 ? labels : [...labels, ...fields];
  if (requirements.length === 0 && errors.count === before) {
    const message = 'a term without matchExpressions and matchFields matches no node';
    errors.add({ path, reason: 'empty-term', message });
    return undefined;
  }
  return requirements;
}

/** The requirements of a list; undefined if one of them cannot be read. */
function parseRequirements(
  kind: Requirement['kind'],
  term: JsonObject,
  name: string,
  termPath: Path,
  errors: ErrorList,
): readonly Requirement[] | undefined {
  const json = own(term, name);
  if (json === undefined || json === null) return [];
  const path = [...termPath, name];
  if (!isArray(json)) {
    errors.addWrongType(path, name, 'a list', json);
    return undefined;
  }
  const requirements = json.map((each, index) =>
    parseRequirement(kind, each, childPath(path, index), errors),
  );
  return requirements.every((each) => each !== undefined) ? requirements : undefined;
}

/**
 * Reads one requirement; undefined, with an error, if the scheduler cannot read it: its term then matches
 * nothing.
 */
function parseRequirement(
  kind: Requirement['kind'],
  json: Json,
  path: Path,
  errors: ErrorList,
): Requirement | undefined {
  if (!isObject(json)) {
    errors.addWrongType(path, 'a requirement', 'an object with key, operator and values', json);
    return undefined;
  }
  const before = errors.count;
  const key = parseKey(kind, own(json, 'key'), path, errors);
  const operator = parseOperator(kind, own(json, 'operator'), path, errors);
  const list = own(json, 'values');
  const valuesPath = [...path, 'values'];
  const values = parseValues(list, valuesPath, errors);
  if (operator !== undefined && values !== undefined)
    checkValues(kind, operator, values, list === undefined ? path : valuesPath, errors);
  if (key === undefined || operator === undefined || values === undefined) return undefined;
  if (kind === 'label') return errors.count > before ? undefined : { kind, key, operator, values, path };
  if ((operator !== 'In' && operator !== 'NotIn') || values.length !== 1) return undefined;
  // The scheduler reads any field and any name. The apiserver refuses pods with these.
  if (key !== NAME_FIELD && own(json, 'key') === key) {
    const message = `a node can be selected by the field ${NAME_FIELD} only, not by ${quoted(key)}`;
    errors.add({ path: [...path, 'key'], reason: 'invalid', message, suggestion: NAME_FIELD });
  } else if (key === NAME_FIELD && !isDnsSubdomain(values[0]!))
    errors.addInvalid([...path, 'values', 0], `${quoted(values[0]!)} is not a valid name of a node`);
  return { kind, key, operator, values, path };
}

/** The key; undefined if it is of a wrong type. An absent one is empty, as the scheduler reads it. */
function parseKey(
  kind: Requirement['kind'],
  json: Json | undefined,
  parent: Path,
  errors: ErrorList,
): string | undefined {
  if (json === undefined || json === null) {
    errors.addInvalid(parent, `a requirement has no key and so names no ${kind}`);
    return '';
  }
  if (typeof json !== 'string') {
    errors.addWrongType([...parent, 'key'], 'key', 'a string', json);
    return undefined;
  }
  if (kind === 'label' && !isLabelKey(json))
    errors.addInvalid([...parent, 'key'], `${quoted(json)} is not a valid label key (${LABEL_KEY})`);
  return json;
}

function parseOperator(
  kind: Requirement['kind'],
  json: Json | undefined,
  parent: Path,
  errors: ErrorList,
): Operator | undefined {
  const allowed = kind === 'label' ? OPERATORS : OPERATORS.slice(0, 2);
  const path = [...parent, 'operator'];
  const reason = 'unknown-operator';
  if (json === undefined || json === null) {
    const message = `a requirement has no operator, which must be ${either(allowed)}`;
    errors.add({ path: parent, reason, message });
    return undefined;
  }
  if (typeof json !== 'string') {
    errors.addWrongType(path, 'operator', 'a string', json);
    return undefined;
  }
  const operator = OPERATORS.find((each) => each === json);
  if (operator === undefined) {
    const message = `operator ${quoted(json)} is unknown, so this term matches no node; it must be exactly ${either(allowed)}`;
    errors.add({ path, reason, message, suggestion: suggestOperator(json) });
    return undefined;
  }
  if (allowed.includes(operator)) return operator;
  errors.addInvalid(path, `operator ${operator} cannot be used for fields, only ${either(allowed)}`);
  return undefined;
}

const OTHER_NAMES: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['=', 'In'],
  ['==', 'In'],
  ['!=', 'NotIn'],
  ['>', 'Gt'],
  ['<', 'Lt'],
  ['equal', 'In'],
  ['equals', 'In'],
  ['eq', 'In'],
  ['ne', 'NotIn'],
  ['notequal', 'NotIn'],
  ['notequals', 'NotIn'],
  ['notexist', 'DoesNotExist'],
  ['notexists', 'DoesNotExist'],
  ['greaterthan', 'Gt'],
  ['lessthan', 'Lt'],
]);

/** The operator that a misspelt one most likely means, or undefined. */
function suggestOperator(text: string): Operator | undefined {
  if (text.length > 20) return undefined;
  const plain = text.toLowerCase().replace(/[\s_-]/g, '');
  const other = OTHER_NAMES.get(plain);
  if (other !== undefined) return other;
  let best: Operator | undefined;
  let nearest = 3;
  for (const operator of OPERATORS) {
    const steps = distance(plain, operator.toLowerCase());
    const allowed = operator.length <= 2 ? 0 : operator.length <= 5 ? 1 : 2;
    if (steps <= allowed && steps < nearest) {
      best = operator;
      nearest = steps;
    }
  }
  return best;
}

function parseValues(json: Json | undefined, path: Path, errors: ErrorList): readonly string[] | undefined {
  if (json === undefined || json === null) return [];
  if (!isArray(json)) {
    errors.addWrongType(path, 'values', 'a list of strings', json);
    return undefined;
  }
  if (json.every((value) => typeof value === 'string')) return json;
  for (const [index, value] of json.entries())
    if (typeof value !== 'string') errors.addWrongType([...path, index], 'a value', 'a string', value);
  return undefined;
}

const LABEL_VALUE = `at most ${MAX_LABEL} letters, digits, "-", "_" and ".", with a letter or digit at each end`;
const LABEL_KEY = `${LABEL_VALUE}, optionally after a DNS name and "/"`;

function checkValues(
  kind: Requirement['kind'],
  operator: Operator,
  values: readonly string[],
  path: Path,
  errors: ErrorList,
): void {
  if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0)
      errors.addInvalid(path, `${operator} takes no values, so this term matches no node; remove the values`);
    return;
  }
  if (values.length === 0) {
    const message = `${operator} without values, so this term matches no node`;
    errors.add({ path, reason: 'no-values', message });
    return;
  }
  const compares = operator === 'Gt' || operator === 'Lt';
  if ((compares || kind === 'field') && values.length > 1) {
    const subject = compares ? operator : `${operator} on a field`;
    errors.addInvalid(
      path,
      `${subject} takes exactly one value, not ${values.length}, so this term matches no node`,
    );
  }
  if (kind === 'field') return;
  for (const [index, value] of values.entries()) {
    if (!isLabelValue(value))
      errors.addInvalid([...path, index], `${quoted(value)} is not a valid label value (${LABEL_VALUE})`);
    else if (compares && parseInteger(value) === undefined)
      errors.addInvalid(
        [...path, index],
        `${operator} compares integers, but ${quoted(value)} is not an integer`,
      );
  }
}

const MAX_TEXT_REQUIREMENTS = 4;
const MAX_TEXT_VALUES = 5;

/** What requirements on one key demand together: `is one of "a", "b" and is not "a"`. */
function requirementsText(requirements: readonly Requirement[]): string {
  const texts = requirements.slice(0, MAX_TEXT_REQUIREMENTS).map(requirementText);
  const more = requirements.length - texts.length;
  return [...texts, ...(more > 0 ? [`${more} more`] : [])].join(' and ');
}

function requirementText({ operator, values }: Requirement): string {
  switch (operator) {
    case 'In':
      return values.length === 1 ? `is ${valuesText(values)}` : `is one of ${valuesText(values)}`;
    case 'NotIn':
      return values.length === 1 ? `is not ${valuesText(values)}` : `is none of ${valuesText(values)}`;
    case 'Exists':
      return 'is set';
    case 'DoesNotExist':
      return 'is not set';
    case 'Gt':
      return `is greater than ${values[0]}`;
    case 'Lt':
      return `is less than ${values[0]}`;
  }
}

function valuesText(values: readonly string[]): string {
  const more = values.length - MAX_TEXT_VALUES;
  const shown = values.slice(0, MAX_TEXT_VALUES).map(quoted).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
