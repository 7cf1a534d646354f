import { demo } from './demo.ts';

interface Running {
  readonly url: string;
  readonly domains: readonly string[];
  readonly development: boolean;
  readonly withDemo: boolean;
  readonly split: boolean;
  readonly embedded: boolean;
  readonly dataDir: string;
  /** Whether mails go anywhere: to a server, or into a folder. */
  readonly mails: boolean;
}

/** The query of the first screen: one customer, through every subgraph that runs. */
const firstQuery = (domains: readonly string[]) => `{
  customers(first: 3) {
    nodes {
      displayName
      email
      addresses { city country }${
        domains.includes('orders')
          ? `
      orderMetrics { totalOrders totalSpent { amount currency } }
      recentOrders(first: 2) { number placedAt lines { name quantity } }`
          : ''
      }
    }
  }
}`;

/** What a person sees when everything runs: where it is, and what to try. */
export function banner({ url, domains, development, withDemo, split, embedded, dataDir, mails }: Running): string {
  const mode = split ? 'one process per subgraph, and the gateway' : 'one process';
  const lines = [
    '',
    `Storegraph is ready: ${domains.join(', ')} (${mode}).`,
    '',
    `  GraphQL    ${url}/graphql`,
    ...(development ? [`  GraphiQL   ${url}/graphql  (open it in a browser)`] : []),
    `  Health     ${url}/health/ready`,
    ...(embedded ? [`  Data       ${dataDir}`] : []),
    ...(domains.includes('messaging') && !mails ? ['  Mail       waits until STOREGRAPH_SMTP_URL or STOREGRAPH_MAIL_OUTBOX is set'] : []),
  ];
  if (!development) return lines.join('\n');
  if (!withDemo) return [...lines, '', '  No demo store was made: its password is public, and others can reach this address.'].join('\n');
  return [
    ...lines,
    '',
    `  Demo store "${demo.slug}": ${demo.email}, password ${demo.password}. Log in with`,
    `    mutation { sessionCreate(input: { email: "${demo.email}", password: "${demo.password}" }) { session { accessToken } userErrors { message } } }`,
    '  send the token as the header  Authorization: Bearer …  and ask',
    '',
    ...firstQuery(domains)
      .split('\n')
      .map((line) => `    ${line}`),
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
}
