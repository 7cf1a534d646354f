import { defineModule } from '@storegraph/subgraph';
import { deliverEmail } from './deliver.ts';
import { resumeEmails } from './jobs.ts';
import { resolvers } from './resolvers.ts';

export const email = defineModule({ schema: new URL('./schema.graphql', import.meta.url), resolvers, jobs: [deliverEmail, resumeEmails] });
