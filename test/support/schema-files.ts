/** The schemas of schemas/ in ajv: as editors read them, and as the apiserver checks objects. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';

const FOLDER = join(import.meta.dirname, '../../schemas');

export const SCHEMA_FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.schema.json'));

export type JsonSchema = Record<string, unknown>;

export function schemaFile(name: string): JsonSchema {
  return JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as JsonSchema;
}

/** Ajv with the schemas as they are in the folder: editors check a file against these. */
export function editorSchemas(): Ajv {
  return withSchemas(schemaFile);
}

/** Ajv with the schemas without the constraints that rules check: only what the apiserver refuses. */
export function apiserverSchemas(): Ajv {
  return withSchemas((name) => withoutRules(schemaFile(name)) as JsonSchema);
}

function withSchemas(read: (name: string) => JsonSchema): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    keywords: ['x-judged-by'],
  });
  for (const name of SCHEMA_FILES) ajv.addSchema(read(name), name);
  return ajv;
}

function withoutRules(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutRules);
  if (typeof schema !== 'object' || schema === null) return schema;
  const left = 'x-judged-by' in schema ? ['enum', 'pattern', 'minimum', 'maximum', 'required'] : [];
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !left.includes(keyword))
      .map(([keyword, each]) => [keyword, withoutRules(each)]),
  );
}
