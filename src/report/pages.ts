import { rules } from '../core/judge/catalogue.ts';
import { formatRulePage, pageOf } from './rules.ts';

const HEAD = `# Rules

The line under the summary of a page gives the severity in \`lint\` and \`audit\`, what the webhook does at admission, the kind of fix ([safe or unsafe](../fixing.md), or by hand if the page describes it and no edit is proposed), and what can [waive](../waivers.md) the finding in a cluster: an annotation of the object, or only the configuration.

The section *Source* of a page says where the rule comes from:

- guide: the guide for several IOMesh clusters in one Kubernetes cluster
- vendor: charts, CRDs and user guides of IOMesh
- api: behaviour of Kubernetes, measured on a real kube-apiserver or kubectl
- inferred: a conclusion from these

| code | name | violated when |
|---|---|---|
`;

/** Every file of `docs/rules/` by its name: the pages and the list that links to them. */
export function docsPages(): Map<string, string> {
  const files = new Map(rules.map((rule) => [`${rule.code}.md`, formatRulePage(rule)]));
  const rows = rules.map(
    (rule) => `| [${rule.code}](${rule.code}.md) | ${rule.name} | ${pageOf(rule).summary} |`,
  );
  files.set('README.md', `${HEAD}${rows.join('\n')}\n`);
  return files;
}
