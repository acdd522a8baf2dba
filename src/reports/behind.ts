/** The conversations behind a number: as many rows as the number says, newest first, found by the same condition. */
import type { Behind } from './answers.ts'
import { among, counts, type MeasureName, measureOf } from './measures.ts'
import { conditions, newValues, type Question, sets, waitOf } from './sets.ts'
import type { Queryable } from './tally.ts'

export interface Asked {
  readonly number: MeasureName
  /** The numerator, or all of the denominator. */
  readonly side: 'counts' | 'among'
  readonly limit: number
  /** `next` of the page before. */
  readonly after?: string
}

const handoffColumns = `x.number AS handoff, x.desk, x.agent, x.criterion AS reason, x.intent, x.outcome, ${waitOf} AS "waitedMs", x.score`
const otherColumns = `NULL::integer AS handoff, NULL AS desk, NULL AS agent, NULL AS reason, NULL AS intent, NULL AS outcome,
  NULL::bigint AS "waitedMs", NULL::double precision AS score`

type Row = Behind['rows'][number] & { readonly place: number }

export async function conversationsBehind(
  pool: Queryable,
  question: Question,
  { number, side, limit, after }: Asked,
): Promise<Behind> {
  const { set: name, title } = measureOf(number)
  const set = sets[name]
  const at = set.at ?? 'x.at'
  const where = (values: ReturnType<typeof newValues>) =>
    `${conditions(values, name, question)} AND ${side === 'counts' ? counts(number, values, question) : among(number)}`
  const counting = newValues()
  const counted = pool.query<{ total: number }>({
    text: `SELECT count(*) AS total FROM ${set.from} WHERE ${where(counting)}`,
    values: counting.list,
  })
  const values = newValues()
  const condition = where(values)
  const [moment, conversation, place] = after?.split('.') ?? []
  const paged = after
    ? `AND (${at}, x.conversation, ${set.number}) < (${values.add(moment, 'bigint')}, ${values.add(conversation, 'bigint')}, ${values.add(place, 'bigint')})`
    : ''
  const { rows } = await pool.query<Row>({
    text: `SELECT x.conversation, ${at} AS at, x.mapping, x.channel, x.language, ${set.number}::bigint AS place,
        ${set.isHandoff ? handoffColumns : otherColumns}
      FROM ${set.from} WHERE ${condition} ${paged} ORDER BY ${at} DESC, x.conversation DESC, ${set.number} DESC LIMIT ${limit + 1}`,
    values: values.list,
  })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    number,
    title,
    total: (await counted).rows[0]!.total,
    rows: page.map(({ place: _, ...row }) => row),
    next: rows.length > limit && last ? `${last.at}.${last.conversation}.${last.place}` : null,
  }
}
