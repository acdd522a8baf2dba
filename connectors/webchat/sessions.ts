/** A visitor's browser and its thread: random tokens, of which only the hash is stored, each good for one thread. */
import { createHash, randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Customer, Host, Ref } from '#hub/connector.ts'
import { type Details, withDetails } from './details.ts'
import type { Vouched } from './identity.ts'
import { tablesOf } from './tables.ts'

export interface Session {
  readonly thread: Ref
  readonly customer: Customer
  readonly subject: string | undefined
  /** The visitor has read up to here. */
  readonly read: number
  /** An agent has seen what the visitor said up to this moment; 0: nothing. */
  readonly seen: number
}

export interface Sessions {
  /** A new token: for a new thread, or for the thread this vouched person already has. */
  begin(customer: Customer, vouched?: Vouched): Promise<{ token: string; session: Session }>
  /** The session of a token and a sign of its use; undefined when it is unknown or has expired. */
  find(token: string): Promise<Session | undefined>
  /** Puts a name to a thread that was anonymous so far. */
  identify(thread: Ref, vouched: Vouched): Promise<Customer>
  /** Adds what the page says of the visitor; undefined where all of it was known. */
  describe(thread: Ref, details: Details): Promise<Customer | undefined>
  knows(thread: Ref): Promise<boolean>
  /** Raises the read mark; a lower one changes nothing. */
  read(thread: Ref, seq: number): Promise<void>
  readUpTo(thread: Ref): Promise<number>
  /** Raises the mark of what an agent has seen; false where it stood there already. */
  sees(thread: Ref, until: number): Promise<boolean>
  /** Forgets what expired. */
  sweep(): Promise<void>
}

const dayMs = 86_400_000
/** The end of a session moves at most this often, so that a busy visitor is not a write for each word. */
const touchMs = 3_600_000

export function createSessions(host: Host, sessionDays: number): Sessions {
  const db = tablesOf(host)
  const connection = host.name
  const lifeMs = sessionDays * dayMs

  const addToken = async (thread: Ref): Promise<string> => {
    const token = randomBytes(32).toString('base64url')
    const expires_at = host.clock.now() + lifeMs
    await db
      .insertInto('webchat_sessions')
      .values({ connection, token_hash: hash(token), thread, expires_at })
      .execute()
    return token
  }

  const threadOf = async (vouched: Vouched): Promise<Ref> => {
    const row = await db
      .selectFrom('webchat_threads')
      .select('thread')
      .where('connection', '=', connection)
      .where('subject', '=', vouched.subject)
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst()
    // Two devices of one person that begin at the same moment must meet in one thread: its name follows from the person.
    return row?.thread ?? `p-${hash(vouched.subject)}`
  }

  return {
    async begin(customer, vouched) {
      const thread = vouched ? await threadOf(vouched) : `v-${randomBytes(16).toString('base64url')}`
      const whole = { ...customer, ...vouched?.customer }
      const subject = vouched?.subject ?? null
      const row = await db
        .insertInto('webchat_threads')
        .values({ connection, thread, subject, customer: JSON.stringify(whole) as never, created_at: host.clock.now() })
        .onConflict((conflict) =>
          conflict.columns(['connection', 'thread']).doUpdateSet({ customer: JSON.stringify(whole) as never }),
        )
        .returning(['read_seq', 'seen_at'])
        .executeTakeFirstOrThrow()
      const { read_seq: read, seen_at: seen } = row
      const session = { thread, customer: whole, subject: vouched?.subject, read: Number(read), seen: Number(seen) }
      return { token: await addToken(thread), session }
    },

    async find(token) {
      const now = host.clock.now()
      const row = await db
        .selectFrom('webchat_sessions as s')
        .innerJoin('webchat_threads as t', (join) =>
          join.onRef('t.connection', '=', 's.connection').onRef('t.thread', '=', 's.thread'),
        )
        .select(['t.thread', 't.customer', 't.subject', 't.read_seq', 't.seen_at', 's.expires_at'])
        .where('s.connection', '=', connection)
        .where('s.token_hash', '=', hash(token))
        .where('s.expires_at', '>', now)
        .executeTakeFirst()
      if (row === undefined) return undefined
      if (Number(row.expires_at) < now + lifeMs - touchMs) await prolong(token, now)
      return {
        thread: row.thread,
        customer: row.customer,
        subject: row.subject ?? undefined,
        read: Number(row.read_seq),
        seen: Number(row.seen_at),
      }
    },

    async identify(thread, vouched) {
      const known = await change(thread, (before) => ({ ...before, ...vouched.customer }), vouched.subject)
      return known.customer
    },

    async describe(thread, details) {
      const { before, customer } = await change(thread, (before) => withDetails(before, details))
      return isDeepStrictEqual(customer, before) ? undefined : customer
    },

    async knows(thread) {
      const row = await db
        .selectFrom('webchat_threads')
        .select('thread')
        .where('connection', '=', connection)
        .where('thread', '=', thread)
        .executeTakeFirst()
      return row !== undefined
    },

    async read(thread, seq) {
      await db
        .updateTable('webchat_threads')
        .set({ read_seq: seq })
        .where('connection', '=', connection)
        .where('thread', '=', thread)
        .where('read_seq', '<', seq)
        .execute()
    },

    async readUpTo(thread) {
      const row = await db
        .selectFrom('webchat_threads')
        .select('read_seq')
        .where('connection', '=', connection)
        .where('thread', '=', thread)
        .executeTakeFirst()
      return Number(row?.read_seq ?? 0)
    },

    async sees(thread, until) {
      const { numUpdatedRows } = await db
        .updateTable('webchat_threads')
        .set({ seen_at: until })
        .where('connection', '=', connection)
        .where('thread', '=', thread)
        .where('seen_at', '<', until)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async sweep() {
      const now = host.clock.now()
      await db
        .deleteFrom('webchat_sessions')
        .where('connection', '=', connection)
        .where('expires_at', '<=', now)
        .execute()
      // Nobody can come back to an anonymous thread without a session; a vouched person can.
      await db
        .deleteFrom('webchat_threads as t')
        .where('t.connection', '=', connection)
        .where('t.subject', 'is', null)
        .where('t.created_at', '<', now - lifeMs)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('webchat_sessions as s')
                .select('s.thread')
                .whereRef('s.connection', '=', 't.connection')
                .whereRef('s.thread', '=', 't.thread'),
            ),
          ),
        )
        .execute()
    },
  }

  /** Under the thread's lock: what a page says must not take back what was vouched for in the same moment. */
  function change(thread: Ref, to: (before: Customer) => Customer, subject?: string) {
    return db.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom('webchat_threads')
        .select('customer')
        .where('connection', '=', connection)
        .where('thread', '=', thread)
        .forUpdate()
        .executeTakeFirst()
      const before = row?.customer ?? {}
      const customer = to(before)
      await tx
        .updateTable('webchat_threads')
        .set({ ...(subject === undefined ? {} : { subject }), customer: JSON.stringify(customer) as never })
        .where('connection', '=', connection)
        .where('thread', '=', thread)
        .execute()
      return { before, customer }
    })
  }

  async function prolong(token: string, now: number) {
    await db
      .updateTable('webchat_sessions')
      .set({ expires_at: now + lifeMs })
      .where('connection', '=', connection)
      .where('token_hash', '=', hash(token))
      .execute()
  }
}

const hash = (secret: string): string => createHash('sha256').update(secret).digest('base64url')
