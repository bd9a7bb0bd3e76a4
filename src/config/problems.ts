import { at, type Json, typeName } from '../core/base/json.ts';
import { formatPath, type Path } from '../core/base/path.ts';
import { findRule, rules } from '../core/judge/catalogue.ts';
import { config as validate } from '../core/schema/compiled.js';
import { shapeErrors, type ShapeError } from '../core/schema/errors.ts';
import { suggest } from '../core/base/suggest.ts';

/** One thing wrong with a configuration. */
export interface ConfigProblem {
  readonly path: Path;
  readonly part: 'key' | 'value';
  readonly message: string;
}

const KEYS = ['managementCluster', 'iomeshVersion', 'clusterDomain', 'nodes', 'pools', 'rules', 'mode'];
const MAX = 20;

/** What is wrong with a configuration's value, in plain words; empty where nothing is. */
export function configProblems(value: Json): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const error of shapeErrors(validate, value).errors.slice(0, MAX)) problems.push(explain(error, value));
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

function explain({ path, keyword, params }: ShapeError, root: Json): ConfigProblem {
  const value = at(root, path);
  const field = formatPath(path) === '' ? 'the configuration' : formatPath(path);
  const say = (message: string): ConfigProblem => ({ path, part: 'value', message });
  switch (keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const near = suggest(key, path.length === 0 ? KEYS : ['name', 'labels']);
      const meant = near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
      return { path: [...path, key], part: 'key', message: `unknown key ${JSON.stringify(key)}${meant}` };
    }
    case 'required':
      return say(`${field} needs the key ${JSON.stringify(params['missingProperty'])}`);
    case 'enum': {
      const allowed = (params['allowedValues'] as unknown[]).filter((each) => typeof each === 'string');
      const near = typeof value === 'string' ? suggest(value, allowed) : undefined;
      const meant = near === undefined ? '' : `; did you mean ${near}?`;
      return say(
        `${field} is ${shown(value)}, and must be one of ${allowed.map((each) => JSON.stringify(each)).join(', ')}${meant}`,
      );
    }
    case 'type': {
      const quote = path[0] === 'iomeshVersion' ? '; quote it: "1.0" or "1.2"' : '';
      return say(`${field} is ${typeName(value)}, and must be ${wanted(params['type'])}${quote}`);
    }
    case 'pattern':
      return say(
        `${field} is ${shown(value)}, and must be ${path[0] === 'managementCluster' ? 'namespace/name' : 'a name as Kubernetes has them'}`,
      );
    case 'propertyNames':
      return {
        path: [...path, String(params['propertyName'])],
        part: 'key',
        message: `${JSON.stringify(params['propertyName'])} cannot be a key of ${field}${path[0] === 'pools' ? ': a cluster is named namespace/name' : ''}`,
      };
    default:
      return say(`${field} does not hold (${keyword})`);
  }
}

function shown(value: Json | undefined): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  return typeof value === 'object' ? typeName(value) : String(value);
}

function wanted(type: unknown): string {
  const words: Record<string, string> = { object: 'a mapping', array: 'a list', string: 'a string' };
  return (Array.isArray(type) ? type : [type])
    .map((each) => words[String(each)] ?? String(each))
    .join(' or ');
}
