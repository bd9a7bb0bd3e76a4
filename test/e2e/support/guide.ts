import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(import.meta.dirname, '../../../docs');

/** A code block of a guide. */
export interface Block {
  /** The heading of its section. */
  readonly heading: string;
  /** The language of the fence; empty for commands. */
  readonly language: string;
  readonly text: string;
}

/** A guide in Markdown. Tests take its blocks one after another, so that unused ones can be found. */
export class Guide {
  readonly text: string;
  readonly #left: Block[] = [];

  constructor(page: string) {
    this.text = readFileSync(join(DOCS, page), 'utf8');
    let heading = '';
    let block: { indent: number; language: string; lines: string[] } | undefined;
    for (const line of this.text.split('\n')) {
      const fence = /^( *)```(\w*)$/.exec(line);
      if (block !== undefined) {
        if (fence === null) block.lines.push(line.slice(block.indent));
        else {
          this.#left.push({ heading, language: block.language, text: block.lines.join('\n') });
          block = undefined;
        }
      } else if (fence !== null) block = { indent: fence[1]!.length, language: fence[2]!, lines: [] };
      else if (/^#+ /.test(line)) heading = line.replace(/^#+ /, '');
    }
  }

  /** The next block of a section, by default of commands. */
  next(heading: string, language = ''): Block {
    const at = this.#left.findIndex((each) => each.heading === heading && each.language === language);
    if (at < 0) throw new Error(`the guide has no other block ${language} in ${JSON.stringify(heading)}`);
    return this.#left.splice(at, 1)[0]!;
  }

  /** The inline code that starts with a text. */
  inline(start: string): string {
    const found = [...this.text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);
    const command = found.find((each) => each.startsWith(start));
    if (command === undefined) throw new Error(`the guide has no inline code ${JSON.stringify(start)}`);
    return command;
  }

  /** The unused blocks. */
  get left(): readonly Block[] {
    return this.#left;
  }
}
