/**
 * When V8 optimizes a function. A run of less than some seconds hardly uses the code that V8 optimizes by default, on
 * which it spends a fourth of its processor time (docs/decisions/0001-start-with-a-code-cache.md).
 */

/** A flag of V8. */
interface OptimizationFlag {
  readonly name: string;
  readonly byDefault: number;
  readonly later: number;
}

/** By the release line of V8, in Node 20, 22 and 24. An unknown flag would print an error. */
const FLAGS: Readonly<Record<string, readonly OptimizationFlag[]>> = {
  '11.3': [{ name: 'interrupt-budget', byDefault: 67_584, later: 270_000 }],
  '12.4': [{ name: 'invocation-count-for-turbofan', byDefault: 3000, later: 12_000 }],
  '13.6': [
    { name: 'invocation-count-for-maglev', byDefault: 400, later: 1600 },
    // The default is 3000, which Maglev raises.
    { name: 'invocation-count-for-turbofan', byDefault: 10_000, later: 40_000 },
  ],
};

let isDelayed = false;

/**
 * Makes V8 optimize later than by default. Takes 2 ms. Until {@link restoreOptimization}, Node compiles each of its own
 * modules that it loads, because V8 uses cached code only under the flags under which it was made.
 */
export function delayOptimization(): void {
  if (isDelayed) return;
  isDelayed = true;
  setFlags(({ later }) => later);
}

/** Sets V8's defaults again, if they were changed. */
export function restoreOptimization(): void {
  if (!isDelayed) return;
  isDelayed = false;
  setFlags(({ byDefault }) => byDefault);
}

function setFlags(limitOf: (flag: OptimizationFlag) => number): void {
  const flags = FLAGS[process.versions.v8.split('.', 2).join('.')];
  if (flags === undefined) return;
  // Loaded only here, because that takes most of the time.
  const v8 = process.getBuiltinModule('node:v8');
  for (const flag of flags) v8.setFlagsFromString(`--${flag.name}=${limitOf(flag)}`);
}
