/** Between the hub’s messages and those of Sunshine Conversations (zendesk.md 3.1). Pure. */
import type { Article, Choice, Customer, Message, Part } from '#hub/connector.ts'
import { plainText } from '#hub/message.ts'
import { fromHtml } from '../html.ts'
import type { Content, FormField, Person } from './wire.ts'

/** Of a text (zendesk.md 2.4). */
export const textLength = 4_096
const titleLength = 128
const mostItems = 10

/** What one message of the hub becomes, in order: words first, choices under the last words. */
export function toContents({ parts }: Message): object[] {
  const contents: Record<string, unknown>[] = []
  for (const part of parts) {
    if (part.kind === 'choices') addActions(contents, part.choices.map(toReply))
    else contents.push(...toContent(part))
  }
  return contents
}

function addActions(contents: Record<string, unknown>[], actions: object[]): void {
  const last = contents.at(-1)
  if (last?.type === 'text') last.actions = [...((last.actions as object[] | undefined) ?? []), ...actions]
  else contents.push({ type: 'text', actions })
}

const toReply = ({ label, value }: Choice) => ({ type: 'reply', text: label, payload: value })

function toContent(part: Exclude<Part, { kind: 'choices' }>): Record<string, unknown>[] {
  switch (part.kind) {
    case 'text':
      return cut(harmless(part.text)).map((text) => ({ type: 'text', text }))
    case 'file': {
      const type = /^image\//i.test(part.mime) ? 'image' : 'file'
      return [{ type, mediaUrl: part.url, altText: part.name.slice(0, titleLength) }]
    }
    case 'articles':
      return toArticles(part.articles)
    case 'survey':
      return [
        {
          type: 'text',
          text: harmless(part.question).slice(0, textLength),
          actions: [{ type: 'link', text: 'Answer', uri: part.url }],
        },
      ]
  }
}

/** Items need an action (zendesk.md 2.4), so articles without an address are told as text. */
function toArticles(articles: readonly Article[]): Record<string, unknown>[] {
  const linked = articles.filter((article) => article.url)
  if (articles.length === 0) return []
  if (linked.length < articles.length) {
    const text = harmless(plainText({ parts: [{ kind: 'articles', articles }] }))
    return cut(text).map((piece) => ({ type: 'text', text: piece }))
  }
  const items = linked.slice(0, mostItems).map(({ title, excerpt, url }) => ({
    title: harmless(title).slice(0, titleLength),
    ...(excerpt && { description: harmless(excerpt).slice(0, titleLength) }),
    actions: [{ type: 'link', text: 'Read', uri: url }],
  }))
  return [{ type: 'carousel', items }]
}

/** Never between the two halves of a character. */
export function cut(text: string): string[] {
  const pieces: string[] = []
  for (let rest = text; rest.length > 0; ) {
    let end = Math.min(textLength, rest.length)
    if (end < rest.length && /[\uD800-\uDBFF]/.test(rest[end - 1]!)) end--
    pieces.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return pieces
}

/** Shorthand in a business text moves control or builds buttons (zendesk.md 3.1): an invisible joiner breaks it. */
export const harmless = (text: string): string => text.replaceAll(/([%&])(?=\(\(|\[)/g, '$1\u2060')

/** The parts of what was said there; undefined where nothing can be told. */
export function fromContent(content: Content): Message | undefined {
  const parts = partsOf(content)
  if (parts.length === 0) return undefined
  return content.payload === undefined ? { parts } : { parts, choice: content.payload }
}

function partsOf(content: Content): Part[] {
  const words = content.text?.trim() || (content.htmlText ? fromHtml(content.htmlText) : '')
  const said: Part[] = words ? [{ kind: 'text', text: words }] : []
  switch (content.type) {
    case 'image':
    case 'file':
      return content.mediaUrl ? [...said, fileOf(content, content.mediaUrl)] : said
    case 'location':
      return said.length > 0 ? said : placeOf(content)
    case 'formResponse':
      return formOf(content)
    default:
      return said
  }
}

const fileOf = ({ altText, mediaType = 'application/octet-stream', mediaSize = 0 }: Content, url: string): Part => ({
  kind: 'file',
  name: altText || nameIn(url),
  mime: mediaType,
  bytes: mediaSize,
  url,
})

function nameIn(url: string): string {
  try {
    return decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '') || 'file'
  } catch {
    return 'file'
  }
}

function placeOf({ location, coordinates }: Content): Part[] {
  const at = coordinates ? `${coordinates.lat}, ${coordinates.long}` : undefined
  const text = [location?.name, location?.address, at].filter(Boolean).join(', ')
  return text ? [{ kind: 'text', text }] : []
}

function formOf({ textFallback, fields = [] }: Content): Part[] {
  const text = textFallback?.trim() || fields.map(answerOf).join('\n')
  return text ? [{ kind: 'text', text }] : []
}

const answerOf = ({ label, name, text, email, select }: FormField): string =>
  `${label ?? name ?? ''}: ${text ?? email ?? (select ?? []).map((one) => one.label ?? one.name).join(', ')}`

/** The company’s own number counts only of a person who signed in. */
export function toCustomer(person: Person | undefined, displayName?: string): Customer | undefined {
  const { externalId, authenticated, profile } = person ?? {}
  const name = [profile?.givenName, profile?.surname].filter(Boolean).join(' ') || displayName
  const customer: Customer = {
    ...(externalId && authenticated && { id: externalId, verified: true }),
    ...(name && { name }),
    ...(profile?.email && { email: profile.email }),
    ...(profile?.locale && { language: profile.locale }),
  }
  return Object.keys(customer).length > 0 ? customer : undefined
}
