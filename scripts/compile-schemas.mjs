/**
 * Compiles schemas/*.schema.json ahead of time into src/core/schema/compiled.js: one validator a
 * schema (ajv standalone, no ajv at run time) and the tree of the fields each object schema knows.
 *
 * Validators of objects hold only what the apiserver itself would refuse. A value that a rule judges
 * is marked `x-judged-by` in the schema: an editor shows the constraint, the validator leaves it out.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { transform } from 'esbuild';
import { bounded } from './bounded-validators.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const OUTPUT = join(ROOT, 'src/core/schema/compiled.js');

/** Name of the export to the schema file; `tree` where the fields are exported as well, or alone. */
const EXPORTS = {
  iomeshCluster10: { file: 'iomeshcluster-1.0.schema.json', tree: true },
  iomeshCluster12: { file: 'iomeshcluster-1.2.schema.json', tree: true },
  zookeeperCluster: { file: 'zookeepercluster.schema.json', tree: true },
  configMap: { file: 'connection-configmap.schema.json', tree: true },
  storageClass: { file: 'storageclass.schema.json', tree: true },
  persistentVolumeClaim: { file: 'persistentvolumeclaim.schema.json', tree: true },
  config: { file: 'config.schema.json', tree: true },
  findings: { file: 'findings.schema.json', tree: false },
  helmValues: { file: 'helm-values.schema.json', tree: true, validator: false },
};

const FOR_READERS = ['title', 'description', 'default', 'examples', '$schema', 'x-judged-by'];
const JUDGED = ['enum', 'const', 'pattern', 'minimum', 'maximum', 'required'];

/** A schema without what only an editor needs. */
function forValidation(schema) {
  if (Array.isArray(schema)) return schema.map(forValidation);
  if (typeof schema !== 'object' || schema === null) return schema;
  const dropped = new Set(FOR_READERS);
  if ('x-judged-by' in schema) for (const keyword of JUDGED) dropped.add(keyword);
  const result = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'properties' || keyword === 'definitions') {
      result[keyword] = Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, forValidation(each)]),
      );
    } else if (!dropped.has(keyword)) {
      result[keyword] = keyword === 'enum' || keyword === 'required' ? value : forValidation(value);
    }
  }
  return result;
}

/** The fields of all schemas as one list of nodes, equal subtrees once. */
class Fields {
  nodes = [];
  #byText = new Map();

  /** Index of the node for a schema found in `file`. */
  add(file, schema) {
    const node = {};
    for (const [home, part] of this.#parts(file, schema)) {
      if (part.type !== undefined) node.types = [part.type].flat();
      if (part.required !== undefined) node.required = part.required;
      if (part.enum !== undefined) node.values = part.enum;
      for (const [name, each] of Object.entries(part.properties ?? {})) {
        node.fields ??= {};
        // A schema that narrows a shared definition repeats its fields; the fuller one counts.
        const index = this.add(home, each);
        const known = node.fields[name];
        if (known === undefined || this.#size(index) > this.#size(known)) node.fields[name] = index;
      }
      if (typeof part.additionalProperties === 'object')
        node.entries = this.add(home, part.additionalProperties);
      if (part.items !== undefined) node.items = this.add(home, part.items);
    }
    const text = JSON.stringify(node);
    let index = this.#byText.get(text);
    if (index === undefined) {
      index = this.nodes.push(node) - 1;
      this.#byText.set(text, index);
    }
    return index;
  }

  #size(index) {
    return Object.keys(this.nodes[index].fields ?? {}).length;
  }

  /** The schema and what it refers to, each with the file its own references start from. */
  *#parts(file, schema) {
    yield [file, schema];
    if (schema.$ref === undefined) return;
    const { home, found } = resolve(file, schema.$ref);
    yield* this.#parts(home, found);
  }
}

const schemas = new Map();
for (const file of readdirSync(join(ROOT, 'schemas')).filter((name) => name.endsWith('.schema.json'))) {
  schemas.set(file, forValidation(JSON.parse(readFileSync(join(ROOT, 'schemas', file), 'utf8'))));
}

const ajv = new Ajv({
  allErrors: true,
  messages: false,
  strict: true,
  // A schema may demand a field of the definition it refers to.
  strictRequired: false,
  allowUnionTypes: true,
  inlineRefs: false,
  logger: { log() {}, warn: fail, error: fail },
  code: { source: true, esm: true, optimize: 2 },
});
const definitions = {};
const roots = Object.entries(EXPORTS)
  .filter(([, { validator }]) => validator !== false)
  .map(([name, { file }]) => [name, intern(file, schemas.get(file)).$ref]);
ajv.addSchema({ definitions }, 'all');
for (const [name, ref] of roots) ajv.addSchema({ $ref: `all${ref}` }, name);
const code = bounded(standalone(ajv, Object.fromEntries(roots.map(([name]) => [name, name]))));
if (code.includes('require(')) fail('the compiled schemas need a module at run time');

const fields = new Fields();
const trees = {};
for (const [name, { file, tree }] of Object.entries(EXPORTS)) {
  if (tree) trees[name] = fields.add(file, schemas.get(file));
}

const source = `${code}\nexport const nodes = ${JSON.stringify(fields.nodes)};\nexport const trees = ${JSON.stringify(trees)};\n`;
const { code: small } = await transform(source, {
  minifyWhitespace: true,
  minifySyntax: true,
  treeShaking: true,
  format: 'esm',
});
mkdirSync(dirname(OUTPUT), { recursive: true });
// Lines break after statements, so that a stack trace stays readable.
const lines = small.replaceAll('};', '};\n');
// By way of another file: a test that runs meanwhile never reads half of it.
const draft = `${OUTPUT}.${process.pid}`;
writeFileSync(draft, `// Generated by scripts/compile-schemas.mjs from schemas/. Do not edit.\n${lines}`);
renameSync(draft, OUTPUT);

/** A schema with every equal object or list in all files made one definition: one function each, not hundreds. */
function intern(file, schema) {
  if (typeof schema !== 'object') return schema;
  const result = { ...schema };
  delete result.definitions;
  if (schema.$ref !== undefined) {
    const { home, found } = resolve(file, schema.$ref);
    if (Object.keys(result).length === 1) return intern(home, found);
    result.$ref = intern(home, found).$ref;
  }
  for (const keyword of ['items', 'additionalProperties', 'propertyNames'])
    if (schema[keyword] !== undefined) result[keyword] = intern(file, schema[keyword]);
  if (schema.properties !== undefined)
    result.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, each]) => [name, intern(file, each)]),
    );
  if (!('properties' in result || 'items' in result || typeof result.additionalProperties === 'object'))
    return result;
  const text = JSON.stringify(result);
  const known = Object.keys(definitions).find((name) => JSON.stringify(definitions[name]) === text);
  const name = known ?? `d${Object.keys(definitions).length}`;
  definitions[name] = result;
  return { $ref: `#/definitions/${name}` };
}

/** What a reference found in `file` refers to, and the file that is in. */
function resolve(file, reference) {
  const [target, pointer] = reference.split('#');
  const home = target === '' ? file : target;
  let found = schemas.get(home);
  for (const step of pointer.split('/').slice(1)) found = found[step];
  return { home, found };
}

function fail(message) {
  throw new Error(`compile-schemas: ${message}`);
}
