import type { Command } from './command.ts';
import { auditCommand } from './audit.ts';
import { completionCommand } from './completion.ts';
import { explainCommand } from './explain.ts';
import { lintCommand } from './lint.ts';
import { newCommand } from './new-pool.ts';
import { mapCommand } from './map.ts';
import { planCommand } from './plan.ts';
import { rulesCommand } from './rules.ts';
import { serveCommand } from './serve.ts';

/** Every verb, in the order `--help` shows them. */
export const commands: readonly Command[] = [
  lintCommand,
  auditCommand,
  mapCommand,
  serveCommand,
  newCommand,
  planCommand,
  explainCommand,
  rulesCommand,
  completionCommand,
];
