import { describe, expect, it } from 'vitest';
import { mailHarness, mutate, refused } from '../../../test/mail.ts';

const mail = await mailHarness();
const seen = `settings { fromName fromEmail replyTo signature storefrontUrl provider smtpHost smtpPort smtpSecure smtpUser smtpPasswordSet configured verified
  lastVerifiedAt verificationError }`;
const smtp = { host: 'smtp.example.com', port: 587, secure: false, user: 'shop', password: ' s3cret ' };
const server = { fromEmail: 'Shop@Example.com', provider: 'SMTP', smtp };

describe('emailSettingsUpdate', () => {
  it('keeps what is left out, takes away what is null, and shows the password to nobody', async () => {
    const store = await mail.store();
    const staff = mail.staff(store);
    expect(await staff.data(`{ emailSettings { id } }`)).toEqual({ emailSettings: null });
    await mutate(staff, 'emailSettingsUpdate', { fromName: 'Kettles', signature: 'Kettles Ltd\nBristol', replyTo: 'help@example.com' });
    expect(
      await mutate(staff, 'emailSettingsUpdate', { ...server, replyTo: null, storefrontUrl: 'https://shop.example.com' }, seen),
    ).toEqual({
      settings: {
        fromName: 'Kettles',
        fromEmail: 'shop@example.com',
        replyTo: null,
        signature: 'Kettles Ltd\nBristol',
        storefrontUrl: 'https://shop.example.com',
        provider: 'SMTP',
        smtpHost: 'smtp.example.com',
        smtpPort: 587,
        smtpSecure: false,
        smtpUser: 'shop',
        smtpPasswordSet: true,
        configured: true,
        verified: false,
        lastVerifiedAt: null,
        verificationError: null,
      },
      userErrors: [],
    });
    expect(JSON.stringify(await mail.admin(`select * from messaging.email_settings`))).not.toContain('s3cret');
    expect(await mail.staff(await mail.store()).data(`{ emailSettings { id } }`)).toEqual({ emailSettings: null });
  });

  it('keeps a password for the same login alone, and what was verified for the same way alone', async () => {
    const store = await mail.store();
    const staff = mail.staff(store);
    await mutate(staff, 'emailSettingsUpdate', server);
    await mail.admin(`update messaging.email_settings set verified = true, last_verified_at = now()`);
    const login = { ...smtp, password: undefined };
    const update = async (input: object) =>
      (await mutate<{ settings: object }>(staff, 'emailSettingsUpdate', input, 'settings { smtpPasswordSet verified configured }'))
        .settings;
    expect(await update({ signature: 'Bye', smtp: login })).toEqual({ smtpPasswordSet: true, verified: true, configured: true });
    expect(await update({ smtp: { ...login, host: 'smtp.evil.example' } })).toEqual({
      smtpPasswordSet: false,
      verified: false,
      configured: true,
    });
    expect(await update({ provider: null })).toEqual({ smtpPasswordSet: false, verified: false, configured: false });
  });

  it('refuses bad input with a code each, and changes nothing', async () => {
    const store = await mail.store();
    const refuse = (input: object) => refused(mail.staff(store), 'emailSettingsUpdate', input);
    for (const provider of ['SENDGRID', 'MAILGUN', 'SES'])
      expect(await refuse({ ...server, provider })).toEqual([['NOT_ENTITLED', 'provider']]);
    expect(await refuse({ fromEmail: 'shop' })).toEqual([['INVALID', 'fromEmail']]);
    expect(await refuse({ fromName: 'a\nb' })).toEqual([['INVALID', 'fromName']]);
    expect(await refuse({ signature: 'x'.repeat(1_001) })).toEqual([['TOO_LONG', 'signature']]);
    expect(await refuse({ storefrontUrl: 'javascript:alert(1)' })).toEqual([['INVALID', 'storefrontUrl']]);
    expect(await refuse({ provider: 'SMTP', smtp })).toEqual([['REQUIRED', 'fromEmail']]);
    expect(await refuse({ provider: 'SMTP', fromEmail: 'a@example.com' })).toEqual([['REQUIRED', 'smtp']]);
    expect(await refuse({ ...server, smtp: { ...smtp, host: 'smtp.example.com/x' } })).toEqual([['INVALID', 'smtp.host']]);
    expect(await refuse({ ...server, smtp: { ...smtp, port: 0 } })).toEqual([['INVALID', 'smtp.port']]);
    expect(await mail.staff(store).data(`{ emailSettings { id } }`)).toEqual({ emailSettings: null });
  });
});
