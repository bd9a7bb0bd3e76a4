import { at, isArray, type Json, own, typeName } from '../core/base/json.ts';
import { isClusterScoped, KINDS } from '../core/base/model.ts';
import { formatPath, type Path, parentPath } from '../core/base/path.ts';
import { findRule, rules } from '../core/judge/catalogue.ts';
import { trees } from '../core/schema/compiled.js';
import { fieldNames } from '../core/schema/field-tree.ts';
import { type FieldError, validate } from '../core/schema/validate.ts';
import { didYouMean } from '../core/base/suggest.ts';
import { isDay } from '../core/base/waivers.ts';

/** One problem of a configuration. */
export interface ConfigProblem {
  readonly path: Path;
  readonly part: 'key' | 'value';
  readonly message: string;
}

const MAX_PROBLEMS = 20;
/** The most days of a waiver that the configuration can allow. */
const MAX_DAYS = 3650;

/** The pattern of a key in words, if it is not that of a Kubernetes name. */
const PATTERNS: Readonly<Record<string, string>> = {
  managementCluster: 'namespace/name',
  managementConnection: 'namespace/name',
  provisioner: 'the name of a CSI driver',
  exclude: 'a pattern as in .gitignore, in one line',
  values: 'FILE or FILE=RELEASE/NAMESPACE',
  paths: 'a path',
  rule: 'the code or the name of a rule',
  objects: 'Kind/namespace/name, or Kind/name of a cluster-scoped object',
  reason: 'a reason',
  until: 'a date such as 2027-01-31',
};

/** The problems of a configuration; empty if it is valid. */
export function configProblems(value: Json): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const error of validate(trees.config, value).errors.slice(0, MAX_PROBLEMS))
    problems.push(toProblem(error, value));
  const named = at(value, ['rules']);
  if (typeof named === 'object' && named !== null && !Array.isArray(named))
    for (const name of Object.keys(named)) if (findRule(name) === undefined) problems.push(unknownRule(name));
  problems.push(...waiverProblems(value));
  const seen = new Set<string>();
  return problems.filter(({ path }) => {
    const text = formatPath(path);
    return seen.has(text) ? false : seen.add(text);
  });
}

/** The problems of waivers that their schema does not find. */
function* waiverProblems(value: Json): Iterable<ConfigProblem> {
  const maxDays = at(value, ['waivers', 'maxDays']);
  if (Number(maxDays) > MAX_DAYS)
    yield {
      path: ['waivers', 'maxDays'],
      part: 'value',
      message: `waivers.maxDays is ${formatValue(maxDays)}, but must be at most ${MAX_DAYS}`,
    };
  const exceptions = at(value, ['waivers', 'exceptions']);
  if (!isArray(exceptions)) return;
  for (const [index, each] of exceptions.entries()) {
    const path = ['waivers', 'exceptions', index] as const;
    const name = own(each, 'rule');
    const rule = typeof name === 'string' ? findRule(name) : undefined;
    if (typeof name === 'string' && rule === undefined)
      yield { path: [...path, 'rule'], part: 'value', message: unknownRuleText(name) };
    if (rule?.code.startsWith('IOM9') === true)
      yield { path: [...path, 'rule'], part: 'value', message: `${rule.code} cannot be waived` };
    const until = own(each, 'until');
    if (typeof until === 'string' && !isDay(until))
      yield { path: [...path, 'until'], part: 'value', message: `${JSON.stringify(until)} is not a date` };
    const objects = own(each, 'objects');
    for (const [at, pattern] of isArray(objects) ? objects.entries() : []) {
      const message = typeof pattern === 'string' ? patternProblem(pattern) : undefined;
      if (message !== undefined) yield { path: [...path, 'objects', at], part: 'value', message };
    }
  }
}

