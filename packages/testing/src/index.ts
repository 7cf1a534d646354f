export { atEnd } from './at-end.ts';
export { httpClient, testClient, type TestClient } from './client.ts';
export { testDatabase, type TestDatabase } from './database.ts';
export { deploymentSecret, rolePrefix } from './deployment.ts';
export { identity } from './identities.ts';
export { mailedSecret, mailedTo, type Mailed } from './mail.ts';
export { subgraphHarness, type SubgraphHarness } from './subgraph.ts';
