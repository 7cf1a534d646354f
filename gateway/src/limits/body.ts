import type { FastifyInstance } from 'fastify';
import { refused } from '../errors.ts';
import type { VariableLimits } from './variable-limits.ts';

/** Of a body around its variables: the object, and a list of such objects, which is refused with a better reason. */
const around = 2;

/** Items beside those of the variables. */
const beside = 1_000;

/** Takes JSON that is no deeper and has no more in it than variables may: reading others takes many times as long as finding out. */
export function takeJson(app: FastifyInstance, limits: Pick<VariableLimits, 'variableDepth' | 'variableValues'>): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    const limit = exceededBy(body, limits.variableDepth + around, limits.variableValues + beside);
    if (limit) done(refused('BAD_REQUEST', `The operation exceeds a limit: ${limit}.`, { limit }));
    else void parse(request, body, done);
  });
}

const [quote, backslash, comma, openBracket, closeBracket, openBrace, closeBrace] = [...'"\\,[]{}'].map((character) =>
  character.charCodeAt(0),
);

/** Looks at nothing but the marks of JSON text, outside of what is quoted. */
function exceededBy(text: string, mostDepth: number, mostItems: number): 'variableDepth' | 'variableValues' | undefined {
  let depth = 0;
  let items = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (quoted) {
      if (code === backslash) index += 1;
      else if (code === quote) quoted = false;
    } else if (code === quote) quoted = true;
    else if (code === openBracket || code === openBrace) {
      depth += 1;
      if (depth > mostDepth) return 'variableDepth';
    } else if (code === closeBracket || code === closeBrace) depth -= 1;
    else if (code === comma) {
      items += 1;
      if (items > mostItems) return 'variableValues';
    }
  }
  return undefined;
}
