/** What Sunshine Conversations refuses, in its shapes (zendesk.md 2.3, 2.4, 3.1). */
import { Refusal } from '../refusal.ts'

export const refusal = (status: number, code: string, title: string) =>
  new Refusal(status, { errors: [{ code, title }] })
export const badRequest = (title: string) => refusal(400, 'bad_request', title)

type Value = Readonly<Record<string, unknown>>
const asValue = (value: unknown): Value | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Value) : undefined

export function checkMetadata(metadata: unknown): Value | undefined {
  if (metadata === undefined) return undefined
  const value = asValue(metadata)
  if (!value) throw badRequest('metadata must be an object')
  if (Object.values(value).some((one) => !['string', 'number', 'boolean'].includes(typeof one)))
    throw badRequest('metadata must be flat')
  if (Buffer.byteLength(JSON.stringify(value)) > 4_096) throw badRequest('metadata is too large')
  return value
}

const authorNames = new Set(['type', 'subtypes', 'userId', 'userExternalId', 'brandId', 'displayName', 'avatarUrl'])

export function checkAuthor(given: unknown): Value {
  const author = asValue(given)
  if (!author || !['business', 'user'].includes(String(author.type))) throw badRequest('author.type is required')
  const wrong = Object.keys(author).find((name) => !authorNames.has(name))
  if (wrong) throw badRequest(`author.${wrong} is not allowed`)
  if (author.type === 'user' && !author.userId === !author.userExternalId)
    throw badRequest('author needs either userId or userExternalId')
  const subtypes = (author.subtypes ?? []) as unknown[]
  if (subtypes.some((one) => one !== 'AI')) throw badRequest('author.subtypes may hold AI only')
  return author
}

const texts = ['text', 'htmlText', 'markdownText']

export function checkContent(given: unknown): Value {
  const content = asValue(given)
  if (!content) throw badRequest('content is required')
  const has = (name: string) => content[name] !== undefined
  const actions = (content.actions ?? []) as unknown[]
  for (const name of texts) if (has(name)) checkText(name, content[name])
  if (content.type === 'text') {
    if (![...texts, 'actions'].some(has)) throw badRequest('text is required')
    checkActions(actions)
  } else if (content.type === 'image' || content.type === 'file') {
    if (typeof content.mediaUrl !== 'string' || !URL.canParse(content.mediaUrl))
      throw badRequest('mediaUrl is required')
    if (String(content.altText ?? '').length > 128) throw badRequest('altText is too long')
  } else if (content.type === 'carousel' || content.type === 'list') checkItems(content.items)
  else throw badRequest('content.type is not supported')
  return content
}

function checkText(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw badRequest(`${name} must be a string`)
  if (value.length > 4_096) throw badRequest(`${name} is longer than 4096`)
}

function checkActions(actions: readonly unknown[]): void {
  for (const action of actions.map(asValue)) {
    const needed = action?.type === 'link' ? 'uri' : 'payload'
    if (!action || !['reply', 'postback', 'link'].includes(String(action.type)))
      throw badRequest('action.type is not supported')
    for (const name of ['text', needed])
      if (typeof action[name] !== 'string' || action[name] === '') throw badRequest(`action.${name} is required`)
  }
}

function checkItems(items: unknown): void {
  if (!Array.isArray(items) || items.length < 1 || items.length > 10) throw badRequest('items must be 1 to 10')
  for (const item of items.map(asValue)) {
    const { title, description, actions } = item ?? {}
    if (typeof title !== 'string' || title.length < 1 || title.length > 128) throw badRequest('item.title')
    if (String(description ?? '').length > 128) throw badRequest('item.description')
    if (!Array.isArray(actions) || actions.length < 1 || actions.length > 3) throw badRequest('item.actions')
    checkActions(actions)
  }
}
