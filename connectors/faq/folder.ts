/** The folder with `intents.yaml` and `articles/*.md`. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HubError } from '#hub/connector.ts'
import { parseArticle } from './articles.ts'
import type { Content } from './content.ts'
import { joinIntents } from './content.ts'
import { parseIntents } from './intents.ts'

/** Throws `invalid` naming file and line. Files in the order of their names, so that the same folder gives the same bot. */
export async function readFolder(folder: string): Promise<Content> {
  const names = await listFolder(folder)
  const intents = await Promise.all(
    names.intents.map(async (name) => parseIntents(await readFile(join(folder, name), 'utf8'), name)),
  )
  const articles = await Promise.all(
    names.articles.map(async (name) => {
      const file = `articles/${name}`
      return parseArticle(await readFile(join(folder, file), 'utf8'), file, `file:${name}`)
    }),
  )
  return { intents: joinIntents(...intents), articles }
}

/** Changes when a file is added, removed or written; cheap enough to ask every few seconds. */
export async function stampOf(folder: string): Promise<string> {
  const names = await listFolder(folder)
  const files = [...names.intents, ...names.articles.map((name) => `articles/${name}`)]
  const stamps = await Promise.all(
    files.map(async (file) => {
      const { mtimeMs, size } = await stat(join(folder, file))
      return `${file} ${mtimeMs} ${size}`
    }),
  )
  return stamps.join('\n')
}

async function listFolder(folder: string): Promise<{ intents: string[]; articles: string[] }> {
  const top = await namesIn(folder)
  if (!top)
    throw new HubError(
      'invalid',
      `folder "${folder}" does not exist; make it, with intents.yaml inside, or leave "folder" out`,
    )
  const intents = top.filter((name) => /(^|\.)intents\.ya?ml$/.test(name))
  const articles = ((await namesIn(join(folder, 'articles'))) ?? []).filter((name) => name.endsWith('.md'))
  if (intents.length + articles.length === 0)
    throw new HubError('invalid', `folder "${folder}" has neither intents.yaml (or *.intents.yaml) nor articles/*.md`)
  return { intents, articles }
}

async function namesIn(folder: string): Promise<string[] | undefined> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
