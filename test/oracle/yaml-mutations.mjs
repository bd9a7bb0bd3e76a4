import { KEYS, LINES, SCALARS } from './yaml-tokens.mjs';

/** A small random source (mulberry32): the same seed gives the same documents. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A file grown from one to three seeds by a few mutations. */
export function mutate(seeds, next) {
  const pick = (list) => list[Math.floor(next() * list.length)];
  let text = pick(seeds).toString('latin1');
  if (next() < 0.5) text = crop(text, next);
  while (next() < 0.25)
    text += `${pick(['---\n', '--- #\n', '\n---\r\n', '', '\n'])}${crop(pick(seeds).toString('latin1'), next)}`;
  text = Buffer.from(text, 'latin1').toString();
  const count = 1 + Math.floor(next() * 4);
  for (let done = 0; done < count; done++) text = pick(MUTATIONS)(text, next, pick);
  let bytes = Buffer.from(text);
  if (next() < 0.03 && bytes.length > 0) {
    bytes = Buffer.from(bytes);
    bytes[Math.floor(next() * bytes.length)] = Math.floor(next() * 256);
  }
  return bytes;
}

/** A few successive lines: small documents find more than large ones. */
function crop(text, next) {
  const lines = text.split('\n');
  const from = Math.floor(next() * lines.length);
  return lines.slice(from, from + 1 + Math.floor(next() * 12)).join('\n');
}

function onLine(change) {
  return (text, next, pick) => {
    const lines = text.split('\n');
    const at = Math.floor(next() * lines.length);
    lines.splice(at, 1, ...change(lines[at], next, pick, lines));
    return lines.join('\n');
  };
}

function insert(text, next, piece) {
  const at = Math.floor(next() * (text.length + 1));
  return text.slice(0, at) + piece + text.slice(at);
}

const indentOf = (line) => /^ */.exec(line)[0];
const MUTATIONS = [
  onLine(() => []),
  onLine((line) => [line, line]),
  onLine((line, next) => [' '.repeat(1 + Math.floor(next() * 3)) + line]),
  onLine((line, next) => [line.slice(1 + Math.floor(next() * 3))]),
  onLine((line, _next, pick) => [line, indentOf(line) + pick(LINES)]),
  onLine((line, _next, pick) => [pick(LINES), line]),
  onLine((line, _next, pick, lines) => [line, pick(lines)]),
  onLine((line, _next, pick) => [line.replace(/(:|-)( +|$).*$/, (_, sign) => `${sign} ${pick(SCALARS)}`)]),
  onLine((line, _next, pick) => [line.replace(/(:|-)( +|$).*$/, (_, sign) => `${sign} ${pick(SCALARS)}`)]),
  onLine((line, _next, pick) => [line.replace(/(:|-)( +|$).*$/, (_, sign) => `${sign} ${pick(SCALARS)}`)]),
  onLine((line, _next, pick) => [line.replace(/[^ -][^:]*:/, () => pick(KEYS))]),
  onLine((line, _next, pick) => [`${indentOf(line)}${pick(KEYS)} ${pick(SCALARS)}`, line]),
  onLine((line, _next, pick) => [
    `${line}${pick([' # c', '#c', ' #', '\t# c', ' \t', ':', ' :', ': ', ',', '"', ' x', ' &a', ' *a', ' |', ' >-'])}`,
  ]),
  onLine((line) => [line.replace(/ /, '\t')]),
  onLine((line) => [`\t${line}`]),
  onLine((line) => [line.replace(/: /, ':\t')]),
  onLine((line) => [`${line}\r`]),
  onLine((line, _next, pick) => [
    line.replace(/: ?/, () => pick([':', ' :', ' : ', ':\n  ', ' ? ', ': &l ', ': !!str ', ': - '])),
  ]),
  onLine((line, _next, pick) => [
    line.replace(/- ?/, () => pick(['-', '-  ', '- - ', '-\n', '- &i ', '- ? ', '- : ', '-\t'])),
  ]),
  onLine((line, _next, pick) => [line + pick(['\r', '\u0085', '\u2028', '\u2029', '\r\r']) + pick(LINES)]),
  (text) => text.replaceAll('\n', '\r\n'),
  (text, next) => (next() < 0.3 ? text.replaceAll('\n', '\r') : text),
  (text) => `\ufeff${text.replace(/^\ufeff+/, '')}`,
  (text) => text.replace(/\n$/, ''),
  (text, next, pick) =>
    insert(
      text,
      next,
      pick([
        ' ',
        '\n',
        '\t',
        '#',
        ':',
        '-',
        '"',
        "'",
        '[',
        ']',
        '{',
        '}',
        ',',
        '&',
        '*',
        '!',
        '|',
        '>',
        '%',
        '@',
        '?',
        '\\',
        '\r',
        '\u00a0',
        '\u{1F600}',
        '~',
      ]),
    ),
  (text, next, pick) => insert(text, next, pick(SCALARS)),
  (text, next) => {
    const at = Math.floor(next() * text.length);
    return text.slice(0, at) + text.slice(at + 1 + Math.floor(next() * 4));
  },
  // The length of the buffer of kubectl's reader of lines, and what is beside it.
  (text, _next, pick) => {
    const last = text.trimEnd().split('\n').at(-1);
    const length = pick([4095, 4096, 4097, 8191, 8192]) - Buffer.byteLength(last) - 2;
    return `${text.trimEnd()} #${'x'.repeat(Math.max(length, 0))}${pick(['', '', '\n', '\r', '\r\n'])}`;
  },
  (text, _next, pick) => `${pick(LINES)}\n${text}`,
  (text, _next, pick) => `${text}${pick(LINES)}`,
  (text) => text.replace(/^( *)([\w-]+): ([\w.-]+)$/m, '$1{$2: $3}'),
  (text, _next, pick) =>
    text.replace(
      /^( *)(- )?([\w-]+):$/m,
      (line) => `${line} ${pick(['&a', '!!map', '&a !!seq', '!x', '|', '{}', '[]'])}`,
    ),
];
