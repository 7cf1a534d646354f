import { auditServer } from 'graphql-http';

/** Where the gateway departs from GraphQL over HTTP on purpose: each audit of `graphql-http` that does not pass. */
export const meantDepartures: readonly string[] = [
  // A document that can not be executed is the client's fault, and says so in its status as well.
  '572B warn: SHOULD use 200 status code on document parsing failure when accepting application/json',
  // A GET that any page of another site can cause is refused.
  '5A70 notice: MAY accept application/x-www-form-urlencoded formatted GET requests',
  '6A70 notice: MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
  '7B9B warn: SHOULD use a status code of 200 on variable coercion failure when accepting application/json',
  'D6D5 notice: MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
  'FDE2 warn: SHOULD use 200 status code on document validation failure when accepting application/json',
];

/** How many audits the gateway at that address went through, and what each says that did not pass, in order. */
export async function audited(url: string): Promise<{ count: number; departures: string[] }> {
  const results = await auditServer({ url: `${url}/graphql` });
  const failed = results.filter(({ status }) => status !== 'ok');
  return { count: results.length, departures: failed.map(({ id, status, name }) => `${id} ${status}: ${name}`).sort() };
}
