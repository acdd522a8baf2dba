/** Documents of knowledge bases: what was proposed there. */
import { grpcCodes, grpcFailure } from '#hub/twin.ts'

export interface StoredDocument {
  readonly name: string
  readonly displayName: string
  readonly metadata?: Readonly<Record<string, string>>
}

interface CreateRequest {
  readonly parent: string
  readonly document?: {
    readonly displayName?: string
    readonly mimeType?: string
    readonly knowledgeTypes?: readonly string[]
    readonly source?: 'rawContent' | 'contentUri'
    readonly metadata?: Readonly<Record<string, string>>
  }
}

const mimeTypes = ['text/html', 'text/csv', 'text/plain', 'application/pdf']
const longestName = 1_024

export function openDocuments() {
  const stored: StoredDocument[] = []
  return {
    stored: stored as readonly StoredDocument[],
    list: ({ parent, pageSize, pageToken }: { parent: string; pageSize?: number; pageToken?: string }) => {
      const here = stored.filter(({ name }) => name.startsWith(`${parent}/documents/`))
      const from = Number(pageToken || 0)
      const to = from + Math.min(pageSize || 10, 100)
      return { documents: here.slice(from, to), nextPageToken: to < here.length ? String(to) : '' }
    },
    create({ parent, document }: CreateRequest): void {
      const { displayName, mimeType = '', knowledgeTypes = [], source, metadata } = document ?? {}
      if (!displayName || displayName.length > longestName) throw refuse('The display name is missing or too long.')
      if (!mimeTypes.includes(mimeType)) throw refuse(`The MIME type '${mimeType}' is not supported.`)
      if (knowledgeTypes.length === 0) throw refuse('A document must have a knowledge type.')
      if (!source) throw refuse('A document must have a source.')
      stored.push({ name: `${parent}/documents/${stored.length + 1}`, displayName, ...(metadata && { metadata }) })
    },
  }
}

const refuse = (details: string) => grpcFailure(grpcCodes.invalidArgument, details)
