/** A customer's files on their way to Freshdesk: attached where they can be fetched and are small enough, else a link. */
import type { Host, Message, Part } from '#hub/connector.ts'

/** Of a ticket in all (freshdesk.md 2.5). */
export const ticketBytes = 20 * 1024 * 1024

export type FilePart = Extract<Part, { kind: 'file' }>

export async function fetchFiles(host: Host, message: Message): Promise<Map<FilePart, Blob>> {
  const files = new Map<FilePart, Blob>()
  let left = ticketBytes
  for (const part of message.parts) {
    if (part.kind !== 'file' || part.bytes > left) continue
    const blob = await fetchFile(host, part, left)
    if (!blob) continue
    files.set(part, blob)
    left -= blob.size
  }
  return files
}

async function fetchFile(host: Host, { url, mime }: FilePart, maxBytes: number): Promise<Blob | undefined> {
  try {
    const { data } = await host.http.get<Buffer>(url, { responseType: 'arraybuffer', maxContentLength: maxBytes })
    return new Blob([new Uint8Array(data)], { type: mime })
  } catch {
    host.log.info('a customer’s file could not be fetched; the agent gets the link')
    return undefined
  }
}

/** Form fields as Freshdesk reads them: flat, attachments under one repeated name. */
export function toForm(
  fields: Readonly<Record<string, string | number | boolean>>,
  files: ReadonlyMap<FilePart, Blob>,
) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value))
  for (const [{ name }, blob] of files) form.append('attachments[]', blob, name)
  return form
}
