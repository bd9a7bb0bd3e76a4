import { at, type Json, typeName } from '../core/base/json.ts';
import { formatPath, type Path, parentPath } from '../core/base/path.ts';
import { findRule, rules } from '../core/judge/catalogue.ts';
import { trees } from '../core/schema/compiled.js';
import { fieldNames } from '../core/schema/field-tree.ts';
import { type FieldError, validate } from '../core/schema/validate.ts';
import { suggest } from '../core/base/suggest.ts';

/** One thing wrong with a configuration. */
export interface ConfigProblem {
  readonly path: Path;
  readonly part: 'key' | 'value';
  readonly message: string;
}

const MAX = 20;

/** What is wrong with a configuration's value, in plain words; empty where nothing is. */
export function configProblems(value: Json): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const error of validate(trees.config, value).errors.slice(0, MAX))
    problems.push(explain(error, value));
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
  const near = suggest(
    name,
    rules.flatMap((rule) => [rule.code, rule.name]),
  );
  const meant =
    near === undefined ? '; iomesh-guard rules lists them' : `; did you mean ${JSON.stringify(near)}?`;
  return { path: ['rules', name], part: 'key', message: `no rule is called ${JSON.stringify(name)}${meant}` };
}

function explain({ path, keyword, node }: FieldError, root: Json): ConfigProblem {
  const key = String(path.at(-1));
  switch (keyword) {
    case 'additionalProperties': {
      const near = suggest(key, fieldNames(node));
      const meant = near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
      return { path, part: 'key', message: `unknown key ${JSON.stringify(key)}${meant}` };
    }
    case 'required': {
      const owner = parentPath(path);
      return {
        path: owner,
        part: 'value',
        message: `${fieldName(owner)} needs the key ${JSON.stringify(key)}`,
      };
    }
    case 'propertyNames':
      return {
        path,
        part: 'key',
        message: `${JSON.stringify(key)} cannot be a key of ${fieldName(parentPath(path))}${path[0] === 'pools' ? ': a cluster is named namespace/name' : ''}`,
      };
    default:
      return {
        path,
        part: 'value',
        message: `${fieldName(path)} ${fault({ path, keyword, node }, at(root, path))}`,
      };
  }
}

function fault({ path, keyword, node }: FieldError, value: Json | undefined): string {
  switch (keyword) {
    case 'enum': {
      const allowed = (node.values ?? []).filter((each) => typeof each === 'string');
      const near = typeof value === 'string' ? suggest(value, allowed) : undefined;
      const meant = near === undefined ? '' : `; did you mean ${near}?`;
      return `is ${shown(value)}, and must be one of ${allowed.map((each) => JSON.stringify(each)).join(', ')}${meant}`;
    }
    case 'type': {
      const quote = path[0] === 'iomeshVersion' ? '; quote it: "1.0" or "1.2"' : '';
      return `is ${typeName(value)}, and must be ${wanted(node.types ?? [])}${quote}`;
    }
    case 'pattern':
      return `is ${shown(value)}, and must be ${path[0] === 'managementCluster' ? 'namespace/name' : 'a name as Kubernetes has them'}`;
    case 'maxItems':
      return `has more than ${node.maxItems} items`;
    default:
      return 'is empty';
  }
}

function fieldName(path: Path): string {
  return path.length === 0 ? 'the configuration' : formatPath(path);
}

function shown(value: Json | undefined): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  return typeof value === 'object' ? typeName(value) : String(value);
}

function wanted(types: readonly string[]): string {
  const words: Record<string, string> = { object: 'a mapping', array: 'a list', string: 'a string' };
  return types.map((each) => words[each] ?? each).join(' or ');
}
