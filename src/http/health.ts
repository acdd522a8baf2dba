/** `/livez`: the process answers. `/readyz`: the record can be reached, so traffic may come. No details for strangers. */
import type { FastifyPluginAsync } from 'fastify'
import type pg from 'pg'

export const health =
  (pool: pg.Pool): FastifyPluginAsync =>
  async (app) => {
    app.get('/livez', { logLevel: 'silent', schema: { hide: true } }, async () => ({ ok: true }))
    app.get('/readyz', { logLevel: 'silent', schema: { hide: true } }, async () => {
      await pool.query('SELECT 1')
      return { ok: true }
    })
  }
