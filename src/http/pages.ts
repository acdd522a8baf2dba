/** Serves the pages of `console/` under a strict content security policy. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { pages as known, moved, type Page, shop } from '../../console/pages.ts'
import type { Config } from '../config.ts'
import { HubError } from '../errors.ts'

const widget = 'dist/widget'
const root = fileURLToPath(new URL('../../console/', import.meta.url))

const policyFor = (framedBy: readonly string[]) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${["'self'", ...framedBy].join(' ')}`,
  ].join('; ')

export const guard = (reply: FastifyReply, framedBy: readonly string[] = []): FastifyReply =>
  reply
    .header('content-security-policy', policyFor(framedBy))
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'same-origin')

export const pages =
  (config: Config, options: { withShop: boolean }): FastifyPluginAsync =>
  async (app) => {
    await app.register(fastifyStatic, { root, serve: false })
    const namesOf = (page: Page) =>
      config.connections.filter(({ connector }) => connector.name === page.use).map(({ name }) => name)
    const script = (folder: string) => async (request: { params: unknown }, reply: FastifyReply) => {
      const file = (request.params as { '*': string })['*']
      if (!/^[\w-]+(\/[\w-]+)*\.(js|css|svg|png)$/.test(file)) throw new HubError('unknown', 'There is no such file')
      // A content hash would be needed for more; the browser asks again and mostly hears "not modified".
      return guard(reply).sendFile(`${folder}/${file}`, { cacheControl: true, maxAge: 0 })
    }

    // A reload while the hub is away still shows the chat.
    const kept = 'public, max-age=300, stale-while-revalidate=86400'
    app.get('/widget.js', { schema: { hide: true } }, async (_request, reply) => {
      if (!existsSync(join(root, widget, 'widget.js')))
        throw new HubError('unreachable', 'The chat is not built. In the folder of Baton, run npm run build.')
      return guard(reply)
        .header('cross-origin-resource-policy', 'cross-origin')
        .header('cache-control', kept)
        .sendFile(`${widget}/widget.js`, { cacheControl: false })
    })
    // A hash of the content is in the name: another content is another file.
    app.get('/widget/:file', { schema: { hide: true } }, async (request, reply) => {
      const { file } = request.params as { file: string }
      if (!/^[\w-]+\.js$/.test(file)) throw new HubError('unknown', 'There is no such file')
      return guard(reply)
        .header('cross-origin-resource-policy', 'cross-origin')
        .header('access-control-allow-origin', '*')
        .sendFile(`${widget}/widget/${file}`, { maxAge: '365d', immutable: true })
    })
    app.get('/favicon.ico', { schema: { hide: true }, logLevel: 'silent' }, (_request, reply) => reply.code(204).send())

    for (const [from, to] of Object.entries(moved))
      app.get(from, { schema: { hide: true } }, (_request, reply) => reply.redirect(to))
    for (const page of options.withShop ? [...known, shop] : known) {
      const names = namesOf(page)
      if (names.length === 0) continue
      if (page.folder !== 'widget') app.get(`${page.path}/*`, { schema: { hide: true } }, script(page.folder))
      app.get(page.path, { schema: { hide: true } }, (_request, reply) =>
        reply.redirect(page.folder === 'widget' ? `${page.path}/${names[0]}` : `${page.path}/`),
      )
      app.get(
        page.folder === 'widget' ? `${page.path}/:connection` : `${page.path}/`,
        { schema: { hide: true } },
        async (request, reply) => {
          const asked =
            (request.params as { connection?: string }).connection ??
            (request.query as { connection?: string }).connection
          const name = asked ?? names[0]!
          if (!names.includes(name))
            throw new HubError('unknown', `There is no "${name}" here. There are: ${names.join(', ')}`)
          const html = await readFile(join(root, page.folder, page.html), 'utf8')
          const { settings } = config.connections.find((one) => one.name === name)!
          return guard(reply, page.framedBy?.(settings))
            .type('text/html; charset=utf-8')
            .send(
              html
                .replace('name="baton-connection" content=""', `name="baton-connection" content="${name}"`)
                .replaceAll('data-connection="site"', `data-connection="${name}"`),
            )
        },
      )
    }
  }
