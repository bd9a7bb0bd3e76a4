import type { Command, Flag } from './command.ts';
import { exitCodeRows, flagDescription, flagUsage, usageLine } from './help.ts';
import { commands } from './index.ts';

/** The text of docs/cli.md: every command as `--help` shows it, in Markdown. */
export function referencePage(): string {
  return [
    '# Commands',
    '',
    'The output of `iomesh-guard COMMAND --help` for every command.',
    '',
    '| command | |',
    '|---|---|',
    ...commands.map(({ name, summary }) => `| [${name}](#iomesh-guard-${name}) | ${cell(summary)} |`),
    '',
    '`iomesh-guard --version` prints the version.',
    '',
    ...commands.flatMap(commandSection),
  ].join('\n');
}

function commandSection(command: Command): string[] {
  const flags = Object.entries(command.flags);
  const exitCodes = exitCodeRows(command);
  return [
    `## iomesh-guard ${command.name}`,
    '',
    `${command.summary}.`,
    '',
    '```',
    usageLine(command),
    '```',
    '',
    ...command.description.split('\n').flatMap((line) => [prose(line), '']),
    ...(flags.length === 0
      ? []
      : ['| flag | |', '|---|---|', ...flags.map(([name, flag]) => flagRow(name, flag)), '']),
    'Examples:',
    '',
    ...command.examples.map((example) => `- \`${example.command}\`: ${prose(example.does)}`),
    '',
    ...(exitCodes.length === 0
      ? []
      : [
          'Exit codes:',
          '',
          '| code | |',
          '|---|---|',
          ...exitCodes.map(([code, meaning]) => `| ${code} | ${cell(meaning)} |`),
          '',
        ]),
  ];
}

function flagRow(name: string, flag: Flag): string {
  const short = flag.short === undefined ? '' : `\`-${flag.short}\`, `;
  return `| ${short}\`${flagUsage(name, flag)}\` | ${flagDescription({ ...flag, description: cell(flag.description) }, (choice) => `\`${choice}\``)} |`;
}

function cell(text: string): string {
  return prose(text).replaceAll('|', '\\|');
}

/** Plain text with the characters escaped that Markdown would read as markup. */
function prose(text: string): string {
  return text.replaceAll(/[*_<>[\]]/g, '\\$&');
}
