/**
 * The number of runs of a property: `count` times `TEST_RUNS`, at least one. A tenth of them is enough while one
 * works; `TEST_RUNS=1` is what every change must pass, and a larger number makes a long search.
 */
export function runsOf(count: number): number {
  return Math.max(1, Math.ceil(count * Number(process.env['TEST_RUNS'] ?? 0.1)));
}
