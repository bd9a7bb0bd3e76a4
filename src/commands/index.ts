import type { Command } from './command.ts';
import { explainCommand } from './explain.ts';
import { lintCommand } from './lint.ts';
import { rulesCommand } from './rules.ts';

/** Every verb, in the order `--help` shows them. */
export const commands: readonly Command[] = [lintCommand, explainCommand, rulesCommand];
