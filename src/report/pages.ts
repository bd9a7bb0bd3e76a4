import { rules } from '../core/judge/catalogue.ts';
import { formatRulePage, pageOf } from './rules.ts';

/** Every file of `docs/rules/` by its name: the pages and the list that links to them. */
export function docsPages(): Map<string, string> {
  const files = new Map(rules.map((rule) => [`${rule.code}.md`, formatRulePage(rule)]));
  const rows = rules.map(
    (rule) => `| [${rule.code}](${rule.code}.md) | ${rule.name} | ${pageOf(rule).summary} |`,
  );
  const head = ['# Rules', '', '| code | name | violated when |', '|---|---|---|'];
  files.set('README.md', `${[...head, ...rows].join('\n')}\n`);
  return files;
}
