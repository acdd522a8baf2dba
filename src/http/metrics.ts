/** Prometheus metrics, from the record: the same whichever hub is asked. */
import type { FastifyPluginAsync } from 'fastify'
import type pg from 'pg'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'

const counts = `
  WITH due AS MATERIALIZED (
    SELECT conversation, lane, head FROM lanes WHERE due <= now() AND head < tail AND (token IS NULL OR leased_until <= now())
  )
  SELECT
    (SELECT count(*) FROM conversations WHERE control = 'waiting') AS waiting,
    (SELECT count(*) FROM conversations WHERE control = 'agent') AS with_agent,
    (SELECT count(*) FROM effects WHERE dead_at IS NOT NULL) AS dead,
    (SELECT count(*) FROM effects WHERE doubtful) AS doubtful,
    (SELECT count(*) FROM due) AS lanes_due,
    (SELECT coalesce(extract(epoch FROM now() - min(e.created_at)), 0)
       FROM due JOIN effects e USING (conversation, lane) WHERE e.n = due.head + 1) AS oldest_due`

export const metrics =
  (pool: pg.Pool): FastifyPluginAsync =>
  async (app) => {
    const registry = new Registry()
    collectDefaultMetrics({ register: registry })
    const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] })
    const gauges = {
      waiting: gauge('baton_conversations_waiting', 'Conversations whose customer waits for a person'),
      with_agent: gauge('baton_conversations_with_agent', 'Conversations an agent holds'),
      dead: gauge('baton_dead_letters', 'Effects that failed for good and wait for a person'),
      doubtful: gauge('baton_effects_doubtful', 'Effects that may have been seen twice at a vendor that cannot tell'),
      lanes_due: gauge('baton_lanes_due', 'Lanes with something to do right now'),
      oldest_due: gauge('baton_lanes_oldest_due_seconds', 'Age of the lane that has waited longest'),
    }
    app.get(
      '/metrics',
      { logLevel: 'silent', schema: { hide: true }, config: { may: 'metrics.read' } },
      async (_request, reply) => {
        const { rows } = await pool.query<Record<keyof typeof gauges, string>>({ name: 'metrics', text: counts })
        for (const [name, one] of Object.entries(gauges)) one.set(Number(rows[0]![name as keyof typeof gauges]))
        return reply.type(registry.contentType).send(await registry.metrics())
      },
    )
  }
