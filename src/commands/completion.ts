import { UsageError } from '../usage-error.ts';
import type { Command } from './command.ts';
import { EXIT } from './io.ts';

/** `iomesh-guard completion`: a script for the user's shell. */
export const completionCommand: Command = {
  name: 'completion',
  summary: 'Print a script that makes a shell complete commands, flags and rules',
  operands: 'bash|zsh|fish',
  description:
    'The script completes what this version knows: commands, flags and their values, the codes and names of rules, files. ' +
    'It is read by the shell at its start, and runs nothing of iomesh-guard when Tab is pressed.',
  flags: {},
  examples: [
    { command: 'source <(iomesh-guard completion bash)', does: 'in ~/.bashrc' },
    { command: 'source <(iomesh-guard completion zsh)', does: 'in ~/.zshrc, after compinit' },
    { command: 'iomesh-guard completion fish | source', does: 'in ~/.config/fish/config.fish' },
  ],
  run: async (args, io) => {
    const [shell, ...more] = args.positionals;
    if (shell === undefined) throw new UsageError('which shell?', 'one of bash, zsh, fish');
    if (more.length > 0) throw new UsageError('one shell at a time');
    io.stdout.write(await (await import('./completion/script.ts')).completionScript(shell));
    return EXIT.clean;
  },
};
