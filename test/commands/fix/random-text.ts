/** Writes JSON as YAML in many styles, as people and programs do. */
import { isArray, isObject, type Json } from '../../../src/core/base/json.ts';
import { resolvePlain } from '../../../src/manifests/yaml/scalar.ts';

/** A whole number below `n`. */
export type Draw = (n: number) => number;

const PLAIN = /^[A-Za-z0-9_./<][A-Za-z0-9_./:@<>+ -]*$/;

interface Style {
  readonly unit: number;
  readonly dash: number;
  /** One in so many values, each. */
  readonly flow: number;
  readonly comments: number;
  readonly anchors: number;
}

/** One document as text with LF, without a separator. Every comment has its own number. */
export function writeDocument(value: Json, draw: Draw): string {
  const style: Style = {
    unit: [2, 2, 4, 3][draw(4)]!,
    dash: [0, 2, 2, 1][draw(4)]!,
    flow: [4, 12, 100][draw(3)]!,
    comments: [4, 15, 1000][draw(3)]!,
    anchors: [1000, 1000, 8][draw(3)]!,
  };
  return new Writer(style, draw).document(value);
}

class Writer {
  readonly #style: Style;
  readonly #draw: Draw;
  /** What was given an anchor, by its JSON. */
  readonly #anchors = new Map<string, string>();
  #comments = 0;

  constructor(style: Style, draw: Draw) {
    this.#style = style;
    this.#draw = draw;
  }

  document(value: Json): string {
    if (this.#oneIn(25)) return `${this.#flow(value, 0)}${this.#comment()}\n`;
    const top = this.#oneIn(4) ? `${this.#note()}\n` : '';
    return `${top}${this.#mapping(value as Record<string, Json>, 0)}\n`;
  }

  #oneIn(n: number): boolean {
    return this.#draw(n) === 0;
  }

  #note(): string {
    this.#comments += 1;
    return `# note ${this.#comments}: {a: 'b', - "c`;
  }

  /** A comment at the end of a line, now and then. */
  #comment(): string {
    return this.#oneIn(this.#style.comments) ? ` ${this.#note()}` : '';
  }

  /** Lines between two entries, now and then. */
  #between(pad: string): string {
    if (this.#oneIn(this.#style.comments * 2)) return `${pad}${this.#note()}\n`;
    return this.#oneIn(30) ? '\n' : '';
  }

  #mapping(value: Readonly<Record<string, Json>>, column: number): string {
    const pad = ' '.repeat(column);
    return Object.entries(value)
      .map(([key, each], index) => {
        const before = index === 0 ? '' : this.#between(pad);
        return `${before}${pad}${this.#key(key)}:${this.#valueText(each, column, this.#style.dash)}`;
      })
      .join('\n');
  }

  #sequence(list: readonly Json[], column: number): string {
    const pad = ' '.repeat(column);
    return list
      .map((each, index) => {
        const before = index === 0 ? '' : this.#between(pad);
        const isMapping = isObject(each) && Object.keys(each).length > 0;
        const isBlock = isMapping && !this.#oneIn(this.#style.flow);
        if (!isBlock) return `${before}${pad}-${this.#valueText(each, column, 2)}`;
        return `${before}${pad}- ${this.#mapping(each as Record<string, Json>, column + 2).slice(column + 2)}`;
      })
      .join('\n');
  }

  /** The text after a colon or a dash at a column. */
  #valueText(value: Json, column: number, dash: number): string {
    const known = this.#anchors.get(JSON.stringify(value));
    if (known !== undefined && this.#oneIn(2)) return ` *${known}${this.#comment()}`;
    const anchor = this.#anchor(value);
    const below = column + this.#style.unit;
    if (typeof value !== 'object' || value === null) {
      const text = this.#scalar(value, below);
      const isBlock = /^[|>]/.test(text);
      return `${anchor}${text === '' ? '' : ` ${text}`}${isBlock ? '' : this.#comment()}`;
    }
    if (Object.keys(value).length === 0 || this.#oneIn(this.#style.flow))
      return `${anchor} ${this.#flow(value, below)}${this.#comment()}`;
    const lead = `${anchor}${this.#comment()}\n`;
    return isArray(value)
      ? `${lead}${this.#sequence(value, column + dash)}`
      : `${lead}${this.#mapping(value as Record<string, Json>, below)}`;
  }

  #anchor(value: Json): string {
    const text = JSON.stringify(value);
    if (text.length < 3 || !this.#oneIn(this.#style.anchors)) return '';
    const name = `a${this.#anchors.size}`;
    if (this.#anchors.has(text)) return ` &${name}x`;
    this.#anchors.set(text, name);
    return ` &${name}`;
  }

  #key(key: string): string {
    const isPlain = PLAIN.test(key) && resolvePlain(key) === key && !key.includes(': ') && !key.endsWith(':');
    if (isPlain && !key.endsWith(' ') && !this.#oneIn(12)) return key;
    return this.#oneIn(2) && !/['\n\\]/.test(key) ? `'${key}'` : JSON.stringify(key);
  }

  #flow(value: Json, column: number): string {
    if (typeof value !== 'object' || value === null) return this.#flowScalar(value);
    const isSpread = this.#oneIn(3) && Object.keys(value).length > 0;
    const parts = isArray(value)
      ? value.map((each) => this.#flow(each, column + 2))
      : Object.entries(value).map(([key, each]) => `${this.#key(key)}: ${this.#flow(each, column + 2)}`);
    const [open, close] = isArray(value) ? '[]' : '{}';
    const last = parts.length > 0 && this.#oneIn(6) ? ',' : '';
    if (!isSpread) return `${open}${parts.join(', ')}${last}${close}`;
    const pad = ' '.repeat(column);
    const lines = parts.map((part, index) => {
      const comma = index < parts.length - 1 ? ',' : last;
      return `${pad}  ${part}${comma}${this.#comment()}\n`;
    });
    return `${open}\n${lines.join('')}${pad}${close}`;
  }

  #flowScalar(value: Json): string {
    if (value === null) return ['null', '~'][this.#draw(2)]!;
    const text = this.#scalar(value, -1);
    return /^[|>]|[,[\]{}?]/.test(text) && !/^["']/.test(text) ? JSON.stringify(value) : text;
  }

  /** A scalar that reads as the value; block style only where `column` is the one it may stand at. */
  #scalar(value: Json, column: number): string {
    if (value === null) return ['', 'null', '~'][this.#draw(3)]!;
    if (typeof value === 'boolean') {
      return (value ? ['true', 'True', 'yes', 'on'] : ['false', 'FALSE', 'no', 'off'])[this.#draw(4)]!;
    }
    if (typeof value === 'number')
      return this.#oneIn(5) && Number.isInteger(value) ? `${value}.0` : String(value);
    const text = String(value);
    const isLine = text !== '' && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text);
    if (isLine && column > 0 && this.#oneIn(25)) {
      const empty = '\n'.repeat(this.#draw(2));
      return `${['|-', '>-'][this.#draw(2)]}${this.#oneIn(3) ? ` ${this.#note()}` : ''}\n${' '.repeat(column)}${text}${empty}`;
    }
    const isPlain = PLAIN.test(text) && resolvePlain(text) === text && !/: |:$| $/.test(text);
    if (isPlain && !this.#oneIn(6)) return text;
    if (this.#oneIn(2) && isLine) return `'${text.replaceAll("'", "''")}'`;
    return JSON.stringify(text);
  }
}
