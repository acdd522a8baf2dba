/** The parts of a message as nodes. */
import { atOurHub, outside, safeUrl, withLinks, withMarks } from './text.js'

/** Attributes that begin with `on` are listeners. @param {...(Node | string | undefined | false)} children */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value)
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value)
  }
  node.append(...children.filter((child) => child !== undefined && child !== false))
  return node
}

const paths = {
  chat: 'M21 11.5a8.4 8.4 0 0 1-12.2 7.5L3.5 20.5 5 15.4A8.4 8.4 0 1 1 21 11.5zM8.6 11.5h.01M12.6 11.5h.01M16.6 11.5h.01',
  close: 'M6 6l12 12M18 6 6 18',
  down: 'M6 9l6 6 6-6',
  send: 'M4.5 12 20 5l-4 15-4.5-6.5zM20 5l-8.5 8.5',
  clip: 'M20 11.5 11.7 19.8a5 5 0 0 1-7.1-7.1l8.6-8.6a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8',
  file: 'M14 3v5h5M6 3h8l5 5v11a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z',
}

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', paths[name])
  svg.append(path)
  return svg
}

/** @param {any} part @param {import('./types.ts').Around} around */
export function drawPart(part, around) {
  switch (part.kind) {
    case 'text':
      return el('div', { class: 'bubble', dir: 'auto' }, ...(around.isPlain ? withLinks : withMarks)(part.text))
    case 'choices':
      return drawChoices(part, around)
    case 'file':
      return drawFile(part, around.base)
    case 'articles':
      return el('div', { class: 'articles' }, ...part.articles.map((article) => drawArticle(article, around.base)))
    case 'survey':
      return drawSurvey(part, around)
  }
}

/** The hub's choice to leave the line. The chat has its own button for it, always in sight: one in each sentence would be in the way. */
export const leaveLine = 'baton:leave'

function drawChoices({ choices }, { isOpen, picked, onChoice }) {
  const shown = choices.filter(({ value }) => value !== leaveLine)
  if (shown.length === 0) return undefined
  const buttons = shown.map((choice) => {
    const isPicked = picked === choice.value
    return el(
      'button',
      {
        type: 'button',
        class: isPicked ? 'choice picked' : 'choice',
        'aria-disabled': isOpen ? undefined : 'true',
        'aria-pressed': isOpen ? undefined : String(isPicked),
        dir: 'auto',
        onclick: ({ currentTarget }) => currentTarget.getAttribute('aria-disabled') || onChoice(choice),
      },
      isPicked ? `✓ ${choice.label}` : choice.label,
    )
  })
  return el('div', { class: 'choices', role: 'group' }, ...buttons)
}

function drawArticle({ title, excerpt, url }, base) {
  const href = safeUrl(url, base)
  const inner = [el('b', { dir: 'auto' }, title), excerpt && el('span', { dir: 'auto' }, excerpt)]
  return href ? el('a', { class: 'article', href, ...outside }, ...inner) : el('div', { class: 'article' }, ...inner)
}

function drawFile(part, base) {
  const href = atOurHub(part.url, base, `${new URL(base).pathname}/files/`)
  const row = () =>
    el(
      href ? 'a' : 'div',
      { class: 'file', href, ...(href ? outside : {}) },
      icon('file'),
      el('span', { dir: 'auto' }, part.name, part.bytes ? el('small', {}, inWords(part.bytes)) : undefined),
    )
  if (!href || !/^image\/(png|jpeg|gif|webp)$/.test(part.mime)) return row()
  const link = el('a', { class: 'picture', href, ...outside })
  // A page whose CSP permits no foreign pictures still shows the name and the link.
  link.append(el('img', { src: href, alt: part.name, onerror: () => link.replaceWith(row()) }))
  return link
}

function inWords(bytes) {
  return bytes >= 1_048_576 ? `${(bytes / 1_048_576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`
}

/** Two questions: stars, and words if one likes. Gone as soon as the customer goes on talking. */
function drawSurvey(part, { base, words, isOpen, isAnswered, onSurvey }) {
  const url = atOurHub(part.url, base, '/hooks/')
  const thanks = () => el('div', { class: 'bubble' }, words('thanks'))
  if (isAnswered(part)) return thanks()
  if (!isOpen || !url) return undefined
  // Another product's survey has a page of its own, and no form of ours can answer it.
  if (!url.startsWith(new URL('/hooks/', base).href))
    return el('div', { class: 'bubble', dir: 'auto' }, el('a', { href: url, ...outside }, part.question))
  const stars = [1, 2, 3, 4, 5].map((score) =>
    el(
      'label',
      { class: 'star' },
      el('input', {
        type: 'radio',
        name: `score-${part.handoff}`,
        value: score,
        'aria-label': words('stars', { n: score }),
      }),
      el('span', { 'aria-hidden': 'true' }, '★'),
    ),
  )
  const comment = el('textarea', { rows: 2, maxlength: 2000 })
  const submit = el('button', { type: 'submit', class: 'primary', 'aria-disabled': 'true' }, words('answer'))
  const problem = el('p', { class: 'mark bad', role: 'alert', hidden: true })
  const scoreOf = () => Number(form.querySelector('input:checked')?.value ?? 0)
  const finish = (answer) => {
    onSurvey(part)
    answer ? form.replaceWith(answer) : form.remove()
  }
  const form = el(
    'form',
    {
      class: 'survey',
      onchange() {
        const score = scoreOf()
        stars.forEach((star, at) => void star.classList.toggle('on', at < score))
        if (score) submit.removeAttribute('aria-disabled')
      },
      async onsubmit(event) {
        event.preventDefault()
        if (!scoreOf() || submit.getAttribute('aria-disabled')) return
        submit.setAttribute('aria-disabled', 'true')
        const words_ = comment.value.trim()
        const ok = await sendAnswer(url, { score: scoreOf(), ...(words_ ? { comment: words_ } : {}) })
        if (ok) return finish(thanks())
        submit.removeAttribute('aria-disabled')
        problem.textContent = words('notSent')
        problem.hidden = false
      },
    },
    el(
      'fieldset',
      {},
      el('legend', { dir: 'auto' }, part.question),
      el('div', { class: 'stars' }, ...stars),
      el(
        'div',
        { class: 'ends', 'aria-hidden': 'true' },
        el('span', {}, words('worst')),
        el('span', {}, words('best')),
      ),
    ),
    el('label', { class: 'words' }, words('comment'), comment),
    el(
      'div',
      { class: 'actions' },
      el('button', { type: 'button', class: 'plain', onclick: () => finish() }, words('noThanks')),
      submit,
    ),
    problem,
  )
  return form
}

async function sendAnswer(url, answer) {
  try {
    const headers = { 'content-type': 'application/json', accept: 'application/json' }
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(answer) })
    // An answer that is there already, from another tab, is as good.
    return response.ok || response.status === 409
  } catch {
    return false
  }
}
