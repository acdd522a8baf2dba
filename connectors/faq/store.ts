/** The bot's own tables: what people add in the console, and what was learned from handoffs. Every row carries its connection. */
import { type Generated, type Kysely, sql } from 'kysely'
import { type ArticleDraft, HubError, type Ref } from '#hub/connector.ts'
import type { Content, FaqArticle, FaqChoice, FaqIntent, Texts } from './content.ts'

export const migrations = {
  'faq-1': `
    CREATE TABLE faq_intents (
      connection text NOT NULL,
      name text NOT NULL,
      answers jsonb NOT NULL DEFAULT '{}',
      choices jsonb NOT NULL DEFAULT '[]',
      wants text CHECK (wants IN ('human', 'end')),
      changed_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (connection, name)
    );
    CREATE TABLE faq_phrases (
      connection text NOT NULL,
      intent text NOT NULL,
      phrase text NOT NULL,
      key text,
      changed_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (connection, intent, phrase)
    );
    CREATE TABLE faq_articles (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      connection text NOT NULL,
      title text NOT NULL,
      body text NOT NULL,
      url text,
      tags jsonb NOT NULL DEFAULT '[]',
      published boolean NOT NULL DEFAULT false,
      key text,
      changed_at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (connection, key)
    );
  `,
}

/** The rows as we read and write them. */
export type Tables = {
  faq_intents: { connection: string; name: string; answers: Texts; choices: FaqChoice[]; wants: 'human' | 'end' | null }
  faq_phrases: { connection: string; intent: string; phrase: string; key: string | null }
  faq_articles: {
    id: Generated<string>
    connection: string
    title: string
    body: string
    url: string | null
    tags: Generated<string[]>
    published: Generated<boolean>
    key: string | null
  }
}

export interface Store {
  /** Published articles only. Phrases may belong to an intent of the folder. */
  read(): Promise<Content>
  /** Changes with every row added, removed or (with `changed_at` set) altered. */
  stamp(): Promise<string>
  /** Each phrase is there once, so a repeated call changes nothing; `key` is kept to tell where it came from. */
  addPhrases(intent: string, phrases: readonly string[], key: string): Promise<void>
  /** Not shown to anybody before a person sets `published`. */
  addArticle(draft: ArticleDraft, key: string): Promise<Ref>
}

export function openStore(database: Kysely<Tables>, connection: string): Store {
  return {
    read: async () => ({
      intents: await readIntents(database, connection),
      articles: await readArticles(database, connection),
    }),

    async stamp() {
      const parts = ['faq_intents', 'faq_phrases', 'faq_articles'].map(
        (table) =>
          sql`(SELECT count(*) || '@' || coalesce(max(changed_at)::text, '') FROM ${sql.table(table)} WHERE connection = ${connection})`,
      )
      const { rows } = await sql<{ stamp: string }>`SELECT concat_ws(' ', ${sql.join(parts)}) AS stamp`.execute(
        database,
      )
      return rows[0]!.stamp
    },

    async addPhrases(intent, phrases, key) {
      const wanted = [...new Set(phrases.map((phrase) => phrase.trim()).filter(Boolean))]
      if (wanted.length === 0) return
      await database
        .insertInto('faq_phrases')
        .values(wanted.map((phrase) => ({ connection, intent, phrase, key })))
        .onConflict((conflict) => conflict.columns(['connection', 'intent', 'phrase']).doNothing())
        .execute()
    },

    async addArticle({ title, body }, key) {
      if (!title.trim() || !body.trim()) throw new HubError('invalid', 'An article needs a title and a text')
      const row = await database
        .insertInto('faq_articles')
        .values({ connection, title: title.trim(), body: body.trim(), url: null, key })
        // Nothing is changed; it only makes RETURNING give the row of the first call.
        .onConflict((conflict) => conflict.columns(['connection', 'key']).doUpdateSet({ key }))
        .returning('id')
        .executeTakeFirstOrThrow()
      return refOf(row.id)
    },
  }
}

const refOf = (id: string): Ref => `row:${id}`

async function readIntents(database: Kysely<Tables>, connection: string): Promise<FaqIntent[]> {
  const rows = await database
    .selectFrom('faq_intents')
    .selectAll()
    .where('connection', '=', connection)
    .orderBy('name')
    .execute()
  const intents = new Map(rows.map((row) => [row.name, toIntent(row)]))
  const phrases = await database
    .selectFrom('faq_phrases')
    .select(['intent', 'phrase'])
    .where('connection', '=', connection)
    .orderBy('intent')
    .orderBy('phrase')
    .execute()
  for (const { intent, phrase } of phrases) {
    const known = intents.get(intent) ?? toIntent({ name: intent, answers: {}, choices: [], wants: null })
    intents.set(intent, { ...known, phrases: [...known.phrases, phrase] })
  }
  return [...intents.values()]
}

function toIntent(row: Omit<Tables['faq_intents'], 'connection'>): FaqIntent {
  const { name, answers, choices, wants } = row
  return { name, phrases: [], answers, choices, needs: [], ...(wants && { wants }) }
}

async function readArticles(database: Kysely<Tables>, connection: string): Promise<FaqArticle[]> {
  const rows = await database
    .selectFrom('faq_articles')
    .select(['id', 'title', 'body', 'url', 'tags'])
    .where('connection', '=', connection)
    .where('published', '=', true)
    .orderBy('id')
    .execute()
  return rows.map(({ id, title, body, url, tags }) => ({ id: refOf(id), title, body, tags, ...(url && { url }) }))
}
