import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { templateCategories, type TemplateCategory, type Variable, type Words } from './template.ts';

/** A template of the platform in one language, as templates/<code>/ says it. */
export interface TemplateFile extends Words {
  readonly code: string;
  readonly language: string;
  readonly category: TemplateCategory;
  readonly name: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly isPlatformOnly: boolean;
  /** Of all of it. */
  readonly hash: string;
}

const folder = new URL('../../templates/', import.meta.url);

const description = z.strictObject({
  name: z.string(),
  description: z.string(),
  category: z.enum(templateCategories),
  isPlatformOnly: z.boolean(),
  variables: z.array(
    z.strictObject({ name: z.string(), description: z.string(), required: z.boolean(), sample: z.json(), secret: z.boolean().optional() }),
  ),
  /** By language: each has its `<language>.mjml`. */
  subjects: z.record(z.string(), z.string()),
});

/** Every ready-made template: a folder for each code with template.json and, for each language, its MJML. */
export function templateFiles(): readonly TemplateFile[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: code }) => ofCode(code));
}

function ofCode(code: string): readonly TemplateFile[] {
  const read = (file: string) => readFileSync(new URL(`${code}/${file}`, folder), 'utf8');
  const { subjects, ...about } = description.parse(JSON.parse(read('template.json')));
  return Object.entries(subjects).map(([language, subject]) => {
    const said = { code, language, ...about, subject, format: 'MJML' as const, source: read(`${language}.mjml`), plain: null };
    return { ...said, hash: createHash('sha256').update(JSON.stringify(said)).digest('hex') };
  });
}
