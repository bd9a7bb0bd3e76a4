import type { FixEdit } from '../core/base/edits.ts';
import type { Finding } from '../core/finding.ts';
import { at } from '../core/base/json.ts';
import { quoted } from '../core/base/text.ts';
import { locate } from './index.ts';
import type { ManifestSource } from './world.ts';
import { resolvePlain } from './yaml/scalar.ts';

/**
 * Findings whose fix puts a number or a boolean in quotes, made true of the text: the core sees the value
 * alone, and what is to be quoted is what stands there. `1.0`, `010`, `1e3` and `yes` keep their text, so
 * the fix is safe.
 */
export function withFixesAsWritten(findings: readonly Finding[]): readonly Finding[] {
  return findings.some(quotesValue) ? findings.map(asWritten) : findings;
}

function quotesValue({ code, fix, resource }: Finding): boolean {
  const [edit, more] = fix?.edits ?? [];
  if (code !== 'IOM005' || edit?.op !== 'replace' || more !== undefined) return false;
  return typeof edit.value === 'string' && isTyped(at(resource?.json, edit.path));
}

function isTyped(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
}

function asWritten(finding: Finding): Finding {
  const [edit] = finding.fix?.edits ?? [];
  if (edit === undefined || !quotesValue(finding)) return finding;
  const source = finding.resource?.source as Partial<ManifestSource> | undefined;
  if (source?.file === undefined || source.documentIndex === undefined || source.path === undefined)
    return finding;
  const place = source.writtenAt?.(edit.path) ?? {
    file: source.file,
    documentIndex: source.documentIndex,
    path: [...source.path, ...edit.path],
  };
  const { value, shared } = locate(place.file, place.documentIndex, place.path);
  const text = value === undefined ? '' : place.file.text.slice(value.start, value.end);
  if (shared || resolvePlain(text) !== at(finding.resource?.json, edit.path)) return finding;
  const description = `quote it: ${quoted(text)}`;
  const isWord = typeof resolvePlain(text) === 'boolean' && !/^(?:true|false)$/.test(text);
  const help = isWord
    ? `${description}, or the value that is meant (plain ${text} is a boolean to Kubernetes)`
    : description;
  const edits: FixEdit[] = [{ op: 'replace', path: edit.path, value: text }];
  return { ...finding, help, fix: { safety: 'safe', description, edits } };
}