/** The problem of a pattern such as `ConfigMap/pool-*\/connection`; undefined if it can match an object. */
function patternProblem(pattern: string): string | undefined {
  const [kind = '', ...names] = pattern.split('/');
  if (kind === '*') return undefined;
  const known = KINDS.find((each) => each === kind);
  if (known === undefined)
    return `unknown kind ${JSON.stringify(kind)}${didYouMean(kind, KINDS, (near) => JSON.stringify(near)) || `; the kinds are ${KINDS.join(', ')}`}`;
  const form = isClusterScoped(known) ? `${known}/NAME` : `${known}/NAMESPACE/NAME`;
  return names.length === form.split('/').length - 1
    ? undefined
    : `${JSON.stringify(pattern)} must have the form ${form}`;
}

function unknownRule(name: string): ConfigProblem {
  return { path: ['rules', name], part: 'key', message: unknownRuleText(name) };
}

function unknownRuleText(name: string): string {
  const names = rules.flatMap((rule) => [rule.code, rule.name]);
  const meant =
    didYouMean(name, names, (near) => JSON.stringify(near)) || '; iomesh-guard rules lists all rules';
  return `unknown rule ${JSON.stringify(name)}${meant}`;
}

function toProblem({ path, keyword, node }: FieldError, root: Json): ConfigProblem {
  const key = JSON.stringify(String(path.at(-1)));
  switch (keyword) {
    case 'additionalProperties': {
      const meant = didYouMean(String(path.at(-1)), fieldNames(node), (near) => JSON.stringify(near));
      return { path, part: 'key', message: `unknown key ${key}${meant}` };
    }
    case 'required': {
      const owner = parentPath(path);
      return { path: owner, part: 'value', message: `${fieldName(owner)} needs the key ${key}` };
    }
    case 'propertyNames': {
      const expected = path.at(-2) === 'pools' ? 'namespace/name' : 'a Kubernetes name';
      return {
        path,
        part: 'key',
        message: `the key ${key} of ${fieldName(parentPath(path))} must be ${expected}`,
      };
    }
    default:
      return {
        path,
        part: 'value',
        message: `${fieldName(path)} ${valueProblem({ path, keyword, node }, at(root, path))}`,
      };
  }
}

/** The problem of a value, after the name of its field. */
function valueProblem({ path, keyword, node }: FieldError, value: Json | undefined): string {
  switch (keyword) {
    case 'enum': {
      const allowed = (node.values ?? []).filter((each) => typeof each === 'string');
      const meant = typeof value === 'string' ? didYouMean(value, allowed) : '';
      return `is ${formatValue(value)}, but must be one of ${allowed.map((each) => JSON.stringify(each)).join(', ')}${meant}`;
    }
    case 'type': {
      const quote = path.at(-1) === 'iomeshVersion' ? '; quote it, as "1.0"' : '';
      return `is ${typeName(value)}, but must be ${typeNames(node.types ?? [])}${quote}`;
    }
    case 'pattern':
      return `is ${formatValue(value)}, but must be ${PATTERNS[keyOf(path)] ?? 'a Kubernetes name'}`;
    case 'maxItems':
      return `has more than ${node.maxItems} items`;
    case 'minimum':
      return `is ${formatValue(value)}, but must be at least ${node.minimum}`;
    default:
      return 'is empty';
  }
}

/** The last key of a path; the indexes of a list have none. */
function keyOf(path: Path): string {
  return String(path.findLast((step) => typeof step === 'string') ?? '');
}

function fieldName(path: Path): string {
  return path.length === 0 ? 'the configuration' : formatPath(path);
}

function formatValue(value: Json | undefined): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  return typeof value === 'object' ? typeName(value) : String(value);
}

function typeNames(types: readonly string[]): string {
  const words: Record<string, string> = {
    object: 'a mapping',
    array: 'a list',
    string: 'a string',
    integer: 'an integer',
    boolean: 'true or false',
  };
  return types.map((each) => words[each] ?? each).join(' or ');
}
