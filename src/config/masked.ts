/** A configuration that may be shown. */
import type { Config } from '../config.ts'
import type { Mapping } from '../mapping.ts'
import { showPath } from './problems.ts'
import { mapWithSchema, type Schema } from './schemas.ts'

const hidden = '(hidden)'

export interface MaskedConfig {
  readonly file: string
  readonly connections: ReadonlyArray<{ readonly name: string; readonly use: string; readonly settings: unknown }>
  /** Without the criteria, which are built code by now; `simulate` explains them. */
  readonly mappings: ReadonlyArray<Omit<Mapping, 'criteria'>>
}

/** Fields marked `writeOnly` are hidden; whatever came from the environment or a file is shown as the reference to it. */
export const maskedConfig = (config: Config): MaskedConfig => ({
  file: config.file,
  connections: config.connections.map(({ name, use, connector, settings, written }) => ({
    name,
    use,
    settings: mapWithSchema(connector.settings as Schema, settings, (value, schemas, path) => {
      if (schemas.some((schema) => schema.writeOnly)) return hidden
      return written.get(showPath(path)) ?? value
    }),
  })),
  mappings: config.mappings.map(({ criteria: _, ...mapping }) => mapping),
})
