import type { Config, Severity } from '../base/config.ts';
import { own } from '../base/json.ts';
import type { Rule } from '../rule.ts';

/**
 * How severe a finding of a rule is in `lint` and `audit`. The configuration overrides the rule, but
 * a rule that this mode does not judge stays unjudged, and `off` silences it everywhere.
 */
export function lintSeverity(rule: Rule, minor: boolean, config: Config): Severity | 'none' {
  const given = (minor ? rule.minor : undefined) ?? rule.severity;
  const setting = own(config.rules, rule.code);
  if (given.lint === 'none' || setting === 'off') return 'none';
  return setting === 'error' || setting === 'warning' ? setting : given.lint;
}

/** What an admission does about a finding of a rule: a configured error denies, a configured warning warns. */
export function admissionOutcome(rule: Rule, minor: boolean, config: Config): 'deny' | 'warn' | 'none' {
  const given = (minor ? rule.minor : undefined) ?? rule.severity;
  const setting = own(config.rules, rule.code);
  if (given.admission === 'none' || setting === 'off') return 'none';
  if (setting === 'error') return 'deny';
  return setting === 'warning' ? 'warn' : given.admission;
}
