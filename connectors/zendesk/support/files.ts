/** A customer’s files, put into Zendesk, so that agents need not leave it (zendesk.md 8.4). */
import { type Host, type Message, toHubError } from '#hub/connector.ts'
import type { Client } from '../client.ts'

export const fileBytes = 50 * 1024 * 1024

/** Tokens for `comment.uploads`; empty when a file cannot be had, for then its address is written out instead. */
export async function uploadFiles(client: Client, host: Host, message: Message): Promise<string[]> {
  const files = message.parts.filter((part) => part.kind === 'file')
  const tokens: string[] = []
  for (const file of files) {
    const bytes = await download(host, file.url)
    if (!bytes) return []
    const { upload } = await client.post<{ upload: { token: string } }>('/uploads', 'upload', {
      query: { filename: file.name },
      headers: { 'content-type': file.mime || 'application/octet-stream' },
      body: bytes,
    })
    tokens.push(upload.token)
  }
  return tokens
}

/** Without our credentials: the file lies at the channel. Undefined where it can no longer be fetched. */
async function download(host: Host, url: string): Promise<Buffer | undefined> {
  try {
    const { data } = await host.http.get<Buffer>(url, { responseType: 'arraybuffer', maxContentLength: fileBytes })
    return Buffer.from(data)
  } catch (thrown) {
    const failure = toHubError(thrown, 'The place of the file')
    // Not Zendesk’s failure, so not a reason to stop calling it: the agent gets the address.
    host.log.warn({ connection: host.name, code: failure.code }, 'a file could not be fetched for Zendesk')
    return undefined
  }
}
