import type { Command } from './command.ts';
import { explainCommand } from './explain.ts';
import { lintCommand } from './lint.ts';
import { rulesCommand } from './rules.ts';
import { serveCommand } from './serve.ts';

/** Every verb, in the order `--help` shows them. */
export const commands: readonly Command[] = [lintCommand, serveCommand, explainCommand, rulesCommand];
