import type { Command } from './command.ts';
import { EXIT } from './io.ts';

/** `iomesh-guard completion`: prints a script for the user's shell. */
export const completionCommand: Command = {
  name: 'completion',
  summary: 'Print a script that completes commands, flags, values and rules in a shell',
  operands: [{ name: 'bash|zsh|fish|powershell', choices: ['bash', 'zsh', 'fish', 'powershell'] }],
  description:
    'Load the script when the shell starts. When you press Tab, the script runs iomesh-guard to find the possible words, so ' +
    'it never needs an update.',
  flags: {},
  examples: [
    { command: 'source <(iomesh-guard completion bash)', does: 'in ~/.bashrc' },
    { command: 'source <(iomesh-guard completion zsh)', does: 'in ~/.zshrc, after compinit' },
    { command: 'iomesh-guard completion fish | source', does: 'in ~/.config/fish/config.fish' },
    {
      command: 'iomesh-guard completion powershell | Out-String | Invoke-Expression',
      does: 'in $PROFILE of PowerShell',
    },
  ],
  run: async (args, io) => {
    const { COMPLETION_SCRIPTS } = await import('./completion/scripts.ts');
    io.stdout.write(COMPLETION_SCRIPTS[args.positionals[0] as keyof typeof COMPLETION_SCRIPTS]);
    return EXIT.clean;
  },
};
