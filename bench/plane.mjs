/** What the benchmarks at a real kube-apiserver do with it. */

/** The helpers for a control plane of test/e2e. All reject with the answer if the apiserver refuses. */
export function helpersOf(plane) {
  async function kubectl(args, input) {
    const { code, stdout, stderr } = await plane.kubectl(args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  }
  return {
    kubectl,
    async apply(objects) {
      const text = objects.map((each) => JSON.stringify(each)).join('\n---\n');
      await kubectl(['apply', '-f', '-'], `---\n${text}`);
    },
    async call(method, path, body) {
      const { status, body: answer } = await plane.api.call(method, path, body);
      if (status >= 300)
        throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer).slice(0, 500)}`);
    },
  };
}

/** Does `work` for the numbers from 0 to `count`, `width` at once. */
export async function all(count, work, width = 20) {
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(width, count) }, async () => {
      while (next < count) await work(next++);
    }),
  );
}
