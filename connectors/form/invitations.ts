/** The form's own record: who was invited, and what they answered until the hub has it. */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Kysely, Selectable } from 'kysely'
import type { Host, HubEvent, Invitation } from '#hub/connector.ts'

export const migrations = {
  '001-invitations': `
    CREATE TABLE form_secrets (
      connection text PRIMARY KEY,
      secret     text NOT NULL
    );
    CREATE TABLE form_invitations (
      token_hash   text PRIMARY KEY,
      connection   text NOT NULL,
      key          text NOT NULL,
      conversation bigint NOT NULL,
      handoff      integer NOT NULL,
      language     text,
      invited_at   bigint NOT NULL,
      answered_at  bigint,
      score        integer,
      scale        integer,
      comment      text,
      received_at  bigint,
      UNIQUE (connection, key)
    );
    -- One answer for one handoff, however many invitations it had.
    CREATE UNIQUE INDEX form_one_answer ON form_invitations (connection, conversation, handoff) WHERE answered_at IS NOT NULL;
    CREATE INDEX form_unreceived ON form_invitations (connection) WHERE answered_at IS NOT NULL AND received_at IS NULL;
  `,
}

interface InvitationTable {
  token_hash: string
  connection: string
  key: string
  conversation: string | number
  handoff: number
  language: string | null
  invited_at: string | number
  answered_at: string | number | null
  score: number | null
  scale: number | null
  comment: string | null
  received_at: string | number | null
}
interface Tables {
  form_secrets: { connection: string; secret: string }
  form_invitations: InvitationTable
}
export type InvitationRow = Selectable<InvitationTable>

export interface Answer {
  readonly score: number
  readonly comment?: string
}

export const validMs = 14 * 24 * 60 * 60_000

export type Invitations = Awaited<ReturnType<typeof openInvitations>>

export async function openInvitations(host: Host) {
  const db = host.database as Kysely<Tables>
  const connection = host.name
  const secret = await ownSecret(db, connection)
  // The same key gives the same link, though only a hash of its token is stored beside the conversation.
  const tokenOf = (key: string) => createHmac('sha256', secret).update(key).digest('base64url')

  return {
    /** Gives the token of the invitation that this key names, making it on the first call. */
    async invite(after: Invitation, key: string): Promise<string> {
      const token = tokenOf(key)
      const { conversation, handoff, language } = after
      await db
        .insertInto('form_invitations')
        .values({
          token_hash: hashOf(token),
          connection,
          key,
          conversation,
          handoff,
          language,
          invited_at: host.clock.now(),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      return token
    },

    /** The invitation behind a token that is still valid. */
    async find(token: string): Promise<InvitationRow | undefined> {
      if (!/^[\w-]{43}$/.test(token)) return undefined
      return db
        .selectFrom('form_invitations')
        .selectAll()
        .where('token_hash', '=', hashOf(token))
        .where('connection', '=', connection)
        .where('invited_at', '>', host.clock.now() - validMs)
        .executeTakeFirst()
    },

    async isAnswered({ conversation, handoff }: InvitationRow): Promise<boolean> {
      const row = await db
        .selectFrom('form_invitations')
        .select('token_hash')
        .where('connection', '=', connection)
        .where('conversation', '=', conversation)
        .where('handoff', '=', handoff)
        .where('answered_at', 'is not', null)
        .executeTakeFirst()
      return row !== undefined
    },

    /** Writes the answer down. False when this handoff has one already, also from another hub at the same moment. */
    async answer(row: InvitationRow, answer: Answer, scale: number): Promise<boolean> {
      try {
        const { numUpdatedRows } = await db
          .updateTable('form_invitations')
          .set({ answered_at: host.clock.now(), score: answer.score, scale, comment: answer.comment ?? null })
          .where('token_hash', '=', row.token_hash)
          .where('answered_at', 'is', null)
          .executeTakeFirst()
        return numUpdatedRows > 0n
      } catch (error) {
        if ((error as { code?: string }).code === '23505') return false
        throw error
      }
    },

    /** Gives the hub what it has not got yet. One at a time, so that an answer the hub refuses holds back no other. */
    async deliverLeft(): Promise<void> {
      const left = await db
        .selectFrom('form_invitations')
        .select('token_hash')
        .where('connection', '=', connection)
        .where('answered_at', 'is not', null)
        .where('received_at', 'is', null)
        .limit(100)
        .execute()
      const failures: unknown[] = []
      for (const row of left) await deliver(row).catch((error) => failures.push(error))
      if (failures.length) throw failures[0]
    },
    deliver,

    /** Links that were not used lead nowhere any more; of an answer only the score stays. */
    async erase(conversation: number): Promise<void> {
      const own = { connection, conversation }
      await db
        .deleteFrom('form_invitations')
        .where((of) => of.and(own))
        .where('answered_at', 'is', null)
        .execute()
      await db
        .updateTable('form_invitations')
        .set({ comment: null })
        .where((of) => of.and(own))
        .execute()
    },
  }

  /** The hub drops what it knows by the external id. Once it has the answer, our copy of the words goes. */
  async function deliver({ token_hash }: Pick<InvitationRow, 'token_hash'>): Promise<void> {
    const row = await db
      .selectFrom('form_invitations')
      .selectAll()
      .where('token_hash', '=', token_hash)
      .where('received_at', 'is', null)
      .executeTakeFirst()
    if (!row) return
    await host.receive([toEvent(row)])
    await db
      .updateTable('form_invitations')
      .set({ received_at: host.clock.now(), comment: null })
      .where('token_hash', '=', token_hash)
      .execute()
  }
}

export const toEvent = (row: InvitationRow): HubEvent => ({
  type: 'feedback',
  externalId: `answer:${row.token_hash}`,
  at: Number(row.answered_at),
  conversation: Number(row.conversation),
  feedback: {
    handoff: row.handoff,
    score: row.score!,
    scale: row.scale!,
    ...(row.comment ? { comment: row.comment } : {}),
  },
})

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** One for each connection, whichever hub came first. */
async function ownSecret(db: Kysely<Tables>, connection: string): Promise<string> {
  const secret = randomBytes(32).toString('base64url')
  await db
    .insertInto('form_secrets')
    .values({ connection, secret })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const row = await db
    .selectFrom('form_secrets')
    .select('secret')
    .where('connection', '=', connection)
    .executeTakeFirstOrThrow()
  return row.secret
}
