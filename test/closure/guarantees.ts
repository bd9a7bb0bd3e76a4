/** The text of `docs/guarantees.md`. */
import { findRule } from '../../src/core/judge/catalogue.ts';
import { type Exploration, type FindingClass, mergeClasses } from './explore.ts';
import { REASONS, reasonsFor } from './reasons.ts';

const SECTIONS: Readonly<Record<FindingClass['report'], readonly [title: string, text: string]>> = {
  warned: [
    'Warned of',
    'The request is admitted, and its answer names the rule and the object. Only the user who sends it sees the warning.',
  ],
  'waived by annotation': [
    'Waived by an annotation',
    'The request is admitted, and its answer names the rule, the object and the reason of the waiver. So do the audit log and the log of the webhook.',
  ],
  'waived by configuration': [
    'Waived by the configuration',
    'The request is admitted, and its answer names the rule, the object and the reason of the exception.',
  ],
  silent: ['Not reported', 'The request is admitted, and its answer does not report the finding.'],
  'not asked': ['Not sent to the webhook', 'The apiserver makes the change without asking the webhook.'],
};

/** The page about the findings that were reached, with the shortest way to each. */
export function guaranteesPage(explorations: readonly Exploration[]): string {
  const sum = (key: 'worlds' | 'steps') => explorations.reduce((total, each) => total + each[key], 0);
  const classes = [...mergeClasses(explorations).values()];
  const sections = (Object.keys(SECTIONS) as FindingClass['report'][]).map((report) =>
    section(
      report,
      classes.filter((each) => each.report === report),
    ),
  );
  return `# What admission guarantees

<!-- Generated: TEST_RUNS=1 npx vitest run test/closure -u -->

A rule with admission \`deny\` rejects the request that violates it. This page lists what the webhook cannot reject: the errors that \`iomesh-guard audit\` can find in a cluster although the webhook was installed from the beginning, and no rule was configured.

A test searches for them. It sends every request that a few small universes allow (creation, update of one field, deletion at once or behind a finalizer, deletion of a namespace, nodes that join, leave and are relabelled; owners that are added, and what the garbage collector deletes when they are gone, in the background and in the foreground; waivers that are added, removed and expire; releases 1.0, 1.1 and 1.2) through the matchConditions, the mutating and the validating webhook, in every world that admitted requests lead to: ${sum('worlds')} worlds and ${sum('steps')} admitted requests. An error that is in a world after a request, or will be when everything is gone that is being deleted, and was not before, must have been reported by that very request. The exceptions follow, each with the shortest way from a world without errors. \`{warned: …}\` shows what a request was warned of.

An \`iomesh-guard audit\` from time to time finds them all.

${sections.filter((each) => each !== '').join('\n')}`;
}

function section(report: FindingClass['report'], classes: readonly FindingClass[]): string {
  if (classes.length === 0) return '';
  const [title, text] = SECTIONS[report];
  const parts = REASONS.filter((reason) => reason.report === report).map((reason) => {
    const own = classes.filter((each) => reasonsFor(each).includes(reason)).sort(byRule);
    return own.length === 0 ? '' : `${reason.why}\n\n${own.map(entry).join('\n')}`;
  });
  return `## ${title}\n\n${text}\n\n${parts.filter((each) => each !== '').join('\n')}`;
}

function byRule(a: FindingClass, b: FindingClass): number {
  const [one, two] = [a, b].map(({ code, request, kind }) => `${code} ${request} ${kind}`);
  return one! < two! ? -1 : 1;
}

function entry({ code, request, own, kind, way, message }: FindingClass): string {
  const rule = findRule(code);
  const where = own ? '' : ` on another object, of kind ${kind}`;
  const steps = way.map((each, index) => `  ${index + 1}. ${each}`).join('\n');
  return `- [${code} ${rule?.name}](rules/${code}.md)${where}, by ${request}:\n\n${steps}\n\n  ${message}\n`;
}
