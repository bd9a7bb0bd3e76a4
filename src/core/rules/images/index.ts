import type { Rule } from '../../rule.ts';
import { editionMixed } from './edition-mixed.ts';
import { imageRepository } from './image-repository.ts';
import { imageTagLagging } from './image-tag-lagging.ts';
import { imageTagParity } from './image-tag-parity.ts';
import { pullPolicy } from './pull-policy.ts';

export const imagesRules: readonly Rule[] = [
  imageTagParity,
  editionMixed,
  imageTagLagging,
  imageRepository,
  pullPolicy,
];
