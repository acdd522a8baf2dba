/** How the connectors of the fault suite speak to its twins: one POST for each verb, the key in a header. */
import { type Static, Type } from 'typebox'
import { type Host, HubError, type Ref, toHubError } from '#hub/connector.ts'

export const settings = Type.Object(
  {
    url: Type.String({ title: 'URL', description: 'Where the twin listens.' }),
    dedupes: Type.Boolean({ title: 'Deduplicates', description: 'The twin drops a second call with a key it knows.' }),
    finds: Type.Boolean({ title: 'Finds', description: 'The twin can be asked what a key has made.' }),
    concurrency: Type.Integer({
      title: 'Concurrency',
      description: 'Calls at a time that the twin permits.',
      minimum: 1,
    }),
  },
  { additionalProperties: false },
)
export type Settings = Static<typeof settings>

export interface Vendor {
  /** The answer's fields; one that is not an object with a `ref` may still have been an effect. */
  call<T extends { ref: Ref }>(verb: string, key: string, body: object): Promise<T>
  find(key: string): Promise<Ref | undefined>
}

export function openVendor(host: Host, { url }: Settings): Vendor {
  return {
    async call(verb, key, body) {
      const headers = { 'idempotency-key': key }
      const { data } = await host.http.post(`${url}/${verb}`, body, { headers }).catch(complain)
      if (typeof data?.ref !== 'string') throw unreadable()
      return data
    },
    async find(key) {
      const { data } = await host.http.get(`${url}/made/${encodeURIComponent(key)}`).catch(complain)
      if (typeof data?.found !== 'boolean') throw unreadable()
      return data.found ? data.ref : undefined
    },
  }
}

const complain = (error: unknown): never => {
  throw toHubError(error, 'The twin')
}

const unreadable = () => new HubError('unreachable', 'The twin gave an answer that cannot be read', { certain: false })
