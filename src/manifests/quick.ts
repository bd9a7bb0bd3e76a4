import type { Chunk } from './documents.ts';
import { isPlainText, PlainReader } from './plain/reader.ts';
import type { Composed } from './yaml/compose.ts';

/** Decides for a type of object whether its tree is wanted. */
export type IsOurs = (apiVersion: string, kind: string) => boolean;

/** How far into a document its type is looked for. */
const HEAD = 2000;

/**
 * The quick way through a file: documents of plain block YAML are read without the general scanner,
 * and of kinds nobody asked for no tree is built at all.
 */
export class QuickReader {
  readonly #text: string;
  readonly #isOurs: IsOurs;
  readonly #isPlain: boolean;
  readonly #plain: PlainReader;

  constructor(text: string, isOurs: IsOurs) {
    this.#text = text;
    this.#isOurs = isOurs;
    this.#isPlain = isPlainText(text);
    this.#plain = new PlainReader(text);
  }

  /** A document, `foreign` for one of a kind that is not wanted, undefined where the quick way ends. */
  read({ start, end }: Chunk): Composed | 'foreign' | undefined {
    if (!this.#isPlain && !isPlainText(this.#text.slice(start, end))) return undefined;
    if (this.#looksForeign(start, end)) {
      const checked = this.#plain.read(start, end, false);
      if (checked?.kind !== undefined && checked.apiVersion !== undefined) {
        if (this.#isForeign(checked.apiVersion, checked.kind)) return 'foreign';
      }
    }
    const document = this.#plain.read(start, end, true);
    return document === undefined ? undefined : { json: document.json, duplicates: [] };
  }

  #isForeign(apiVersion: string, kind: string): boolean {
    return !kind.endsWith('List') && !this.#isOurs(apiVersion, kind);
  }

  #looksForeign(start: number, end: number): boolean {
    const head = this.#text.slice(start, Math.min(end, start + HEAD));
    const kind = member(head, 'kind:');
    const apiVersion = kind === undefined ? undefined : member(head, 'apiVersion:');
    return kind !== undefined && apiVersion !== undefined && this.#isForeign(apiVersion, kind);
  }
}

/** The value of a key at the start of a line. */
function member(head: string, key: string): string | undefined {
  const at = head.startsWith(key) ? 0 : head.indexOf(`\n${key}`) + 1;
  if (at === 0 && !head.startsWith(key)) return undefined;
  return head.slice(at + key.length, head.indexOf('\n', at)).trim();
}
