/** Strict checking of what a program sends: nothing is dropped, completed or converted silently. */
import { Ajv } from 'ajv'
import type { FastifyInstance, FastifySchema, FastifySchemaCompiler } from 'fastify'

/**
 * The framework's own checker deletes unknown fields, even those that only another variant of the schema knows. That is right
 * for the text of an address, where all values are text, and wrong for a body.
 */
export function checkStrictly(app: FastifyInstance): void {
  const strict = new Ajv({ strict: false })
  const lenient = new Ajv({ coerceTypes: true, useDefaults: true, strict: false })
  const compile: FastifySchemaCompiler<FastifySchema> = ({ schema, httpPart }) =>
    (httpPart === 'body' ? strict : lenient).compile(schema)
  app.setValidatorCompiler(compile)
}
