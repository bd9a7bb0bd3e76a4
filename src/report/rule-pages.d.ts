/** The rules' pages as scripts/rule-pages.mjs reads them from docs/rules/: `npm run generate`. */

/** The parts of a rule's page, in Markdown. */
export interface RulePage {
  /** One sentence: when the rule is violated. */
  readonly summary: string;
  /** What goes wrong in the cluster, and why. */
  readonly why: string;
  /** The smallest excerpt that violates the rule, and the same excerpt fixed. */
  readonly incorrect: string;
  readonly correct: string;
  /** What to do, beyond the example. */
  readonly fix: string;
  /** Where the rule comes from: begins with `guide`, `vendor`, `api` or `inferred`. */
  readonly source: string;
}

/** A rule in Chinese, from docs/rules/zh-CN.md. */
export interface ChineseRule {
  readonly title: string;
  readonly summary: string;
  readonly fix: string;
}

/** By the code of the rule. */
export const chineseRules: Readonly<Record<string, ChineseRule>>;

/** By the code of the rule; the build makes sure that every rule has a page. */
export const rulePages: Readonly<Record<string, RulePage>>;
