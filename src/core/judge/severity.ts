import type { Config, Severity } from '../base/config.ts';
import { own } from '../base/json.ts';
import type { Rule } from '../rule.ts';

/**
 * The severity of a finding in `lint` and `audit`. The configuration overrides the rule, but it cannot enable
 * a rule that is not evaluated in this mode. `off` disables a rule everywhere.
 */
export function lintSeverity(rule: Rule, minor: boolean, config: Config): Severity | 'none' {
  const given = (minor ? rule.minor : undefined) ?? rule.severity;
  const setting = own(config.rules, rule.code);
  if (given.lint === 'none' || setting === 'off') return 'none';
  return setting === 'error' || setting === 'warning' ? setting : given.lint;
}

/**
 * What an admission does about a finding. A rule configured as an error denies, one configured as a warning
 * warns.
 */
export function admissionOutcome(rule: Rule, minor: boolean, config: Config): 'deny' | 'warn' | 'none' {
  const given = (minor ? rule.minor : undefined) ?? rule.severity;
  const setting = own(config.rules, rule.code);
  if (given.admission === 'none' || setting === 'off') return 'none';
  if (setting === 'error') return 'deny';
  return setting === 'warning' ? 'warn' : given.admission;
}
