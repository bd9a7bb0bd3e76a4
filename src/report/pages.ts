import { rules } from '../core/judge/catalogue.ts';
import { rulePage } from './rules.ts';

/** Every file of `docs/rules/` by its name: the pages and the list that leads to them. */
export function pages(): Map<string, string> {
  const files = new Map(rules.map((rule) => [`${rule.code}.md`, rulePage(rule)]));
  const rows = rules.map(
    (rule) => `| [${rule.code}](${rule.code}.md) | ${rule.name} | ${rule.doc.summary} |`,
  );
  const head = ['# Rules', '', '| code | name | violated when |', '|---|---|---|'];
  files.set('README.md', `${[...head, ...rows].join('\n')}\n`);
  return files;
}
