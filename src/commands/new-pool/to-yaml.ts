/** Writes YAML. It is a bundle of its own, because no other code of the command line needs the library. */
import { dump } from 'js-yaml';

/** The value as YAML. Strings that YAML 1.1 or 1.2 reads as another type are quoted; with `quoteAll`, every string. */
export function toYaml(value: unknown, quoteAll = false): string {
  return dump(value, { noRefs: true, lineWidth: -1, quoteStyle: 'double', forceQuotes: quoteAll });
}
