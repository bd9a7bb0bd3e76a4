import type { Rule } from '../../rule.ts';
import { droppedText } from './dropped-text.ts';
import { duplicateKey } from './duplicate-key.ts';
import { duplicateObject } from './duplicate-object.ts';
import { missingField } from './missing-field.ts';
import { placeholder } from './placeholder.ts';
import { unknownField } from './unknown-field.ts';
import { wrongType } from './wrong-type.ts';
import { yamlSyntax } from './yaml-syntax.ts';

export const fileRules: readonly Rule[] = [
  yamlSyntax,
  duplicateKey,
  droppedText,
  unknownField,
  wrongType,
  missingField,
  placeholder,
  duplicateObject,
];
