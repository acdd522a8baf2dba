/** The vendor's own sentence, out of the error answers that vendors give. */
import { AxiosError, type AxiosResponse } from 'axios'
import { describe, expect, it } from 'vitest'
import { HubError, toKept } from '../src/errors.ts'
import { toHubError } from '../src/vendor-errors.ts'

const answered = (data: unknown, status = 422): AxiosError =>
  new AxiosError('Request failed', 'ERR_BAD_REQUEST', undefined, undefined, {
    status,
    data,
    headers: {},
  } as AxiosResponse)
const wordsOf = (data: unknown, status?: number) => toHubError(answered(data, status), 'Desk').vendor

describe('the words of an answer', () => {
  it.for<[string, unknown, string | undefined]>([
    ['text', 'body is too long', 'body is too long'],
    ['a message', { code: 'x', message: 'body is too long' }, 'body is too long'],
    ['an error in words', { error: 'body is too long' }, 'body is too long'],
    ['an error with a title', { error: { title: 'Invalid attribute', message: 'Must be text' } }, 'Must be text'],
    ['an error with a title alone', { error: { title: 'Invalid attribute' } }, 'Invalid attribute'],
    ['OAuth', { error: 'invalid_grant', error_description: 'The client is not known' }, 'The client is not known'],
    ['a list of sentences', { errors: ['subject is empty', 'body is too long'] }, 'subject is empty; body is too long'],
    [
      'sentences by field',
      { errors: { base: ['It is closed'], body: 'is too long' } },
      'base: It is closed; body: is too long',
    ],
    ['a list alone', [{ code: 'invalid_json', message: 'Unexpected token' }], 'Unexpected token'],
    [
      'Freshdesk',
      {
        description: 'Validation failed',
        errors: [
          { field: 'email', message: 'It should be a valid email address', code: 'invalid_value' },
          { field: 'priority', message: 'priority is out of range', code: 'invalid_value' },
        ],
      },
      'Validation failed; email: It should be a valid email address; priority is out of range',
    ],
    [
      'Freshchat',
      { code: 400, status: 'INVALID_VALUE', message: 'channel_id is not known' },
      'channel_id is not known',
    ],
    [
      'Zendesk',
      {
        error: 'RecordInvalid',
        description: 'Record validation errors',
        details: { status: [{ description: 'Status: closed prevents ticket update', error: 'ClosedPrevents' }] },
      },
      'Record validation errors; Status: closed prevents ticket update',
    ],
    [
      'Sunshine Conversations',
      { errors: [{ code: 'bad_request', title: 'Invalid request body', meta: {} }] },
      'Invalid request body',
    ],
    [
      'SurveyMonkey',
      {
        error: {
          id: '1002',
          name: 'Bad Request',
          docs: '/docs',
          message: 'Invalid schema in the body',
          http_status_code: 400,
        },
      },
      'Invalid schema in the body',
    ],
    [
      'Google',
      { error: { code: 400, message: 'Input text exceeds 256 characters', status: 'INVALID_ARGUMENT', details: [{}] } },
      'Input text exceeds 256 characters',
    ],
    ['a page', '<html><head><title>502 Bad Gateway</title></head><body>…</body></html>', '502 Bad Gateway'],
    ['a page without a title', '<html><body>no</body></html>', undefined],
    ['nothing', '', undefined],
    ['numbers', { code: 7, errors: [1, null, {}] }, undefined],
    ['bytes', Buffer.from('body is too long'), undefined],
    ['no more than five faults', { errors: [...'abcdefg'] }, 'a; b; c; d; e'],
  ])('as %s', ([, data, words]) => {
    expect(wordsOf(data)).toBe(words)
  })

  it('are none in an answer that is no error', () => {
    expect(wordsOf({ message: 'Sent' }, 200)).toBeUndefined()
    expect(wordsOf({ message: 'Moved' }, 302)).toBeUndefined()
  })

  it('are cut, on one line, and without what no person typed', () => {
    const words = wordsOf({ message: `one\u0000\ttwo\n\u202ethree \u001b[31m${'😀'.repeat(200)}` })!
    expect(words).toMatch(/^one two three \[31m😀/u)
    expect(words.length).toBeLessThanOrEqual(300)
    expect(words.endsWith('…')).toBe(true)
    expect(words.isWellFormed()).toBe(true)
  })

  it('leave out what looks like a credential, not a name of a thing', () => {
    const thing = 'fba1873d-67d6-4d63-be97-0000000000f1'
    expect(wordsOf({ message: `Key sk_live_51Habcdefghijklmnop234 may not see ${thing}` })).toBe(
      `Key … may not see ${thing}`,
    )
  })
})

describe('a failure', () => {
  it('of gRPC has its words, one of the database or the disk has none', () => {
    const grpc = Object.assign(new Error('3 INVALID_ARGUMENT: no'), { code: 3, details: 'Text too long', metadata: {} })
    expect(new HubError('invalid', 'no', { cause: grpc }).vendor).toBe('Text too long')
    const database = Object.assign(new Error('no'), { code: '23505', detail: 'Key (email)=(a@b.c)', details: 'x' })
    expect(new HubError('invalid', 'no', { cause: database }).vendor).toBeUndefined()
  })

  it('keeps them when it is said anew', () => {
    const first = toHubError(answered({ message: 'body is too long' }), 'Desk')
    expect(toKept(new HubError('conflict', 'The ticket is closed', { cause: first }))).toEqual({
      code: 'conflict',
      text: 'The ticket is closed',
      vendor: 'body is too long',
    })
    expect(toKept(new HubError('busy', 'Later'))).toEqual({ code: 'busy', text: 'Later' })
  })

  it('says nothing of them itself, nor shows them among its fields', () => {
    const error = toHubError(answered({ message: 'ada@example.com is taken' }), 'Desk')
    expect(error.vendor).toContain('ada@')
    expect(`${error.message} ${error.stack}`).not.toContain('ada@')
    expect(JSON.stringify({ ...error })).not.toContain('ada@')
    expect(Object.keys(error)).not.toContain('vendor')
  })
})
