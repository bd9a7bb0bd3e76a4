import type { Rule } from '../../core/rule.ts';
import { formatRulePage, pageOf } from '../rules.ts';
import { truncate } from '../../core/base/sanitize.ts';

/** Longest description GitHub takes. */
const MAX_DESCRIPTION = 1024;

/** What the first digit of a code stands for. */
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

/** A rule as SARIF describes one, with its whole page as help. No rule is about security, so none claims a score. */
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
      precision: source.startsWith('inferred') ? 'high' : 'very-high',
      'problem.severity': level,
    },
  };
}

/** A rule that only an admission asks is as grave as what that does. */
function levelOf({ severity: { lint, admission } }: Rule): 'error' | 'warning' {
  if (lint !== 'none') return lint;
  return admission === 'deny' ? 'error' : 'warning';
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
