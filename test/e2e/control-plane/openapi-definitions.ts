import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { go } from './go.ts';

/**
 * Releases before 1.24 generate the OpenAPI definitions of their types when they are built, so their modules do not
 * have them. This release has those of all types that older ones serve.
 */
const FIRST_WITH_DEFINITIONS = '1.24.17';
/** The two types of a quantity, which OpenAPI 3 can name and these releases cannot. */
const ONE_OF = /OneOf: *common\.GenerateOpenAPIV3OneOfSchema\(([\w.]+)\{\}\.OpenAPIV3OneOfTypes\(\)\)/g;
const OWN_SPEC = 'k8s.io/kube-openapi/pkg/validation/spec';
const FILE = 'pkg/generated/openapi/zz_generated.openapi.go';

/** True if the module of a release lacks the OpenAPI definitions. */
export function lacksDefinitions(release: string): boolean {
  return minorOf(release) < 24;
}

/** Copies the module of a release to a folder, with the OpenAPI definitions of {@link FIRST_WITH_DEFINITIONS}. */
export async function copyWithDefinitions(release: string, folder: string): Promise<void> {
  execFileSync('cp', ['-r', await moduleFolder(release), folder]);
  // The module cache is read-only.
  execFileSync('chmod', ['-R', 'u+w', folder]);
  const text = readFileSync(join(await moduleFolder(FIRST_WITH_DEFINITIONS), FILE), 'utf8');
  // kube-openapi has had its own copy of this package since 1.22.
  const spec = minorOf(release) < 22 ? 'github.com/go-openapi/spec' : OWN_SPEC;
  writeFileSync(
    join(folder, FILE),
    text.replace(OWN_SPEC, spec).replaceAll(ONE_OF, 'Type: $1{}.OpenAPISchemaType()'),
  );
}

function minorOf(release: string): number {
  return Number(release.split('.')[1]);
}

async function moduleFolder(release: string): Promise<string> {
  const found = await go(['mod', 'download', '-json', `k8s.io/kubernetes@v${release}`]);
  return (JSON.parse(found) as { Dir: string }).Dir;
}
