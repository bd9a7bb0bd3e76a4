import { styleText } from 'node:util';

/** How a text report is inked; every function returns its text unchanged where colour is off. */
export interface Colors {
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly bold: (text: string) => string;
}

/**
 * Colour on a terminal only. NO_COLOR (any value but the empty one) turns it off, FORCE_COLOR (but
 * `0`) turns it on where there is no terminal; NO_COLOR is the stronger. See no-color.org and force-color.org.
 */
export function colorsFor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Colors {
  const ink =
    (style: 'red' | 'yellow' | 'green' | 'blue' | 'bold') =>
    (text: string): string =>
      // Whether to colour at all is settled here, so the stream is not asked again.
      styleText(style, text, { validateStream: false });
  const plain = (text: string): string => text;
  if (!wantsColor(isTerminal, env))
    return { red: plain, yellow: plain, green: plain, blue: plain, bold: plain };
  return {
    red: ink('red'),
    yellow: ink('yellow'),
    green: ink('green'),
    blue: ink('blue'),
    bold: ink('bold'),
  };
}

function wantsColor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}
