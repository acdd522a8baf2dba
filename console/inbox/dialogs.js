/** Questions asked before a conversation leaves the agent's hands. */
import { h } from './dom.js'
import { drafts } from './store.js'
import { firstName, presences } from './words.js'

/** Opens, resolves when it is closed. `run` may throw: its message is shown and the dialog stays. */
function ask({ title, intro, fields, button, run }) {
  const problem = h('p', { class: 'problem', role: 'alert' })
  const submit = h('button', { type: 'submit', class: 'primary' }, button)
  const form = h(
    'form',
    {},
    h('h2', { id: 'dialog-title' }, title),
    intro && h('p', { class: 'intro' }, intro),
    ...fields,
    problem,
    h('div', { class: 'buttons' }, h('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'), submit),
  )
  const dialog = h('dialog', { 'aria-labelledby': 'dialog-title' }, form)
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    submit.disabled = true
    problem.textContent = ''
    try {
      await run(new FormData(form))
      dialog.close()
    } catch (error) {
      problem.textContent = error.message
    }
    submit.disabled = false
  })
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit()
  })
  document.body.append(dialog)
  const before = document.activeElement
  dialog.addEventListener('close', () => {
    dialog.remove()
    before?.focus?.()
  })
  dialog.showModal()
}

const unsent = (ticket) => (drafts.read(ticket.id, 'reply') ? ' The reply you began is not sent.' : '')
const field = (label, input, hint) =>
  h('label', { class: 'field' }, h('span', {}, label), input, hint && h('small', {}, hint))
const area = (name, rows, value, isRequired) =>
  h('textarea', { name, rows, maxlength: 10_000, required: isRequired, value })
const filled = (form, name) => form.get(name)?.trim() || undefined

export function askResolve(ticket, closing, run) {
  ask({
    title: `Resolve ${ticket.customer}`,
    intro: `${firstName(ticket.customer)} is told that the conversation is over and may be asked how it went.${unsent(ticket)}`,
    fields: [
      field('What was done', area('digest', 3, closing), 'For reports, the CRM, and the bot next time.'),
      field('Topic', h('input', { name: 'topic', maxlength: 200, value: ticket.context.intent ?? '' })),
    ],
    button: 'Resolve',
    run: (form) => run({ digest: filled(form, 'digest'), topic: filled(form, 'topic') }),
  })
}

export function askReturn(ticket, closing, run) {
  ask({
    title: `Give ${ticket.customer} back to the bot`,
    intro: 'The bot goes on without a new greeting, from what you tell it here.',
    fields: [
      field('What the bot is told', area('digest', 3, closing)),
      field(
        'Go on with',
        h('input', { name: 'intent', maxlength: 200, placeholder: 'An intent of the bot, or empty' }),
      ),
    ],
    button: 'Back to the bot',
    run: (form) => run({ digest: filled(form, 'digest'), intent: filled(form, 'intent') }),
  })
}

export function askTransfer(ticket, board, run) {
  const others = board.agents.filter((agent) => agent.id !== board.me.id)
  const skills = [...new Set(board.agents.flatMap((agent) => agent.skills))].sort()
  const people = others.map((agent) =>
    h(
      'option',
      { value: `agent:${agent.id}`, disabled: agent.presence !== 'online' },
      `${agent.name} (${agent.presence === 'online' ? `${agent.load} of ${agent.capacity}` : presences[agent.presence].toLowerCase()})`,
    ),
  )
  const select = h(
    'select',
    { name: 'to', required: true },
    h('option', { value: '' }, 'Choose…'),
    people.length > 0 && h('optgroup', { label: 'A colleague' }, people),
    skills.length > 0 &&
      h(
        'optgroup',
        { label: 'Whoever has the skill' },
        skills.map((skill) => h('option', { value: `skill:${skill}` }, skill)),
      ),
  )
  ask({
    title: `Transfer ${ticket.customer}`,
    intro: `${firstName(ticket.customer)} is told once that somebody else takes over.`,
    fields: [
      field('To', select),
      field(
        'Note for them',
        area('note', 3, '', true),
        'What you found out, and what is still open. The customer never sees it.',
      ),
    ],
    button: 'Transfer',
    run: (form) => {
      const [, kind, name] = /^(agent|skill):(.*)$/.exec(form.get('to'))
      return run({ to: kind === 'agent' ? { agent: name } : { skills: [name] }, note: filled(form, 'note') })
    },
  })
}

const keys = [
  ['j k', 'next, previous conversation'],
  ['a', 'accept'],
  ['r', 'reply'],
  ['n', 'note'],
  ['t', 'transfer'],
  ['b', 'back to the bot'],
  ['e', 'resolve'],
  ['Ctrl Enter', 'send'],
  ['Esc', 'leave the box'],
  ['?', 'this list'],
]

export function showKeys() {
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'dialog-title' },
    h(
      'form',
      { method: 'dialog' },
      h('h2', { id: 'dialog-title' }, 'Keys'),
      h(
        'dl',
        { class: 'keys' },
        keys.map(([key, what]) => [
          h(
            'dt',
            {},
            key.split(' ').map((one) => h('kbd', {}, one)),
          ),
          h('dd', {}, what),
        ]),
      ),
      h('div', { class: 'buttons' }, h('button', { class: 'primary' }, 'Close')),
    ),
  )
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
