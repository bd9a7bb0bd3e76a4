import { commands } from './index.ts';
import { reference } from './reference.ts';

/** docs/cli.md, for the script that writes it. */
export const page = (): string => reference(commands);
