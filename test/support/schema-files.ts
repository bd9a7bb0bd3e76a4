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
    keywords: [
      'x-judged-by',
      'x-enforced',
      'x-optional',
      'x-not-enforced',
      'x-minimum',
      'x-list-map-keys',
      'x-any-value',
      'x-status',
      'x-form',
      'x-other-chart',
    ],
    formats: {
      int32: { type: 'number', validate: (value: number) => value >= -(2 ** 31) && value < 2 ** 31 },
      int64: { type: 'number', validate: () => true },
    },
  });
  for (const name of SCHEMA_FILES) ajv.addSchema(read(name), name);
  return ajv;
}

function withoutRules(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutRules);
  if (typeof schema !== 'object' || schema === null) return schema;
  if ('x-optional' in schema && 'required' in schema) {
    const { 'x-optional': optional, required, ...others } = schema;
    const enforced = (required as string[]).filter((each) => !(optional as string[]).includes(each));
    return withoutRules({ ...others, required: enforced });
  }
  const isLeft = 'x-judged-by' in schema || 'x-not-enforced' in schema;
  const left = isLeft ? ['enum', 'pattern', 'format', 'minimum', 'maximum', 'required'] : [];
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !left.includes(keyword))
      .map(([keyword, each]) => [
        keyword,
        // The apiserver drops the status of a new object.
        keyword === 'status' && isStatus(each) ? true : withoutRules(each),
      ]),
  );
}

function isStatus(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'x-status' in schema;
}
