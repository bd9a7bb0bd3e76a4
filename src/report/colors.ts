import picocolors from 'picocolors';

/** How a text report is inked; every function returns its text unchanged where colour is off. */
export interface Colors {
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly bold: (text: string) => string;
}

/**
 * Colour on a terminal only. NO_COLOR (any value but the empty one) turns it off, FORCE_COLOR (but
 * `0`) turns it on where there is no terminal; NO_COLOR is the stronger. See no-color.org and force-color.org.
 */
export function colorsFor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Colors {
  const { red, yellow, blue, bold } = picocolors.createColors(wantsColor(isTerminal, env));
  return { red, yellow, blue, bold };
}

function wantsColor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}
