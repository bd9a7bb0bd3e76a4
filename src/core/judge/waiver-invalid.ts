import { WAIVABLE, WAIVER_RULES, waivedRule } from './waivable.ts';
import { at } from '../base/json.ts';
import { KINDS, type Resource, type SourceComment } from '../base/model.ts';
import type { Rule } from '../rule.ts';
import type { World } from '../world.ts';
import { suggest } from '../base/suggest.ts';
import {
  annotatedWaivers,
  isExpired,
  isTooLong,
  isUnlimited,
  lastDayAllowed,
  MAX_WAIVE_LENGTH,
  WAIVE_PATH,
  type Waiver,
  waiversOf,
} from '../base/waivers.ts';
import { quoted } from '../base/text.ts';

/** Further errors of one annotation are not reported. */
const MAX_REPORTED = 20;

interface WaiverError {
  /** Part of the identity of the finding. */
  readonly kind: string;
  readonly message: string;
  readonly help: string;
}

export const waiverInvalid: Rule = {
  ...WAIVER_RULES.invalid,
  severity: { lint: 'error', admission: 'deny' },
  kinds: KINDS,
  check(subject, world, report) {
    const ofAnnotation = annotationError(subject);
    const found: { entry: string; error: WaiverError; comment?: SourceComment | undefined }[] =
      ofAnnotation === undefined ? [] : [{ entry: ofAnnotation.kind, error: ofAnnotation }];
    for (const waiver of waiversOf(subject))
      for (const error of errorsOf(waiver, world))
        found.push({ entry: entryOf(waiver), error, comment: waiver.comment });
    for (const { entry, error, comment } of found.slice(0, MAX_REPORTED))
      report({
        path: WAIVE_PATH,
        span: comment,
        // Several objects can share a comment.
        identity:
          comment === undefined ? `${subject.key}|${error.kind}|${entry}` : `${error.kind}|${entry}|comment`,
        evidence: [entry],
        message: error.message,
        help: error.help,
      });
  },
};

/** The error of the annotation as a whole, if any. */
function annotationError(subject: Resource): WaiverError | undefined {
  const text = at(subject.json, WAIVE_PATH);
  if (typeof text !== 'string') return undefined;
  if (text.length > MAX_WAIVE_LENGTH)
    return {
      kind: 'length',
      message: `the waiver annotation has ${text.length} characters, but at most ${MAX_WAIVE_LENGTH} are allowed, so it is ignored`,
      help: 'shorten the reasons, or fix the findings',
    };
  if (annotatedWaivers(subject).length > 0) return undefined;
  return {
    kind: 'empty',
    message: 'the waiver annotation is empty',
    help: 'set it to "<code>=<reason>", or remove the annotation',
  };
}

function* errorsOf(waiver: Waiver, { today, config }: World): Iterable<WaiverError> {
  const { waivers } = config;
  const rule = waivedRule(waiver);
  if (rule === undefined) yield unknownRule(waiver.rule);
  const name = rule?.code ?? quoted(waiver.rule);
  if (waiver.reason === '')
    yield {
      kind: 'reason',
      message: `the waiver of ${name} has no reason`,
      help: `add a reason: ${rule?.code ?? '<code>'}=<reason>`,
    };
  if (waiver.badDate !== undefined)
    yield {
      kind: 'date',
      message: `the waiver of ${name} has the last day ${quoted(waiver.badDate)}, which is not a date`,
      help: `write the last day as until=YYYY-MM-DD, for example until=${today}`,
    };
  if (isExpired(waiver, today))
    yield {
      kind: 'end',
      message: `the waiver of ${name} expired on ${waiver.until}`,
      help: 'fix the finding and remove the waiver, or set a later date if the reason is still valid',
    };
  const latest = waivers.maxDays === undefined ? undefined : lastDayAllowed(today, waivers.maxDays);
  if (isUnlimited(waiver, waivers) && waiver.badDate === undefined)
    yield {
      kind: 'unlimited',
      message: `the waiver of ${name} has no last day, but the configuration requires one`,
      help: `add ; until=${latest ?? 'YYYY-MM-DD'}`,
    };
  if (isTooLong(waiver, today, waivers) && latest !== undefined)
    yield {
      kind: 'days',
      message: `the last day of the waiver of ${name}, ${waiver.until}, is more than ${waivers.maxDays} days from now`,
      help: `set until=${latest} or an earlier day`,
    };
}

function unknownRule(name: string): WaiverError {
  const meant = suggest(
    name,
    WAIVABLE.flatMap((rule) => [rule.code, rule.name]),
  );
  return {
    kind: 'rule',
    message: `the waiver names rule ${quoted(name)}, which does not exist${meant === undefined ? '' : `; did you mean ${quoted(meant)}?`}`,
    help:
      meant === undefined
        ? 'use a code of `iomesh-guard rules`: <code>=<reason>'
        : `replace ${quoted(name)} with ${quoted(meant)}`,
  };
}

function entryOf({ rule, reason, until, badDate }: Waiver): string {
  return `${rule}=${reason};${until ?? badDate ?? ''}`;
}
