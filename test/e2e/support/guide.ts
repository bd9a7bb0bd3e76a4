import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(import.meta.dirname, '../../../docs');

/** A block of code of a guide. */
export interface Block {
  /** The heading it stands under. */
  readonly heading: string;
  /** What stands behind the fence; empty for commands. */
  readonly language: string;
  readonly text: string;
}

/** A guide in Markdown, whose blocks are taken one after another, so that one that nobody took is noticed. */
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

  /** The next block under a heading; commands, unless another language is named. */
  next(heading: string, language = ''): Block {
    const at = this.#left.findIndex((each) => each.heading === heading && each.language === language);
    if (at < 0)
      throw new Error(`the guide has no further block ${language} under ${JSON.stringify(heading)}`);
    return this.#left.splice(at, 1)[0]!;
  }

  /** What stands between backquotes in the text and begins with this. */
  inline(start: string): string {
    const found = [...this.text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);
    const command = found.find((each) => each.startsWith(start));
    if (command === undefined) throw new Error(`the guide names no ${JSON.stringify(start)}`);
    return command;
  }

  /** Blocks that were not taken. */
  get left(): readonly Block[] {
    return this.#left;
  }
}
