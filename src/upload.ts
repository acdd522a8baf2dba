/** One file that a browser sends as a form. */
import type {} from '@fastify/multipart'
import type { FastifyError, FastifyRequest } from 'fastify'
import { HubError } from './errors.ts'
import { FileRefused, tooLarge } from './files.ts'

/** What comes around a file: the form's own lines. */
const aroundBytes = 65_536

/** Throws 413 as soon as it is known to be too large, if possible before it was read. */
export async function readUpload(
  request: FastifyRequest,
  maxBytes: number,
): Promise<{ readonly name: string; readonly content: Buffer }> {
  if (!request.isMultipart()) throw new FileRefused(415, 'body: right is multipart/form-data with one field "file"')
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + aroundBytes) throw tooLarge(maxBytes)
  const part = await request.file({ limits: { fileSize: maxBytes, files: 1, fields: 0, parts: 1 } })
  if (part === undefined) throw new HubError('invalid', 'body: found no file; right is one field "file"')
  const content = await part.toBuffer().catch((error: FastifyError) => {
    throw error.code === 'FST_REQ_FILE_TOO_LARGE' ? tooLarge(maxBytes) : new HubError('invalid', 'The upload broke off')
  })
  return { name: part.filename ?? 'file', content }
}
