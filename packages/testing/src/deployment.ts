import { deriveSecrets } from '@storegraph/auth';

/** The secret of every test deployment: it guards nothing. */
export const deploymentSecret = 'the-secret-of-every-test-deployment-guards-nothing';
export const testSecret = deriveSecrets(deploymentSecret).databaseSecret;
export const rolePrefix = 'storegraph';
export const allSchemas = ['events', 'jobs', 'limits', 'accounts', 'customers', 'orders', 'messaging'] as const;
