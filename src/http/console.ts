/** Serves the console of staff, as it was built, under `/console`: its files for ever, its page anew each time, with a nonce of its own. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { HubError } from '../errors.ts'

const home = fileURLToPath(new URL('../../console/', import.meta.url))
const built = 'dist/app'

/** Styles that are made while the console runs carry the nonce; nothing else inline is let in. */
const policyWith = (nonce: string): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join('; ')

const secure = (reply: FastifyReply, nonce: string): FastifyReply =>
  reply
    .header('content-security-policy', policyWith(nonce))
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'same-origin')
    .header('cross-origin-opener-policy', 'same-origin')

export const consolePages =
  (root = home): FastifyPluginAsync =>
  async (app) => {
    await app.register(fastifyStatic, { root, serve: false })
    const quiet = { schema: { hide: true }, logLevel: 'warn' } as const

    // Vite puts a hash of the content into the name: another content is another file.
    app.get('/console/assets/:file', quiet, (request, reply) => {
      const { file } = request.params as { file: string }
      if (!/^[\w.-]+\.(js|css|woff2|svg|png)$/.test(file)) throw new HubError('unknown', 'There is no such file')
      return reply.sendFile(`${built}/assets/${file}`, { maxAge: '365d', immutable: true })
    })
    app.get('/console/baton.svg', quiet, (_request, reply) => reply.sendFile(`${built}/baton.svg`, { maxAge: '1h' }))

    const page = async (_request: unknown, reply: FastifyReply) => {
      const nonce = randomBytes(16).toString('base64')
      const html = await readFile(join(root, built, 'index.html'), 'utf8').catch(() => undefined)
      secure(reply, nonce).header('cache-control', 'no-store').type('text/html; charset=utf-8')
      return html === undefined ? reply.code(503).send(unbuilt) : reply.send(html.replace('%NONCE%', nonce))
    }
    app.get('/console', quiet, page)
    app.get('/console/*', quiet, page)
  }

const unbuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Baton</title>
<h1>The console is not built</h1>
<p>The hub runs, and customers and agents do not notice. In the folder of Baton, run <code>npm run build</code> and load this page again.</p>
</html>
`
