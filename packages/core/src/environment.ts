import { isIP } from 'node:net';
import { z } from 'zod';
import { OperatorError } from './errors.ts';

const flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');
const port = z.coerce.number().int().min(0).max(65_535);
const pairs = (text: string) =>
  new Map(
    text
      .split(',')
      .map((pair) => pair.split('=', 2).map((part) => part.trim()))
      .map(([name = '', value = '']) => [name, value]),
  );
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

/** An address, or a range of them as CIDR writes it. */
function isRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
/** How many proxies stand before us, or which: to believe whoever connects would let every client choose its address. */
const proxies = z.union([
  z
    .string()
    .regex(/^[1-9]$/)
    .transform(Number),
  list.pipe(z.array(z.string().refine(isRange)).min(1)),
]);

/** Limits by name: `depth=25,tokens=8000`. The gateway knows the names. */
const limits = z
  .string()
  .transform((text): Record<string, string> => Object.fromEntries(pairs(text)))
  .pipe(
    z.record(
      z.string().min(1),
      z
        .string()
        .regex(/^\d{1,10}$/)
        .transform(Number),
    ),
  );

/** Every setting that the program reads from its environment. docs/operations.md is the manual. */
const settings = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  STOREGRAPH_SECRET: z.string().min(32).optional(),
  STOREGRAPH_ROLE_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,20}$/)
    .default('storegraph'),
  STOREGRAPH_HOST: z.string().min(1).default('127.0.0.1'),
  STOREGRAPH_PORT: port.optional(),
  STOREGRAPH_DATA: z.string().min(1).optional(),
  STOREGRAPH_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).optional(),
  STOREGRAPH_POOL_SIZE: z.coerce.number().int().min(2).max(500).default(10),
  STOREGRAPH_DEADLINE_MS: z.coerce.number().int().min(50).max(60_000).default(2_000),
  STOREGRAPH_CORS_ORIGINS: list.optional(),
  STOREGRAPH_INTROSPECTION: flag.optional(),
  STOREGRAPH_TRUST_PROXY: proxies.optional(),
  STOREGRAPH_LIMITS: limits.optional(),
  // Together less than the 24 days that a timer can wait.
  STOREGRAPH_COST_MAXIMUM: z.coerce.number().int().min(0).max(1_000_000).default(20_000),
  STOREGRAPH_COST_RESTORE: z.coerce.number().int().min(1).max(1_000_000).default(1_000),
  STOREGRAPH_COST_STORE: z.enum(['memory', 'postgres']).default('memory'),
  STOREGRAPH_PERSISTED_OPERATIONS: z.string().min(1).optional(),
  STOREGRAPH_PERSISTED_MODE: z.enum(['also', 'only']).default('also'),
  STOREGRAPH_METRICS_TOKEN: z.string().min(16).optional(),
  STOREGRAPH_SUBGRAPH_URLS: z
    .string()
    .transform((text): Record<string, string> => Object.fromEntries(pairs(text)))
    .pipe(z.record(z.string().min(1), z.url({ protocol: /^https?$/ })))
    .optional(),
  STOREGRAPH_HOP_PUBLIC_KEY: z.string().includes('PUBLIC KEY').optional(),
  STOREGRAPH_HOP_PRIVATE_KEY: z.string().includes('PRIVATE KEY').optional(),
  STOREGRAPH_SEALING_KEY: z.string().min(32).optional(),
  STOREGRAPH_SIGNALS_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  STOREGRAPH_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  STOREGRAPH_MAIL_FROM: z.email().default('no-reply@storegraph.localhost'),
  STOREGRAPH_MAIL_OUTBOX: z.string().min(1).optional(),
  STOREGRAPH_CONSOLE_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:4000'),
  STOREGRAPH_STOREFRONT_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:4000/{store}'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
});

export type Environment = z.infer<typeof settings> & {
  /** The variables of the form `DATABASE_URL_<DOMAIN>`: a domain's own server. */
  readonly databaseUrls: Readonly<Record<string, string>>;
};

/** Reads and checks the environment. Throws an OperatorError that names each setting at fault, and never its value. */
export function environment(source: NodeJS.ProcessEnv = process.env): Environment {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.')))];
    throw new OperatorError(`Not a valid value of ${names.join(', ')}.`, 'docs/operations.md lists every setting and its form.');
  }
  const databaseUrls = Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (key.startsWith('DATABASE_URL_') ? [[key.slice(13).toLowerCase(), value ?? '']] : [])),
  );
  return { ...parsed.data, databaseUrls };
}

/**
 * The environment of a process that we start: the machine's own variables and the settings given, and of ours nothing else,
 * so that a subgraph never sees the deployment's secret or another domain's database.
 */
export function childEnvironment(given: Readonly<Record<string, string>>, source: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const ours = (key: string) => key.startsWith('STOREGRAPH_') || key.startsWith('DATABASE_URL');
  return { ...Object.fromEntries(Object.entries(source).filter(([key]) => !ours(key))), ...given };
}
