import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';

const graphiqlPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // The editor's workers are made from text in its script.
  'worker-src blob:',
  // The editor writes its colours into style elements of its own.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Page {
  readonly html: string;
  readonly script: string;
  readonly style: string;
  readonly version: string;
}

/** Serves GraphiQL's script and style from here, and gives the function that answers with its page. Nothing is loaded from anywhere else. */
export function serveGraphiql(app: FastifyInstance): (reply: FastifyReply) => Promise<string> {
  // 9 MB: loaded when somebody first looks.
  let page: Promise<Page> | undefined;
  const loaded = () => (page ??= load());
  const asset = (path: string, type: string, part: 'script' | 'style') =>
    app.get(path, async (_request, reply) => {
      void reply.header('content-type', type).header('cache-control', 'public, max-age=31536000, immutable');
      return (await loaded())[part];
    });
  asset('/graphiql/graphiql.js', 'text/javascript; charset=utf-8', 'script');
  asset('/graphiql/graphiql.css', 'text/css; charset=utf-8', 'style');
  return async (reply) => {
    const { html } = await loaded();
    void reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', graphiqlPolicy)
      .header('cache-control', 'no-cache');
    return html;
  };
}

const panelFile = (name: string) => readFile(new URL(`../explain/panel/${name}`, import.meta.url), 'utf8');

/**
 * The package renders one page with everything inline. Taking script and style out lets the policy forbid inline scripts, and browsers keep them. Beside
 * GraphiQL's own stand those of the panel that explains operations, whose script goes first.
 */
async function load(): Promise<Page> {
  const [{ renderGraphiQL }, panelScript, panelStyle] = await Promise.all([
    import('@graphql-yoga/render-graphiql'),
    panelFile('panel.js'),
    panelFile('panel.css'),
  ]);
  const whole = renderGraphiQL({
    title: 'Storegraph',
    endpoint: '/graphql',
    defaultQuery: '{\n  __typename\n}\n',
    shouldPersistHeaders: false,
  });
  const [beforeStyle, ownStyle, afterStyle] = cut(whole, '<style>', '</style>');
  const [beforeScript, ownScript, afterScript] = cut(afterStyle, '<script>', '</script>');
  const [script, style] = [`${panelScript}\n${ownScript}`, `${ownStyle}\n${panelStyle}`];
  const version = createHash('sha256').update(script).update(style).digest('hex').slice(0, 16);
  const html =
    `${beforeStyle}<link rel="stylesheet" href="/graphiql/graphiql.css?${version}" />` +
    `${beforeScript}<script src="/graphiql/graphiql.js?${version}"></script>${afterScript}`;
  return { html, script, style, version };
}

function cut(text: string, open: string, close: string): [before: string, inside: string, after: string] {
  const start = text.indexOf(open);
  const end = text.indexOf(close, start);
  if (start < 0 || end < 0) throw new Error('The page of @graphql-yoga/render-graphiql is not of the known form.');
  return [text.slice(0, start), text.slice(start + open.length, end), text.slice(end + close.length)];
}
