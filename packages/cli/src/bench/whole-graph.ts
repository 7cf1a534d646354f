import { domainsWithout } from '../domains.ts';
import { startGraph } from '../graph.ts';
import { graphOptions } from '../graph-options.ts';
import { deployment } from '../settings.ts';

// A process of its own: the whole graph as `start` runs it in production, on the server that DATABASE_URL names.

const at = await deployment({}, { service: true });
const graph = await startGraph({ ...graphOptions(at, at.settings.DATABASE_URL ?? '', domainsWithout([])), port: 0 });
process.send?.({ url: graph.gateway.url });
process.on('disconnect', () => void graph.close().then(() => process.exit()));
