import { describeError } from '../system-error.ts';
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { type Config, DEFAULT_CONFIG } from '../core/base/config.ts';
import type { Path } from '../core/base/path.ts';
import { documentValue } from '../manifests/document-value.ts';
import { lineColumn, locate, type ManifestFile, readManifests } from '../manifests/index.ts';
import { findConfig } from './find.ts';
import { configProblems } from './problems.ts';
import { toConfig } from './to-config.ts';
import { UsageError } from '../usage-error.ts';

/**
 * The configuration: of the file named, else of the nearest iomesh-guard.yaml from `cwd` upward, else
 * the defaults. Throws a UsageError that says where in the file something is wrong.
 */
export function loadConfig(named: string | undefined, cwd: string): Config {
  const path = named === undefined ? findConfig(cwd) : resolve(cwd, named);
  if (path === undefined) return DEFAULT_CONFIG;
  const name = named ?? relative(cwd, path);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UsageError(`cannot read the configuration ${name}: ${describeError(error)}`);
  }
  const file = readManifests(name, bytes);
  const fault = file.faults[0];
  if (fault !== undefined) throw at(file, fault.start, fault.message, fault.help);
  const filled = file.documents.filter((document) => document.status !== 'empty');
  const document = filled[0];
  if (document === undefined) return DEFAULT_CONFIG;
  if (filled[1] !== undefined)
    throw at(file, filled[1].start, 'a configuration is one document, and here a second begins');
  const value = documentValue(file, document.index);
  const problems = configProblems(value);
  if (problems.length > 0) {
    const [first, ...rest] = problems.map(
      ({ path: where, part, message }) =>
        at(file, startOf(file, document.index, where, part), message).message,
    );
    throw new UsageError(
      first ?? '',
      rest.length === 0 ? 'docs/configuration.md says what it may hold' : rest.join('\n'),
    );
  }
  return toConfig(value);
}

function startOf(file: ManifestFile, document: number, path: Path, part: 'key' | 'value'): number {
  const { key, value } = locate(file, document, path);
  const span = part === 'key' ? (key ?? value) : (value ?? key);
  return span?.start ?? 0;
}

function at(file: ManifestFile, offset: number, message: string, hint?: string): UsageError {
  const { line, column } = lineColumn(file, offset);
  return new UsageError(`${file.name}:${line}:${column}: ${message}`, hint);
}
