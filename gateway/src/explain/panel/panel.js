// A panel below GraphiQL that shows how an operation was executed. Runs in the page as it stands here, before GraphiQL: it asks for explanations by sending
// `extensions: { explain: true }` with what GraphiQL sends, and reads them from the answers, which GraphiQL gets untouched.
(() => {
  const setting = 'storegraph:explain';
  const send = globalThis.fetch;
  let on = localStorage.getItem(setting) === 'true';

  /** An element with attributes and content; text is never read as HTML. */
  function element(name, attributes = {}, ...content) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...content);
    return made;
  }

  const toggle = element('button', { type: 'button', class: 'explain-toggle' }, 'Explain');
  const summary = element('span', { class: 'explain-summary', role: 'status' });
  const body = element('div', { class: 'explain-body' });
  const panel = element('section', { class: 'explain', 'aria-label': 'How the operation was executed' });
  panel.append(element('header', {}, toggle, summary), body);

  function draw() {
    toggle.setAttribute('aria-pressed', String(on));
    panel.classList.toggle('explain-on', on);
    if (!on) summary.replaceChildren();
    else if (body.childElementCount === 0) summary.replaceChildren('Run an operation to see how it is executed.');
    if (!on) body.replaceChildren();
  }
  toggle.addEventListener('click', () => {
    on = !on;
    localStorage.setItem(setting, String(on));
    draw();
  });

  const ms = (value) => (value === null ? 'known' : `${value.toFixed(value < 10 ? 2 : 1)} ms`);
  const size = (bytes) => (bytes === null ? '' : bytes < 1_000 ? `${bytes} B` : `${(bytes / 1_000).toFixed(1)} kB`);

  function show({ totalMs, parsingMs, validationMs, planningMs, plan, fetches }) {
    const sent = fetches.filter(({ shared }) => !shared).length;
    summary.replaceChildren(
      [
        `total ${ms(totalMs)}`,
        `parsing ${ms(parsingMs)}`,
        `validation ${ms(validationMs)}`,
        `planning ${ms(planningMs)}`,
        `${sent} ${sent === 1 ? 'fetch' : 'fetches'}${fetches.length > sent ? `, ${fetches.length - sent} shared` : ''}`,
      ].join(' · '),
    );
    const rows = fetches.flatMap((fetch) => rowsOf(fetch, totalMs));
    const head = element(
      'tr',
      {},
      ...['Subgraph', 'Path', 'Objects', 'Size', 'Time', ''].map((name) => element('th', { scope: 'col' }, name)),
    );
    const table = element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
    const written = element('details', {}, element('summary', {}, 'Plan'), element('pre', {}, plan));
    body.replaceChildren(...(fetches.length > 0 ? [table] : []), written);
    body.scrollTop = 0;
  }

  /** A fetch, and below it, shown when it is clicked, its document. */
  function rowsOf({ subgraph, path, document: query, representations, startedMs, durationMs, bytes, shared, errors }, totalMs) {
    const bar = element('i', { class: errors > 0 ? 'explain-failed' : shared ? 'explain-shared' : 'explain-sent' });
    const percent = (value) => `${Math.min(100, (100 * value) / Math.max(totalMs, 0.01))}%`;
    bar.style.marginInlineStart = percent(startedMs);
    bar.style.width = percent(durationMs ?? totalMs - startedMs);
    const told = [shared ? 'shared' : '', errors > 0 ? `${errors} ${errors === 1 ? 'error' : 'errors'}` : ''].filter(Boolean).join(', ');
    const details = element('tr', { class: 'explain-document', hidden: '' }, element('td', { colspan: '6' }, element('pre', {}, query)));
    const name = element('button', { type: 'button', 'aria-expanded': 'false', title: 'Show the document' }, subgraph);
    name.addEventListener('click', () => {
      details.hidden = !details.hidden;
      name.setAttribute('aria-expanded', String(!details.hidden));
    });
    const cells = [
      name,
      path || 'root',
      representations ?? '',
      size(bytes),
      `${durationMs === null ? 'no answer' : ms(durationMs)}${told && ` (${told})`}`,
    ];
    const row = element('tr', {}, ...cells.map((cell) => element('td', {}, cell instanceof Node ? cell : String(cell))));
    row.append(element('td', { class: 'explain-time' }, bar));
    return [row, details];
  }

  function read(text) {
    try {
      const explained = JSON.parse(text)?.extensions?.explain;
      if (explained && on) show(explained);
    } catch {
      // What is no JSON, GraphiQL will say.
    }
  }

  /** An answer, or each of an event stream. */
  async function follow(answer) {
    if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) return read(await answer.text());
    let rest = '';
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
      const lines = `${rest}${part}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data: ')) read(line.slice(6));
    }
  }

  /** The request's body with the wish in it; undefined where it is no operation, or is GraphiQL's own look at the schema. */
  function asking(text) {
    try {
      const asked = JSON.parse(text);
      if (typeof asked.query !== 'string' || asked.operationName === 'IntrospectionQuery') return undefined;
      return JSON.stringify({ ...asked, extensions: { ...asked.extensions, explain: true } });
    } catch {
      return undefined;
    }
  }

  globalThis.fetch = async (input, init) => {
    const wanted = on && typeof init?.body === 'string' ? asking(init.body) : undefined;
    if (wanted === undefined) return send(input, init);
    const answer = await send(input, { ...init, body: wanted });
    follow(answer.clone()).catch(() => undefined);
    return answer;
  };

  document.body.append(panel);
  draw();
})();
