import { describe, expect, it } from 'vitest';
import { mailHarness, mutate, refused } from '../../../test/mail.ts';

const mail = await mailHarness();
const words = {
  code: 'order-placed',
  language: 'de',
  subject: 'Bestellung {{ number }}',
  format: 'HTML',
  source: '<p>Danke, {{ name }}! {{ total | money }}</p>',
};
const seen = 'template { code language version status subject source text basedOnVersion basedOnLanguage platformHasChanged }';

describe('storeEmailTemplateSave', () => {
  it('makes a draft, and changes it as long as it is one', async () => {
    const staff = mail.staff(await mail.store());
    expect(await mutate(staff, 'storeEmailTemplateSave', words, seen)).toEqual({
      template: {
        code: 'order-placed',
        language: 'de',
        version: 1,
        status: 'DRAFT',
        subject: 'Bestellung {{ number }}',
        source: words.source,
        text: null,
        basedOnVersion: 1,
        basedOnLanguage: 'de',
        platformHasChanged: false,
      },
      userErrors: [],
    });
    const again = await mutate(staff, 'storeEmailTemplateSave', { ...words, subject: 'Neu: {{ number }}', text: 'Danke' }, seen);
    expect(again).toMatchObject({ template: { version: 1, subject: 'Neu: {{ number }}', text: 'Danke' } });
    expect(await mutate(staff, 'storeEmailTemplateSave', { ...words, language: 'it' }, seen)).toMatchObject({
      template: { version: 1, basedOnLanguage: 'en' },
    });
  });

  it('tells when the platform has said something new since', async () => {
    const staff = mail.staff(await mail.store());
    await mutate(staff, 'storeEmailTemplateSave', { ...words, code: 'order-shipped', source: '<p>{{ number }}</p>' });
    await mail.admin(`insert into messaging.email_templates select gen_random_uuid(), code, language, 2, category, name, description, 'Neu', format, source, plain, variables,
      is_platform_only, active, 'another' from messaging.email_templates where code = 'order-shipped' and language = 'de'`);
    const { storeEmailTemplates } = await staff.data(`{ storeEmailTemplates { totalCount nodes { platformHasChanged basedOnVersion } } }`);
    expect(storeEmailTemplates).toEqual({ totalCount: 1, nodes: [{ platformHasChanged: true, basedOnVersion: 1 }] });
  });

  it('refuses bad input with a code each, and stores nothing', async () => {
    const store = await mail.store();
    const refuse = (rest: object) => refused(mail.staff(store), 'storeEmailTemplateSave', { ...words, ...rest });
    expect(await refuse({ code: 'order-lost' })).toEqual([['NOT_FOUND', 'code']]);
    expect(await refuse({ code: 'user-password-reset' })).toEqual([['PLATFORM_ONLY', 'code']]);
    expect(await refuse({ subject: ' ' })).toEqual([['REQUIRED', 'subject']]);
    expect(await refuse({ subject: 'a\r\nBcc: b@example.com' })).toEqual([['INVALID', 'subject']]);
    expect(await refuse({ subject: '{{ number | append: "x" ' })).toEqual([['SYNTAX', 'source']]);
    for (const [code, subject] of [
      ['gift-card', 'Your code {{ code }}'],
      ['customer-password-reset', '{% assign it = link %}{{ it }}'],
    ] as const)
      expect(await refuse({ code, subject, source: '<p>Hello</p>' })).toEqual([['SUBJECT', 'subject']]);
    expect(await refuse({ source: 'x'.repeat(60_001) })).toEqual([['TOO_LONG', 'source']]);
    expect(await refuse({ source: '{% if number %}' })).toEqual([['SYNTAX', 'source']]);
    expect(await refuse({ source: '{{ nubmer }}' })).toEqual([['UNKNOWN_VARIABLE', 'source']]);
    expect(await refuse({ source: '<script>alert(1)</script>' })).toEqual([['UNSAFE', 'source']]);
    expect(await refuse({ source: '{% for i in (1..100000000) %}x{% endfor %}' })).toEqual([['TOO_MUCH', 'source']]);
    expect(await refuse({ format: 'MJML', source: '<mj-text>x</mj-column>' })).toEqual([['SYNTAX', 'source']]);
    expect(await refuse({ language: 'not a language' })).toEqual([['INVALID', 'language']]);
    expect(
      await mail.admin(
        `select 1 from messaging.store_email_templates where code = 'order-placed' and subject not like 'Bestellung%' and subject not like 'Neu%'`,
      ),
    ).toEqual([]);
    const { storeEmailTemplates } = await mail.staff(store).data(`{ storeEmailTemplates { nodes { id } } }`);
    expect(storeEmailTemplates).toEqual({ nodes: [] });
  });
});
