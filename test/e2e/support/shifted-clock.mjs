/** Preloaded into a program under test: its clock is ahead by the milliseconds in the file that CLOCK_SHIFT names. */
import { readFileSync } from 'node:fs';

const RealDate = Date;
const file = process.env['CLOCK_SHIFT'];
let shift = 0;
setInterval(() => {
  try {
    shift = Number(readFileSync(file, 'utf8'));
  } catch {
    // Not shifted yet.
  }
}, 200).unref();

globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [RealDate.now() + shift] : args));
  }

  static now() {
    return RealDate.now() + shift;
  }
};
