import { truncate } from '../../core/base/text.ts';
import type { Rule } from '../../core/rule.ts';
import { formatRulePage, pageOf } from '../rules.ts';

/** Longest description that GitHub accepts. */
const MAX_DESCRIPTION = 1024;

/** The topic of a rule by the first digit of its code. */
const TOPICS = [
  'manifests',
  'placement',
  'connection',
  'devices',
  'images',
  'storage',
  'lifecycle',
  'cluster',
  'helm-values',
  'waivers',
];

/** The SARIF `reportingDescriptor` of a rule, with its page as help. No rule is about security, so none has a score. */
export function sarifRule(rule: Rule): object {
  const { code, name } = rule;
  const { summary, why, source } = pageOf(rule);
  const level = levelOf(rule);
  const topic = TOPICS[Number(code.charAt(3))] ?? '';
  const page = formatRulePage(rule);
  return {
    id: code,
    name,
    shortDescription: { text: truncate(oneLine(summary), MAX_DESCRIPTION) },
    fullDescription: { text: truncate(`${oneLine(summary)} ${oneLine(why)}`, MAX_DESCRIPTION) },
    help: { text: page, markdown: page },
    defaultConfiguration: { level },
    properties: {
      tags: ['iomesh', 'kubernetes', ...(topic === '' ? [] : [topic])],
      precision: /^(- )?inferred/.test(source) ? 'high' : 'very-high',
      'problem.severity': level,
    },
  };
}

/** The severity in lint; of a rule that is only evaluated at admission, error if it denies. */
function levelOf({ severity: { lint, admission } }: Rule): 'error' | 'warning' {
  if (lint !== 'none') return lint;
  return admission === 'deny' ? 'error' : 'warning';
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
