import type { GuessedObject, ManifestDocument } from './types.ts';

const LINE = /^([ \t]*(?:- +)*)(apiVersion|kind|metadata|namespace|name)[ \t]*:[ \t]*(.*)$/;
const MAX_LINES = 100_000;
const MAX_LINE = 1000;
const MAX_GUESSES = 1000;

/**
 * The objects that a text probably has, although it cannot be parsed: from its lines alone. A second
 * `apiVersion` or `kind` begins a new object.
 */
export function guessObjects(text: string): GuessedObject[] {
  const guesses: GuessedObject[] = [];
  let current: { -readonly [key in keyof GuessedObject]: string } = {};
  /** The column of `apiVersion` and `kind`. */
  let head = -1;
  let metadata = -1;
  let inMetadata = false;
  const close = (): void => {
    if (current.kind !== undefined && guesses.length < MAX_GUESSES) guesses.push(current);
    current = {};
    inMetadata = false;
    head = -1;
  };
  for (const line of text.split(/\r\n|\r|\n/, MAX_LINES)) {
    if (line.length > MAX_LINE) continue;
    const match = LINE.exec(line);
    const indent = match?.[1]?.length ?? line.search(/[^ \t]/);
    if (inMetadata && indent >= 0 && indent <= metadata) inMetadata = false;
    if (match === null) continue;
    const key = match[2] as keyof GuessedObject | 'metadata';
    const value = scalar(match[3] ?? '');
    if (key === 'metadata') {
      metadata = indent;
      inMetadata = true;
      for (const field of ['namespace', 'name'] as const) {
        const inline = new RegExp(`[{,]\\s*${field}\\s*:\\s*([^,}]+)`).exec(match[3] ?? '')?.[1];
        if (inline !== undefined) current[field] ??= scalar(inline);
      }
    } else if (key === 'apiVersion' || key === 'kind') {
      if (value === '') continue;
      if (head >= 0 && indent > head) {
        // Deeper in the text, only the items of a list are objects.
        if (!current.kind?.endsWith('List')) continue;
        close();
      } else if (current[key] !== undefined) close();
      head = indent;
      current[key] = value;
    } else if (inMetadata && value !== '') current[key] ??= value;
  }
  close();
  return guesses;
}

function scalar(text: string): string {
  const bare = text.replace(/[ \t]#.*$/, '').trim();
  return /^(["']).*\1$/.test(bare) ? bare.slice(1, -1) : bare;
}

/** True for a document that could not be read and may have an object that is wanted. */
export function mayHaveObject(
  { status, guessed = [] }: ManifestDocument,
  isWanted: (object: GuessedObject) => boolean,
): boolean {
  return status === 'failed' && (guessed.length === 0 || guessed.some(isWanted));
}
