/** The right pane: what the agent must know before the first word. */

import { h, link } from './dom.js'
import { since } from './lists.js'
import { withMarks } from './text.js'
import { duration, languageName } from './words.js'

export function factsOf(ticket, now) {
  const { context } = ticket
  return [
    h('h2', {}, 'Handoff'),
    h(
      'dl',
      { class: 'handoff' },
      entry('Wants', context.wants),
      entry('Why', context.reason.text, signals(context)),
      entry(
        'Tried',
        context.tried.length > 0
          ? h(
              'ul',
              {},
              context.tried.map((one) => h('li', {}, withMarks(one))),
            )
          : 'The bot tried nothing.',
      ),
      entry('Asked', asked(context.asked)),
      entry('Wait', ticket.acceptedAt ? duration(ticket.acceptedAt - ticket.createdAt) : since(ticket.createdAt, now)),
    ),
    h('h2', {}, 'Summary'),
    h('p', { class: 'summary' }, context.summary),
    h('h2', {}, 'Customer'),
    customer(ticket),
  ]
}

/** What counted, where it says more than the reason does. */
function signals({ reason, signals: all }) {
  const more = all.filter((one) => one !== reason.text)
  return (
    more.length > 0 &&
    h(
      'ul',
      {},
      more.map((one) => h('li', {}, one)),
    )
  )
}

const entry = (label, ...value) => [h('dt', {}, label), h('dd', {}, ...value)]

function asked(slots) {
  const entries = Object.entries(slots)
  if (entries.length === 0) return 'Nothing.'
  return h(
    'ul',
    {},
    entries.map(([slot, value]) => h('li', {}, `${slot}: `, h('b', {}, value))),
  )
}

function customer(ticket) {
  const who = ticket.customerFacts
  const language = ticket.language ?? who.language
  const rows = [
    ['Name', who.name],
    ['E-mail', who.email],
    ['Phone', who.phone],
    ['Known as', who.id],
    ['Identity', identityOf(who)],
    ['Language', language && languageName(language)],
    ['Segment', who.segment],
    ['Channel', ticket.channel],
    ['Intent', ticket.context.intent && withConfidence(ticket.context)],
    ...Object.entries(who.facts ?? {}),
  ].filter(([, value]) => value)
  return h(
    'div',
    {},
    h(
      'dl',
      { class: 'who-is' },
      rows.map(([label, value]) => entry(label, String(value))),
    ),
    who.url && h('p', {}, link(who.url, 'Open in the CRM ↗')),
    ticket.otherLanguage && h('p', { class: 'warn' }, 'Nobody online speaks this language.'),
  )
}

function identityOf(who) {
  if (who.verified) return '✓ Verified'
  return who.id || who.name || who.email || who.phone ? 'Not verified: the visitor said so' : 'Unknown visitor'
}

const withConfidence = ({ intent, confidence }) =>
  confidence === undefined ? intent : `${intent} (${Math.round(confidence * 100)} %)`
