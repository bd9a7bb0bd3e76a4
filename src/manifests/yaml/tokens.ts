/** The tokens of YAML 1.1 in go-yaml (https://github.com/yaml/go-yaml/blob/v2.4.4/yamlh.go#L114). */
export const TOKEN = {
  streamEnd: 0,
  versionDirective: 1,
  tagDirective: 2,
  documentStart: 3,
  documentEnd: 4,
  blockSequenceStart: 5,
  blockMappingStart: 6,
  blockEnd: 7,
  flowSequenceStart: 8,
  flowSequenceEnd: 9,
  flowMappingStart: 10,
  flowMappingEnd: 11,
  blockEntry: 12,
  flowEntry: 13,
  key: 14,
  value: 15,
  alias: 16,
  anchor: 17,
  tag: 18,
  scalar: 19,
} as const;

export type TokenType = (typeof TOKEN)[keyof typeof TOKEN];

export interface Token {
  readonly type: TokenType;
  readonly start: number;
  readonly end: number;
  /** The text of a scalar, the name of an anchor, the handle of a tag. */
  readonly value: string;
  /** The suffix of a tag, or the prefix of a %TAG directive. */
  readonly suffix: string;
  /** A scalar without quotes or block indicator. */
  readonly plain: boolean;
}

export function token(
  type: TokenType,
  start: number,
  end: number,
  value = '',
  suffix = '',
  plain = false,
): Token {
  return { type, start, end, value, suffix, plain };
}

/** A set of token types, for {@link isOneOf}. */
export function tokenSet(...types: TokenType[]): number {
  return types.reduce<number>((set, type) => set | (1 << type), 0);
}

/** True for a token of one of the types of a set. */
export function isOneOf(token: Token, set: number): boolean {
  return (set & (1 << token.type)) !== 0;
}
