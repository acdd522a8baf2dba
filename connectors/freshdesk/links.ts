/** Links to files of agents. Freshdesk's own expire: ours lead to a fresh one, and cannot be guessed. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FastifyPluginAsync } from 'fastify'
import { HubError } from '#hub/connector.ts'
import type { Client } from './client.ts'
import type { Entry } from './wire.ts'

export interface Links {
  /** To a file of an entry. */
  to(ticket: string, entry: number, attachment: number): string
  readonly routes: FastifyPluginAsync
}

type FileRequest = { Params: { ticket: string; entry: string; attachment: string; proof: string } }

export function createLinks(base: string, secret: string, client: Client): Links {
  const proofOf = (ticket: string, entry: string, attachment: string): string =>
    createHmac('sha256', secret).update(`file ${ticket} ${entry} ${attachment}`).digest('base64url')

  return {
    to: (ticket, entry, attachment) =>
      `${base}/files/${ticket}/${entry}/${attachment}/${proofOf(ticket, String(entry), String(attachment))}`,
    async routes(app) {
      app.get<FileRequest>('/files/:ticket/:entry/:attachment/:proof', async ({ params }, reply) => {
        const { ticket, entry, attachment, proof } = params
        if (!isSame(proof, proofOf(ticket, entry, attachment))) throw missing()
        const url = await urlOf(client, ticket, Number(entry), Number(attachment))
        return reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer').redirect(url, 302)
      })
    },
  }
}

/** What is internal by now is shown to nobody, whatever it was when the link was made. */
async function urlOf(client: Client, ticket: string, id: number, attachment: number): Promise<string> {
  const entry = (await client.list<Entry>(`/tickets/${ticket}/conversations`)).find((one) => one.id === id)
  const file = entry?.private === false ? entry.attachments?.find((one) => one.id === attachment) : undefined
  if (!file || !/^https?:\/\//.test(file.attachment_url)) throw missing()
  return file.attachment_url
}

const missing = () => new HubError('unknown', 'There is no such file')

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
