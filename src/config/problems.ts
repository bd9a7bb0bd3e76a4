import { at, type Json, typeName } from '../core/base/json.ts';
import { formatPath, type Path, parentPath } from '../core/base/path.ts';
import { findRule, rules } from '../core/judge/catalogue.ts';
import { trees } from '../core/schema/compiled.js';
import { fieldNames } from '../core/schema/field-tree.ts';
import { type FieldError, validate } from '../core/schema/validate.ts';
import { didYouMean } from '../core/base/suggest.ts';

/** One problem of a configuration. */
export interface ConfigProblem {
  readonly path: Path;
  readonly part: 'key' | 'value';
  readonly message: string;
}

const MAX_PROBLEMS = 20;

/** The pattern of a key in words, if it is not that of a Kubernetes name. */
const PATTERNS: Readonly<Record<string, string>> = {
  managementCluster: 'namespace/name',
  managementConnection: 'namespace/name',
  provisioner: 'the name of a CSI driver',
  exclude: 'a pattern as in .gitignore, in one line',
};

/** The problems of a configuration; empty if it is valid. */
export function configProblems(value: Json): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const error of validate(trees.config, value).errors.slice(0, MAX_PROBLEMS))
    problems.push(toProblem(error, value));
  const named = at(value, ['rules']);
  if (typeof named === 'object' && named !== null && !Array.isArray(named))
    for (const name of Object.keys(named)) if (findRule(name) === undefined) problems.push(unknownRule(name));
  const seen = new Set<string>();
  return problems.filter(({ path }) => {
    const text = formatPath(path);
    return seen.has(text) ? false : seen.add(text);
  });
}

function unknownRule(name: string): ConfigProblem {
  const names = rules.flatMap((rule) => [rule.code, rule.name]);
  const meant =
    didYouMean(name, names, (near) => JSON.stringify(near)) || '; iomesh-guard rules lists all rules';
  return { path: ['rules', name], part: 'key', message: `unknown rule ${JSON.stringify(name)}${meant}` };
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
      const expected = path[0] === 'pools' ? 'namespace/name' : 'a Kubernetes name';
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
      const quote = path[0] === 'iomeshVersion' ? '; quote it, as "1.0"' : '';
      return `is ${typeName(value)}, but must be ${typeNames(node.types ?? [])}${quote}`;
    }
    case 'pattern':
      return `is ${formatValue(value)}, but must be ${PATTERNS[String(path[0])] ?? 'a Kubernetes name'}`;
    case 'maxItems':
      return `has more than ${node.maxItems} items`;
    default:
      return 'is empty';
  }
}

function fieldName(path: Path): string {
  return path.length === 0 ? 'the configuration' : formatPath(path);
}

function formatValue(value: Json | undefined): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  return typeof value === 'object' ? typeName(value) : String(value);
}

function typeNames(types: readonly string[]): string {
  const words: Record<string, string> = { object: 'a mapping', array: 'a list', string: 'a string' };
  return types.map((each) => words[each] ?? each).join(' or ');
}
