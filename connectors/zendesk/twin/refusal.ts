/** Refusals in Zendesk’s words and shapes (zendesk.md 7.3). */
export class Refusal extends Error {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(`refused: ${status}`)
    this.status = status
    this.body = body
    this.headers = headers
  }
}

export const notFound = () => new Refusal(404, { error: 'RecordNotFound', description: 'Not found' })

export const invalid = (field: string, description: string) =>
  new Refusal(422, {
    error: 'RecordInvalid',
    description: 'Record validation errors',
    details: { [field]: [{ description }] },
  })

export const forbidden = () =>
  new Refusal(403, {
    error: 'Forbidden',
    description: 'You do not have access to this page. Please contact the account owner.',
  })

export const badRequest = (code: string, title: string) => new Refusal(400, { errors: [{ code, title }] })
