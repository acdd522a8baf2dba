/** The page of a twin: looks at it every second, and does what its buttons say. */
const name = location.pathname.split('/').filter(Boolean)[1]
const find = (id) => document.getElementById(id)

const ways = {
  slow: 'answers late',
  limits: 'asks us to slow down',
  errors: 'fails, without effect',
  errorsAfter: 'fails, but did it',
  hangs: 'does not answer',
  hangsAfter: 'does it, but does not answer',
  resets: 'breaks the connection before',
  resetsAfter: 'breaks the connection after',
  malformed: 'answers with nonsense',
  expired: 'refuses the credentials',
  duplicates: 'sends webhooks three times',
  disorder: 'sends webhooks in the wrong order',
  late: 'sends webhooks late',
  lost: 'loses webhooks',
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'onclick') element.addEventListener('click', value)
    else if (value !== undefined) element.setAttribute(key, value)
  }
  element.append(...children.filter((child) => child !== undefined))
  return element
}

async function post(path, body) {
  say('')
  try {
    const answer = await fetch(`/twins/${name}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) say((await answer.json()).message ?? `That did not work (${answer.status}).`)
  } catch {
    say('The hub does not answer. Is it still running?')
  }
  await look()
}

const say = (words) => {
  find('said').textContent = words
}

/** Asks for what a button wants to know; undefined when the person thought better of it. */
function ask({ label, input }) {
  const dialog = find('ask')
  const field = input.choices
    ? make('select', {}, ...input.choices.map((choice) => make('option', { value: choice }, choice)))
    : make('textarea', { rows: '3' })
  const close = (value) => () => dialog.close(value)
  dialog.replaceChildren(
    make('h2', { id: 'ask-title' }, label),
    make('label', {}, input.label, field),
    make(
      'div',
      { class: 'buttons' },
      make('button', { type: 'button', onclick: close('cancel') }, 'Cancel'),
      make('button', { type: 'button', class: 'main', onclick: close('ok') }, label),
    ),
  )
  dialog.returnValue = 'cancel'
  dialog.showModal()
  field.focus()
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) dialog.close('ok')
  })
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue === 'ok' ? field.value : undefined)
  })
}

async function press(button, inside) {
  const input = button.input ? await ask(button) : undefined
  if (button.input && (input === undefined || input.trim() === '')) return
  await post('act', { do: button.do, case: inside, input })
}

const buttonsOf = (buttons, inside) =>
  buttons.map((button) => make('button', { type: 'button', onclick: () => press(button, inside) }, button.label))

const time = (at) =>
  at === undefined ? undefined : make('time', {}, new Date(at).toLocaleTimeString([], { timeStyle: 'medium' }))

const lineOf = ({ by, text, visibility, at }) =>
  make(
    'li',
    { class: visibility === 'internal' ? 'internal' : undefined },
    make('p', { class: 'by' }, make('b', {}, by), visibility === 'internal' ? ' · internal' : '', ' ', time(at) ?? ''),
    make('p', { class: 'text' }, text),
  )

const caseOf = ({ id, title, state, lines, buttons }) =>
  make(
    'li',
    { class: 'case' },
    make('h3', {}, title, ' ', make('span', { class: 'state' }, state)),
    make('ol', { tabindex: '0', 'aria-label': `What was said: ${title}` }, ...lines.map(lineOf)),
    make('div', { class: 'buttons' }, ...buttonsOf(buttons, id)),
  )

const shown = new Map()

/** Only what changed is drawn anew, so that focus and reading place stay. */
function draw(view) {
  document.title = `${view.title} · sandbox`
  find('title').textContent = view.title
  find('hint').textContent = view.hint
  find('misbehaved').textContent = view.misbehaved ? `Went wrong as told: ${view.misbehaved} times` : ''
  redraw('all', view.all, () =>
    view.all.map((one) =>
      make(
        'a',
        { href: `/twins/${one.name}`, 'aria-current': one.name === name ? 'page' : undefined },
        `${one.title} (${one.name})`,
      ),
    ),
  )
  redraw('facts', view.facts, () =>
    view.facts.flatMap(({ label, value }) => [make('dt', {}, label), make('dd', {}, value)]),
  )
  redraw('buttons', view.buttons, () => buttonsOf(view.buttons))
  redraw('way', view.ways, () => [
    make('optgroup', { label: 'Calls' }, ...view.ways.calls.map((way) => make('option', { value: way }, ways[way]))),
    make(
      'optgroup',
      { label: 'Webhooks' },
      ...view.ways.webhooks.map((way) => make('option', { value: way }, ways[way])),
    ),
  ])
  find('empty').hidden = view.cases.length > 0
  drawCases(view.cases)
}

function redraw(id, data, children) {
  const text = JSON.stringify(data)
  if (shown.get(id) === text) return
  shown.set(id, text)
  find(id).replaceChildren(...children())
}

function drawCases(cases) {
  const list = find('cases')
  const old = new Map([...list.children].map((child) => [child.dataset.id, child]))
  const next = cases.map((one) => {
    const text = JSON.stringify(one)
    const before = old.get(one.id)
    if (before?.shownAs === text) return before
    const focused = before?.contains(document.activeElement) ? document.activeElement.textContent : undefined
    const drawn = caseOf(one)
    drawn.dataset.id = one.id
    drawn.shownAs = text
    if (focused)
      queueMicrotask(() => [...drawn.querySelectorAll('button')].find((b) => b.textContent === focused)?.focus())
    queueMicrotask(() => {
      const lines = drawn.querySelector('ol')
      lines.scrollTop = lines.scrollHeight
    })
    return drawn
  })
  if (next.length !== list.children.length || next.some((child, index) => child !== list.children[index]))
    list.replaceChildren(...next)
}

async function look() {
  try {
    const answer = await fetch(`/twins/${name}/view`)
    if (!answer.ok) throw new Error((await answer.json()).message)
    draw(await answer.json())
    find('contact').hidden = true
  } catch (error) {
    find('contact').textContent =
      `No contact with the sandbox (${error.message}). Start it again; this page comes back by itself.`
    find('contact').hidden = false
  }
}

find('misbehave').addEventListener('submit', (event) => {
  event.preventDefault()
  const times = find('times').value
  void post('misbehave', { way: find('way').value, times: times ? Number(times) : undefined })
})
find('behave').addEventListener('click', () => post('misbehave', { way: 'none' }))

await look()
setInterval(look, 1000)
