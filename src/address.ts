/** Where the hub listens, and where it is reached. */
import { HubError } from './errors.ts'

export interface Address {
  readonly host: string
  readonly port: number
  /** As others reach it, without a trailing slash. */
  readonly url: string
}

/** Without BATON_HOST only this machine can reach the hub. */
export function readAddress(env: NodeJS.ProcessEnv): Address {
  const host = env.BATON_HOST || '127.0.0.1'
  const port = Number(env.BATON_PORT || 8350)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new HubError('invalid', `BATON_PORT is "${env.BATON_PORT}". Allowed: a port from 1 to 65535.`)
  }
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const url = (env.BATON_URL || `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`).replace(/\/+$/, '')
  if (!URL.canParse(url))
    throw new HubError(
      'invalid',
      `BATON_URL is "${url}". Allowed: the address customers reach the hub at, like https://chat.example.com`,
    )
  return { host, port, url }
}

/** Why nobody can listen there, as a sentence. */
export function unheard(error: unknown, { host, port }: Address): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') {
    return new HubError(
      'conflict',
      `Port ${port} on ${host} is in use. Stop what listens there, or choose another by BATON_PORT.`,
    )
  }
  if (code === 'EACCES')
    return new HubError('refused', `Port ${port} may not be opened by this user. Choose one above 1023 by BATON_PORT.`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new HubError(
      'invalid',
      `BATON_HOST is "${host}", which is no address of this machine. Right is 0.0.0.0 (all), 127.0.0.1 or one it has.`,
    )
  }
  return error
}
