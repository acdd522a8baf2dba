/** Every kind of answer ES knows, as parts (dialogflow.md 8). Pure. */
import type { protos } from '@google-cloud/dialogflow'
import type { Choice, Part } from '#hub/connector.ts'
import { partsIn } from '../payload.ts'
import { fromStruct, type Struct } from '../struct.ts'

export type Answer = protos.google.cloud.dialogflow.v2.Intent.IMessage

/** An answer without a kind is newer than the library: nothing to show. */
export function partsOf(answer: Answer): Part[] {
  if (answer.payload) return partsIn(fromStruct(answer.payload as Struct))
  if (answer.text) return (answer.text.text ?? []).flatMap((line) => lines(line))
  if (answer.quickReplies) {
    const { title, quickReplies } = answer.quickReplies
    return [...lines(title), ...choices((quickReplies ?? []).map((reply) => ({ label: reply, value: reply })))]
  }
  if (answer.image) return card({ image: answer.image })
  return answer.card ? ownCard(answer.card) : assistantParts(answer)
}

/** What a button sends back stands behind its label; an address is no answer. */
function ownCard({ title, subtitle, imageUri, buttons }: NonNullable<Answer['card']>): Part[] {
  const pressed = (buttons ?? []).map(({ text, postback }) => ({ label: text ?? '', value: postback || text || '' }))
  const links = pressed.filter(({ value }) => isUrl(value)).map(({ label, value }) => linked(label, value))
  return [
    ...card({ title, subtitle, image: { imageUri }, more: links }),
    ...choices(pressed.filter(({ value }) => !isUrl(value))),
  ]
}

/** Kinds of Google Assistant: only there when the agent answers for that platform. */
function assistantParts(answer: Answer): Part[] {
  const { simpleResponses, basicCard, suggestions, linkOutSuggestion, mediaContent, tableCard } = answer
  if (simpleResponses)
    return (simpleResponses.simpleResponses ?? []).flatMap((said) => lines(said.displayText || said.textToSpeech))
  if (basicCard) {
    const links = (basicCard.buttons ?? []).map(({ title, openUriAction }) => linked(title, openUriAction?.uri))
    return card({ ...basicCard, description: basicCard.formattedText, more: links })
  }
  if (suggestions)
    return choices((suggestions.suggestions ?? []).map(({ title }) => ({ label: title ?? '', value: title ?? '' })))
  if (linkOutSuggestion) return lines(linked(linkOutSuggestion.destinationName, linkOutSuggestion.uri))
  if (mediaContent)
    return (mediaContent.mediaObjects ?? []).flatMap((one) =>
      card({ title: linked(one.name, one.contentUrl), description: one.description }),
    )
  if (tableCard) {
    const rows = (tableCard.rows ?? []).map(({ cells }) => (cells ?? []).map(({ text }) => text ?? '').join(' | '))
    const heads = (tableCard.columnProperties ?? []).map(({ header }) => header ?? '').join(' | ')
    return card({ ...tableCard, more: [heads, ...rows] })
  }
  return listParts(answer)
}

function listParts({ listSelect, carouselSelect, browseCarouselCard }: Answer): Part[] {
  if (browseCarouselCard)
    return (browseCarouselCard.items ?? []).flatMap((item) =>
      card({ ...item, title: linked(item.title, item.openUriAction?.url) }),
    )
  const items = listSelect?.items ?? carouselSelect?.items ?? []
  return [
    ...card({ title: listSelect?.title, subtitle: listSelect?.subtitle }),
    ...items.flatMap(({ description, image }) => card({ description, image })),
    ...choices(items.map(({ title, info }) => ({ label: title ?? '', value: info?.key || title || '' }))),
  ]
}

interface Card {
  readonly title?: string | null
  readonly subtitle?: string | null
  readonly description?: string | null
  readonly image?: { readonly imageUri?: string | null; readonly accessibilityText?: string | null } | null
  readonly more?: readonly string[]
}

function card({ title, subtitle, description, image, more = [] }: Card): Part[] {
  const picture = image?.imageUri ? linked(image.accessibilityText || 'Image', image.imageUri) : ''
  return lines([title, subtitle, description, picture, ...more].filter(Boolean).join('\n'))
}

const lines = (text: string | null | undefined): Part[] => (text?.trim() ? [{ kind: 'text', text: text.trim() }] : [])

function choices(all: readonly Choice[]): Part[] {
  const named = all.filter(({ label, value }) => label.trim() !== '' && value !== '')
  return named.length > 0 ? [{ kind: 'choices', choices: named }] : []
}

const isUrl = (text: string): boolean => /^https?:\/\//.test(text)
const linked = (label: string | null | undefined, url: string | null | undefined): string =>
  url && isUrl(url) ? `[${label || url}](${url})` : (label ?? '')
