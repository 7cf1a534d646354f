import { describe, expect, it } from 'vitest';
import { mailHarness, mutate, refused } from '../../../test/mail.ts';

const mail = await mailHarness();
const which = { code: 'order-refunded', language: 'en' };
const seen = 'preview { subject html text resolution { source rung } }';
const words = { subject: '{{ sender.name }}', format: 'HTML', source: '<p>{{ amount | money }}</p>' };

describe('emailTemplatePreview', () => {
  it('shows what would be sent, with samples and the values given', async () => {
    const staff = mail.staff(await mail.store());
    const payload = await mutate<{ preview: { subject: string; text: string; resolution: object } }>(
      staff,
      'emailTemplatePreview',
      { ...which, values: { number: '7', name: null } },
      seen,
    );
    expect(payload.preview).toMatchObject({ subject: 'Your refund for order 7', resolution: { source: 'PLATFORM', rung: 'EXACT' } });
    expect(payload.preview.text.replaceAll(/\s+/g, ' ')).toContain('Your refund We have refunded €12.50 for your order 7.');
  });

  it('shows words that nobody has saved', async () => {
    const staff = mail.staff(await mail.store());
    expect(await mutate(staff, 'emailTemplatePreview', { ...which, words }, seen)).toEqual({
      preview: { subject: 'Blue Kettle', html: '<p>€12.50</p>', text: '€12.50', resolution: null },
      userErrors: [],
    });
    expect(await mail.admin(`select 1 from messaging.store_email_templates union all select 1 from messaging.email_logs`)).toEqual([]);
  });

  it('refuses bad input with a code each', async () => {
    const staff = mail.staff(await mail.store());
    const refuse = (rest: object) => refused(staff, 'emailTemplatePreview', { ...which, ...rest });
    expect(await refuse({ code: 'no-such' })).toEqual([['NOT_FOUND', 'code']]);
    expect(await refuse({ values: { number: null } })).toEqual([['MISSING_VARIABLE', 'values']]);
    expect(await refuse({ words: { ...words, source: '{{ nubmer }}' } })).toEqual([['UNKNOWN_VARIABLE', 'words.source']]);
    expect(await refuse({ words: { ...words, source: '{{' } })).toEqual([['SYNTAX', 'words.source']]);
    expect(await refuse({ words: { ...words, source: '<a href="javascript:x">x</a>' } })).toEqual([['UNSAFE', 'words.source']]);
    expect(await refuse({ words: { ...words, subject: '{{ name }}' }, values: { name: 'a\nb' } })).toEqual([['SUBJECT', 'words.subject']]);
    expect(await refuse({ words: { ...words, subject: '' } })).toEqual([['REQUIRED', 'words.subject']]);
    expect(await refuse({ values: { number: 'x'.repeat(20_001) } })).toEqual([['TOO_LONG', 'values']]);
    expect(await refuse({ values: { link: 'javascript:alert(1)' } })).toEqual([['UNSAFE', 'code']]);
  });
});
