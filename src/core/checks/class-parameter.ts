/** The shared part of rules about a wrong value of a StorageClass parameter. */
import { formatPath } from '../base/path.ts';
import { suggest } from '../base/suggest.ts';
import { either, quoted, quotedInFull } from '../base/text.ts';
import type { Fix } from '../finding.ts';
import { RECREATE } from '../iomesh/class-parameters.ts';
import type { Violation } from '../rule.ts';

/**
 * The violation of a parameter whose value the driver does not accept. `meant` is the accepted value that was
 * probably meant; if it is unknown, the help lists all of them and the fix sets the default.
 */
export function invalidParameter(
  name: string,
  value: string,
  accepted: readonly [fallback: string, ...others: string[]],
  meant: string | undefined,
): Violation {
  const [fallback, ...others] = accepted.map(quoted);
  const target = meant === undefined ? either([`${fallback} (the default)`, ...others]) : quoted(meant);
  return {
    path: ['parameters', name],
    message: `${name} is ${quoted(value)}, but must be ${either(accepted.map(quoted))}`,
    help: `set ${formatPath(['parameters', name])} to ${target}; ${RECREATE}`,
    fix: parameterFix(name, meant ?? accepted[0]),
  };
}

/** Replaces the value of a parameter. */
export function parameterFix(name: string, value: string): Fix {
  const path = ['parameters', name];
  return {
    safety: 'unsafe',
    description: `set ${formatPath(path)} to ${quotedInFull(value)}`,
    edits: [{ op: 'replace', path, value }],
  };
}

const YES: readonly string[] = ['yes', 'y', 'on', '1', 't', 'thin', 'enabled'];
const NO: readonly string[] = ['no', 'n', 'off', '0', 'f', 'thick', 'disabled'];

/** The boolean that a text most likely means. */
export function booleanMeant(text: string): 'true' | 'false' | undefined {
  const word = text.trim().toLowerCase();
  if (YES.includes(word)) return 'true';
  if (NO.includes(word)) return 'false';
  return (['true', 'false'] as const).find(
    (each) => each === word || suggest(word, ['true', 'false']) === each,
  );
}
