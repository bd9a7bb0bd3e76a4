import type { Requirement } from './types.ts';

const MAX_VALUES = 5;
const MAX_LENGTH = 80;
const MAX_REQUIREMENTS = 4;

/** A hostile or merely long text as a message may quote it. */
export function quote(text: string): string {
  return JSON.stringify(text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}…`);
}

/** What requirements on one key ask of it together: `is one of "a", "b" and is not "a"`. */
export function sayAll(requirements: readonly Requirement[]): string {
  const said = requirements.slice(0, MAX_REQUIREMENTS).map(say);
  const more = requirements.length - said.length;
  return [...said, ...(more > 0 ? [`${more} more`] : [])].join(' and ');
}

function say({ operator, values }: Requirement): string {
  switch (operator) {
    case 'In':
      return values.length === 1 ? `is ${list(values)}` : `is one of ${list(values)}`;
    case 'NotIn':
      return values.length === 1 ? `is not ${list(values)}` : `is none of ${list(values)}`;
    case 'Exists':
      return 'is set';
    case 'DoesNotExist':
      return 'is not set';
    case 'Gt':
      return `is greater than ${values[0]}`;
    case 'Lt':
      return `is less than ${values[0]}`;
  }
}

function list(values: readonly string[]): string {
  const more = values.length - MAX_VALUES;
  const shown = values.slice(0, MAX_VALUES).map(quote).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
