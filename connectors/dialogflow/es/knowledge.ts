/** The role `knowledge`: searching the agent's knowledge bases, and putting drafts where nobody is answered from. */
import { createHash } from 'node:crypto'
import { HubError, type Knowledge } from '#hub/connector.ts'
import { newSession } from '../session.ts'
import { cut } from '../translate.ts'
import type { Client } from './client.ts'
import type { Settings } from './settings.ts'
import { articlesOf, knowledgeBaseName, toRequest } from './translate.ts'

/** Undefined where no knowledge base is named. */
export function openKnowledge(client: Client, settings: Settings): Knowledge | undefined {
  const { knowledgeBases, drafts, textLength } = settings
  if (drafts && knowledgeBases.some((one) => knowledgeBaseName(settings, one) === knowledgeBaseName(settings, drafts)))
    throw new HubError('invalid', '`drafts` must not be one of `knowledgeBases`: customers would be shown drafts')
  if (knowledgeBases.length === 0) return undefined
  return {
    /** In a session of its own each time, so that no conversation moves. */
    async search(question, limit) {
      const words = cut(question.trim(), textLength)
      if (words === '') return []
      const asked = { input: { text: words }, session: { ...newSession(), at: 0 }, conversation: 'search' }
      const { queryResult } = await client.detect(toRequest(asked, settings))
      return (articlesOf(queryResult ?? {}) ?? []).filter(({ score }) => score > 0).slice(0, limit)
    },
    ...(drafts && { propose: (draft, key) => propose(client, knowledgeBaseName(settings, drafts), draft, key) }),
  }
}

/** The key is kept with the document: a second try finds the first one's. */
async function propose(
  client: Client,
  into: string,
  { title, body }: { title: string; body: string },
  key: string,
): Promise<string> {
  const mark = createHash('sha256').update(key).digest('hex').slice(0, 32)
  const ref = `${into}#${mark}`
  const known = await client.listDocuments(into)
  if (known.some(({ metadata }) => metadata?.[markName] === mark)) return ref
  await client.createDocument(into, {
    displayName: cut(title, 1_024),
    mimeType: 'text/plain',
    knowledgeTypes: ['EXTRACTIVE_QA' as never],
    rawContent: Buffer.from(`${title}\n\n${body}`),
    metadata: { [markName]: mark },
  })
  return ref
}

const markName = 'hub_key'
