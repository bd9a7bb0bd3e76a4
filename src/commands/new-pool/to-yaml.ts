/** The one place that writes YAML, with a library that nothing else of the command line needs: a bundle of its own. */
import { dump } from 'js-yaml';

/** The value as YAML, quoted where YAML of any age would read something else. With `quoteAll`, every string. */
export function toYaml(value: unknown, quoteAll = false): string {
  return dump(value, { noRefs: true, lineWidth: -1, quoteStyle: 'double', forceQuotes: quoteAll });
}
