import { styleText } from 'node:util';

/** The colours of a text report. Without colour, every function returns its text unchanged. */
export interface Colors {
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
  readonly blue: (text: string) => string;
  readonly bold: (text: string) => string;
}

/**
 * Colours for a terminal. NO_COLOR (not empty) turns them off, FORCE_COLOR (not `0`) turns them on without a terminal;
 * NO_COLOR takes precedence. See no-color.org and force-color.org.
 */
export function colorsFor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Colors {
  const ink =
    (style: 'red' | 'yellow' | 'green' | 'blue' | 'bold') =>
    (text: string): string =>
      // wantsColor decides; styleText must not check the stream again.
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
