import { WAIVABLE, WAIVER_RULES, waivedRule } from './waivable.ts';
import { at } from '../base/json.ts';
import { KINDS, type Resource } from '../base/model.ts';
import type { Rule } from '../rule.ts';
import { suggest } from '../base/suggest.ts';
import { hasRunOut, MAX_WAIVE_LENGTH, WAIVE_PATH, type Waiver, waiversOf } from '../base/waivers.ts';
import { quoted } from '../base/text.ts';

/** More waivers on one object are not told one by one. */
const MAX_TOLD = 20;

interface Fault {
  readonly what: string;
  readonly message: string;
  readonly help: string;
}

export const waiverInvalid: Rule = {
  ...WAIVER_RULES.invalid,
  severity: { lint: 'error', admission: 'deny' },
  kinds: KINDS,
  check(subject, world, report) {
    const whole = wholeFault(subject);
    const found = whole === undefined ? [] : [{ entry: whole.what, fault: whole }];
    for (const waiver of waiversOf(subject))
      for (const fault of faultsOf(waiver, world.today)) found.push({ entry: entryOf(waiver), fault });
    for (const { entry, fault } of found.slice(0, MAX_TOLD))
      report({
        path: WAIVE_PATH,
        identity: `${subject.key}|${fault.what}|${entry}`,
        evidence: [entry],
        message: fault.message,
        help: fault.help,
      });
  },
};

/** What is wrong with the annotation as a whole. */
function wholeFault(subject: Resource): Fault | undefined {
  const text = at(subject.json, WAIVE_PATH);
  if (typeof text !== 'string') return undefined;
  if (text.length > MAX_WAIVE_LENGTH)
    return {
      what: 'length',
      message: `the waivers are longer than ${MAX_WAIVE_LENGTH} characters together, so none holds`,
      help: 'shorten the reasons, or mend what is waived',
    };
  if (waiversOf(subject).length > 0) return undefined;
  return {
    what: 'empty',
    message: 'the waiver is empty',
    help: 'write CODE=reason, or remove the annotation',
  };
}

function* faultsOf(waiver: Waiver, today: string): Iterable<Fault> {
  const rule = waivedRule(waiver);
  if (rule === undefined) yield unknownRule(waiver.rule);
  const name = rule?.code ?? quoted(waiver.rule);
  if (waiver.reason === '')
    yield {
      what: 'reason',
      message: `the waiver of ${name} gives no reason`,
      help: `say why it may stand: ${rule?.code ?? 'CODE'}=reason`,
    };
  if (waiver.badDate !== undefined)
    yield {
      what: 'date',
      message: `the waiver of ${name} ends on ${quoted(waiver.badDate)}, which is not a date`,
      help: `write the last day as until=YYYY-MM-DD, such as until=${today}`,
    };
  if (hasRunOut(waiver, today))
    yield {
      what: 'end',
      message: `the waiver of ${name} ran out on ${waiver.until}`,
      help: 'mend what it waived, or give it a new last day if the reason still holds',
    };
}

function unknownRule(name: string): Fault {
  const meant = suggest(
    name,
    WAIVABLE.flatMap((rule) => [rule.code, rule.name]),
  );
  return {
    what: 'rule',
    message: `the waiver names ${quoted(name)}, which is no rule`,
    help:
      meant === undefined
        ? 'write CODE=reason; `iomesh-guard rules` lists the codes'
        : `did you mean ${meant}?`,
  };
}

function entryOf({ rule, reason, until, badDate }: Waiver): string {
  return `${rule}=${reason};${until ?? badDate ?? ''}`;
}
