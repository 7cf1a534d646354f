import { describe, expect, it } from 'vitest';
import { templateFiles } from './files.ts';
import { checkNames, render } from './render.ts';
import { missing, sampleOf } from './template.ts';

const sender = { name: 'Blue Kettle', signature: 'Blue Kettle Ltd\nBristol', timeZone: 'Europe/London' };
const files = templateFiles();
const codes = [...new Set(files.map(({ code }) => code))];

describe('the ready-made templates', () => {
  it('are there in English, German and French', () => {
    expect(codes.map((code) => [code, files.filter((file) => file.code === code).map(({ language }) => language)])).toEqual(
      codes.map((code) => [code, ['en', 'de', 'fr']]),
    );
    expect(codes.length).toBe(17);
  });

  it.each(files.map((file) => [`${file.code} ${file.language}`, file] as const))(
    '%s names its variables alone, and reads with its samples',
    async (_, file) => {
      await checkNames(file, file.variables);
      const values = sampleOf(file.variables);
      expect(missing(file.variables, values)).toEqual([]);
      const { subject, html, text } = await render(file, values, { sender, language: file.language });
      for (const part of [subject, html, text]) expect(part).not.toMatch(/\{\{|\}\}|\{%|%\}|undefined|\[object|\bNaN\b/);
      // Each value that somebody has to read is there: nothing was misspelt, or fell out between two elements.
      for (const { name, sample } of file.variables)
        if (typeof sample === 'string' && !/^20\d\d-/.test(sample))
          expect([name, `${subject} ${html.replaceAll('&#39;', "'")}`]).toEqual([name, expect.stringContaining(sample)]);
      expect(html).toContain('prefers-color-scheme: dark');
      expect(html).toContain(`lang="${file.language}"`);
      expect(text).toContain('Bristol');
      expect(text).not.toMatch(/<(?!https?:\/\/)/);
    },
  );

  it('read with nothing but what is required', async () => {
    for (const file of files) {
      const values = sampleOf(file.variables.filter(({ required }) => required));
      const { text } = await render(file, values, { sender: { ...sender, signature: null }, language: file.language });
      expect([file.code, text.length > 40]).toEqual([file.code, true]);
    }
  });
});
