/**
 * The part of CEL that the matchConditions in `deploy/` use, as the apiserver evaluates it. Anything else throws,
 * so that an expression is never evaluated by half.
 * https://github.com/google/cel-spec/blob/v0.24.0/doc/langdef.md
 */

type Value = unknown;
type Scope = Readonly<Record<string, Value>>;
type Evaluate = (scope: Scope) => Value;

interface Node {
  readonly evaluate: Evaluate;
  /** Set for the selection of a field, which `has` tests. */
  readonly field?: { readonly of: Evaluate; readonly name: string };
  /** Set for an identifier, which a macro binds. */
  readonly name?: string;
}

const TOKEN =
  /\s*(?:(\d+)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([A-Za-z_]\w*)|(\|\||&&|[!=<>]=|[-+*/%!<>()[\]{},.:?]))/y;

/** The function of an expression. Throws for what it does not know. */
export function compileCel(expression: string): (scope: Scope) => Value {
  const parser = new Parser(tokensOf(expression));
  return parser.whole();
}

interface Token {
  readonly kind: 'number' | 'string' | 'name' | 'sign' | 'end';
  readonly text: string;
}

function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const text = expression.trimEnd();
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`CEL: cannot read ${text.slice(at, at + 20)}`);
    const [, number, string, name, sign] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (string !== undefined) tokens.push({ kind: 'string', text: unquoted(string) });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
}

function unquoted(literal: string): string {
  return literal.slice(1, -1).replace(/\\(.)/g, (_, escaped: string) => {
    if (!'\\"\''.includes(escaped)) throw new Error(`CEL: unknown escape \\${escaped}`);
    return escaped;
  });
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Evaluate {
    const { evaluate } = this.#ternary();
    if (this.#peek().kind !== 'end') throw new Error(`CEL: unexpected ${this.#peek().text}`);
    return evaluate;
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: 'end' };
  }

  #accept(...signs: readonly string[]): string | undefined {
    const { kind, text } = this.#peek();
    if ((kind !== 'sign' && text !== 'in') || !signs.includes(text)) return undefined;
    this.#at += 1;
    return text;
  }

  #expect(sign: string): void {
    if (this.#accept(sign) === undefined) throw new Error(`CEL: ${sign} expected at ${this.#peek().text}`);
  }

  #ternary(): Node {
    const condition = this.#or();
    if (this.#accept('?') === undefined) return condition;
    const yes = this.#or();
    this.#expect(':');
    const no = this.#ternary();
    return {
      evaluate: (scope) => (truth(condition.evaluate(scope)) ? yes.evaluate(scope) : no.evaluate(scope)),
    };
  }

  #or(): Node {
    let left = this.#and();
    while (this.#accept('||') !== undefined) left = anyOf(left, this.#and());
    return left;
  }

  #and(): Node {
    let left = this.#relation();
    while (this.#accept('&&') !== undefined) left = allOf(left, this.#relation());
    return left;
  }

  #relation(): Node {
    let left = this.#unary();
    for (;;) {
      const sign = this.#accept('==', '!=', '<', '<=', '>', '>=', 'in');
      if (sign === undefined) return left;
      const [a, b] = [left.evaluate, this.#unary().evaluate];
      left = { evaluate: (scope) => RELATIONS[sign]!(a(scope), b(scope)) };
    }
  }

  #unary(): Node {
    if (this.#accept('!') === undefined) return this.#member();
    const { evaluate } = this.#unary();
    return { evaluate: (scope) => !truth(evaluate(scope)) };
  }

  #member(): Node {
    let node = this.#primary();
    for (;;) {
      if (this.#accept('.') !== undefined) node = this.#selection(node);
      else if (this.#accept('[') !== undefined) {
        const [of, key] = [node.evaluate, this.#ternary().evaluate];
        this.#expect(']');
        node = { evaluate: (scope) => select(of(scope), String(key(scope))) };
      } else return node;
    }
  }

  #selection({ evaluate: of }: Node): Node {
    const { kind, text: name } = this.#peek();
    if (kind !== 'name') throw new Error(`CEL: name expected at ${name}`);
    this.#at += 1;
    if (this.#accept('(') === undefined)
      return { evaluate: (scope) => select(of(scope), name), field: { of, name } };
    const given = this.#list(')');
    const macro = MACROS[name];
    if (macro !== undefined) {
      const [variable, body] = [given[0]?.name, given[1]?.evaluate];
      if (variable === undefined || body === undefined)
        throw new Error(`CEL: ${name} needs a name and a body`);
      return {
        evaluate: (scope) => macro(listOf(of(scope)), (each) => body({ ...scope, [variable]: each })),
      };
    }
    const method = METHODS[name];
    if (method === undefined) throw new Error(`CEL: unknown function ${name}`);
    return { evaluate: (scope) => method(of(scope), ...given.map((each) => each.evaluate(scope))) };
  }

  #primary(): Node {
    const { kind, text } = this.#peek();
    this.#at += 1;
    if (kind === 'number') return constant(Number(text));
    if (kind === 'string') return constant(text);
    if (kind === 'sign' && text === '(') {
      const inner = this.#ternary();
      this.#expect(')');
      return inner;
    }
    if (kind === 'sign' && text === '[') {
      const items = this.#list(']');
      return { evaluate: (scope) => items.map((each) => each.evaluate(scope)) };
    }
    if (kind !== 'name') throw new Error(`CEL: unexpected ${text}`);
    if (text === 'true' || text === 'false') return constant(text === 'true');
    if (text === 'null') return constant(null);
    if (text === 'has') return this.#has();
    return {
      name: text,
      evaluate: (scope) => {
        if (!Object.hasOwn(scope, text)) throw new Error(`CEL: unknown name ${text}`);
        return scope[text];
      },
    };
  }

  /** In an admission, `has` of a field of null is false: the real apiserver evaluates such conditions in test/e2e. */
  #has(): Node {
    this.#expect('(');
    const { field } = this.#member();
    this.#expect(')');
    if (field === undefined) throw new Error('CEL: has needs a field');
    return {
      evaluate: (scope) => {
        const holder = field.of(scope);
        return isMap(holder) && Object.hasOwn(holder, field.name);
      },
    };
  }

  #list(end: string): Node[] {
    const items: Node[] = [];
    while (this.#accept(end) === undefined) {
      if (items.length > 0) this.#expect(',');
      items.push(this.#ternary());
    }
    return items;
  }
}

