import { readFile, writeFile } from 'node:fs/promises';
import { OperatorError } from '@storegraph/core';
import { compose } from '../composition.ts';
import { domainsWithout } from '../domains.ts';

const files = {
  supergraphSdl: new URL('../../../../gateway/supergraph.graphql', import.meta.url),
  apiSdl: new URL('../../../../gateway/schema.graphql', import.meta.url),
};

/** Writes the committed supergraph and API schema, or, with `check`, fails where they differ from what the subgraphs compose to. */
export async function composeCommand({ check = false }: { readonly check?: boolean }): Promise<number> {
  const composed = compose(domainsWithout([]));
  for (const part of ['supergraphSdl', 'apiSdl'] as const) {
    const file = files[part];
    if (!check) await writeFile(file, composed[part]);
    else if ((await readFile(file, 'utf8').catch(() => '')) !== composed[part]) {
      throw new OperatorError(
        `gateway/${file.pathname.split('/').at(-1)} is not what the subgraphs compose to.`,
        'Run `npm run compose` and review the difference.',
      );
    }
  }
  return 0;
}
