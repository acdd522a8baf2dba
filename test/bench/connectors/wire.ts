/** What the three connectors of the benchmark share: their settings and the call to the vendor. */
import { type Static, Type } from 'typebox'
import { type Host, toHubError } from '#hub/connector.ts'
import { HubError } from '#hub/errors.ts'

export const settings = Type.Object(
  {
    vendor: Type.String({ title: 'Vendor', description: 'Base URL of the vendor.' }),
    secret: Type.String({ title: 'Secret', description: 'Signs webhooks.', minLength: 8, writeOnly: true }),
  },
  { additionalProperties: false },
)
export type Settings = Static<typeof settings>

export async function post<T>(host: Host, { vendor }: Settings, path: string, key: string, body: object): Promise<T> {
  try {
    const { data } = await host.http.post<T>(`${vendor}${path}`, body, { headers: { 'idempotency-key': key } })
    return data
  } catch (error) {
    throw toHubError(error, 'The wire')
  }
}

/** A field of a webhook's body. */
export function field(body: unknown, name: string): string {
  const value = (body as Record<string, unknown> | null)?.[name]
  if (typeof value === 'string' && value.length > 0 && value.length <= 4000) return value
  throw new HubError('invalid', `${name}: found ${typeof value}; right is a text of 1 to 4000 characters`)
}