function constant(value: Value): Node {
  return { evaluate: () => value };
}

/** A true side decides, even if the other one is an error. */
function anyOf(a: Node, b: Node): Node {
  return { evaluate: (scope) => decided(true, [() => a.evaluate(scope), () => b.evaluate(scope)]) };
}

function allOf(a: Node, b: Node): Node {
  return { evaluate: (scope) => decided(false, [() => a.evaluate(scope), () => b.evaluate(scope)]) };
}

function decided(decisive: boolean, sides: Iterable<() => Value>): boolean {
  let failure: unknown;
  for (const side of sides) {
    try {
      if (truth(side()) === decisive) return decisive;
    } catch (error) {
      failure = error;
    }
  }
  if (failure !== undefined) throw failure;
  return !decisive;
}

const RELATIONS: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  '==': equal,
  '!=': (a, b) => !equal(a, b),
  '<': (a, b) => numberOf(a) < numberOf(b),
  '<=': (a, b) => numberOf(a) <= numberOf(b),
  '>': (a, b) => numberOf(a) > numberOf(b),
  '>=': (a, b) => numberOf(a) >= numberOf(b),
  in: (a, b) => {
    if (Array.isArray(b)) return b.some((each) => equal(a, each));
    if (isMap(b)) return Object.hasOwn(b, String(a));
    throw new Error('CEL: in needs a list or a map');
  },
};

const MACROS: Readonly<Record<string, (list: readonly Value[], body: (each: Value) => Value) => Value>> = {
  exists: (list, body) =>
    decided(
      true,
      list.map((each) => () => body(each)),
    ),
  all: (list, body) =>
    decided(
      false,
      list.map((each) => () => body(each)),
    ),
  filter: (list, body) => list.filter((each) => truth(body(each))),
  map: (list, body) => list.map(body),
};

const METHODS: Readonly<Record<string, (of: Value, ...given: readonly Value[]) => Value>> = {
  size: (of) => (typeof of === 'string' ? of.length : listOf(of).length),
  contains: (of, part) => textOf(of).includes(textOf(part)),
  startsWith: (of, part) => textOf(of).startsWith(textOf(part)),
  endsWith: (of, part) => textOf(of).endsWith(textOf(part)),
  matches: (of, pattern) => new RegExp(textOf(pattern)).test(textOf(of)),
  lowerAscii: (of) => textOf(of).replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  replace: (of, old, by) => textOf(of).replaceAll(textOf(old), textOf(by)),
};

function isMap(value: Value): value is Readonly<Record<string, Value>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function select(holder: Value, name: string): Value {
  if (!isMap(holder) || !Object.hasOwn(holder, name)) throw new Error(`CEL: no such key: ${name}`);
  return holder[name];
}

/** A list, or the keys of a map, over which a macro goes. */
function listOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (isMap(value)) return Object.keys(value);
  throw new Error('CEL: a list or a map is needed');
}

function truth(value: Value): boolean {
  if (typeof value !== 'boolean') throw new Error('CEL: a boolean is needed');
  return value;
}

function textOf(value: Value): string {
  if (typeof value !== 'string') throw new Error('CEL: a string is needed');
  return value;
}

function numberOf(value: Value): number {
  if (typeof value !== 'number') throw new Error('CEL: a number is needed');
  return value;
}

function equal(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, index) => equal(each, b[index]));
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]))
  );
}
