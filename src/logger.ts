/** The one logger: JSON lines that hold neither secrets nor what customers say. */
import { type DestinationStream, type Logger, pino } from 'pino'
import { HubError } from './errors.ts'

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'silent']

/** Writes to the error stream unless told otherwise. Throws `invalid` for a level that is none. */
export function createLogger(env: NodeJS.ProcessEnv, destination: DestinationStream = pino.destination(2)): Logger {
  const level = env.BATON_LOG || 'info'
  if (!levels.includes(level)) {
    throw new HubError('invalid', `BATON_LOG is "${level}". Allowed: ${levels.join(', ')}.`)
  }
  const paths = ['req.headers', 'headers', '*.authorization', '*.token', '*.secret', '*.password']
  return pino(
    { level, base: undefined, redact: { paths, censor: '…' }, serializers: { err: (error) => toLog(error) } },
    destination,
  )
}

interface LoggedError {
  readonly type: string
  readonly code?: string
  readonly message?: string
  readonly stack?: string
  readonly cause?: LoggedError
}

/**
 * An error as a log may hold it. Errors of libraries carry whole requests, rows and answers as fields, and some quote what they
 * could not read; so fields are chosen, and a sentence that may quote is left out.
 */
export function toLog(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = (error as { code?: unknown }).code
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    ...(mayQuote(error) ? {} : { message: error.message }),
    stack: placesOf(error),
    ...(error.cause instanceof Error && depth < 4 ? { cause: toLog(error.cause, depth + 1) } : {}),
  }
}

/** JSON that cannot be parsed is quoted by V8, values that cannot be converted by PostgreSQL (class 22). */
function mayQuote(error: Error): boolean {
  const code = (error as { code?: unknown }).code
  return error instanceof SyntaxError || (typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code))
}

/** The stack without its first lines, which repeat the message. */
const placesOf = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .join('\n')
