/** `baton schema`: writes the JSON Schema by which editors complete the YAML. */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { connectors } from '../../connectors/index.ts'
import { buildJsonSchema } from '../config/jsonschema.ts'

export const schemaFile = fileURLToPath(new URL('../../config/baton.schema.json', import.meta.url))

export interface SchemaOptions {
  /** Writes nothing; the exit code is 1 when the file differs from what would be written. */
  readonly check: boolean
  readonly write: (line: string) => void
  readonly file?: string
}

export async function schema({ check, write, file = schemaFile }: SchemaOptions): Promise<number> {
  const now = `${JSON.stringify(await buildJsonSchema(connectors), null, 2)}\n`
  const before = await readFile(file, 'utf8').catch(() => undefined)
  if (now === before) {
    write(`${file} is up to date.`)
    return 0
  }
  if (check) {
    write(
      `${file} ${before === undefined ? 'is missing' : 'differs from the connectors’ settings'}. Run: npm run schema`,
    )
    return 1
  }
  await writeFile(file, now)
  write(`${file} was written.`)
  return 0
}
