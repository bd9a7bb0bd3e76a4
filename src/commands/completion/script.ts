import { UsageError } from '../../usage-error.ts';
import { rules } from '../../core/judge/catalogue.ts';
import { suggest } from '../../core/base/suggest.ts';
import { commands } from '../index.ts';
import { bashCompletion } from './bash.ts';
import { fishCompletion } from './fish.ts';
import { type CompletedVerb, grammar } from './grammar.ts';
import { zshCompletion } from './zsh.ts';

const SHELLS = new Map<string, (verbs: readonly CompletedVerb[]) => string>([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
]);

/** The completion script for a shell. Throws a UsageError for a shell there is none for. */
export function completionScript(shell: string): string {
  const script = SHELLS.get(shell);
  if (script === undefined) {
    const near = suggest(shell, [...SHELLS.keys()]);
    const meant = near === undefined ? '' : `; did you mean ${near}?`;
    throw new UsageError(
      `there is no completion for ${JSON.stringify(shell)}${meant}`,
      `one of ${[...SHELLS.keys()].join(', ')}`,
    );
  }
  const codes = rules.flatMap((rule) => [
    { text: rule.code, description: rule.name },
    { text: rule.name, description: rule.code },
  ]);
  return script(grammar(commands, { CODE: codes }));
}
