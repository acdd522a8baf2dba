/** Who comes in where, what is served, and what an answer never holds. */
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aRunningApp, aVisitor, type Running } from '../app.ts'

let hub: Running
beforeAll(async () => {
  hub = await aRunningApp({ isSandbox: true })
})
afterAll(() => hub.stop())

/** What tells a stranger how we are built: stack lines, SQL, our files. */
const inside =
  /\bat .+:\d+:\d+|node_modules|\.ts\b|\bSELECT\b|\bINSERT\b|\bUPDATE \w+ SET|postgres:\/\/|\/src\/|relation "/

const staffOnly: [string, string][] = [
  ['GET', '/metrics'],
  ['GET', '/docs'],
  ['GET', '/api/v1/conversations'],
  ['GET', '/api/v1/conversations/1'],
  ['POST', '/api/v1/conversations/1/commands'],
  ['GET', '/api/v1/connections'],
  ['POST', '/api/v1/connections/site/pause'],
  ['POST', '/api/v1/connections/site/resume'],
  ['GET', '/api/v1/dead-letters'],
  ['POST', '/api/v1/dead-letters/replay'],
  ['POST', '/api/v1/dead-letters/dismiss'],
  ['POST', '/api/v1/erasures'],
]

describe('staff only', () => {
  // That every route of the API is, and how far each role comes: rights.test.ts. Here: what is no token.
  const wrong: [string, Record<string, string>][] = [
    ['no token', {}],
    ['a wrong one', { authorization: 'Bearer wrong-token-0123456789' }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Basic dG9rZW46dG9rZW4=' }],
    ['the token as a cookie', { cookie: 'token=TOKEN' }],
    ['half of the token', { authorization: 'Bearer HALF' }],
    ['the token and more', { authorization: 'Bearer TOKENx' }],
  ]
  it.each(staffOnly)('%s %s', async (method, path) => {
    const body = method === 'POST' ? {} : undefined
    for (const [what, given] of wrong) {
      const headers = Object.fromEntries(
        Object.entries(given).map(([name, value]) => [
          name,
          value.replace('TOKEN', hub.app.token).replace('HALF', hub.app.token.slice(0, 32)),
        ]),
      )
      const answer = await hub.ask(path, { method, headers, body })
      expect([what, answer.status, answer.json?.error]).toEqual([what, 401, 'unauthorized'])
      expect(answer.text).not.toContain(hub.app.token)
    }
    const inQuery = await hub.ask(`${path}?token=${hub.app.token}`, { method, body })
    expect(inQuery.status).toBe(401)
    expect((await hub.staff(path, { method, body })).status).not.toBe(401)
  })

  it('changed nothing while strangers asked', async () => {
    const { rows } = await hub.database.pool.query(
      `SELECT (SELECT count(*) FROM conversations) AS conversations, (SELECT count(*) FROM connections WHERE paused_by IS NOT NULL) AS paused`,
    )
    expect(rows).toEqual([{ conversations: 0, paused: 0 }])
  })
})

describe('open to all', () => {
  it.each([
    ['/livez', 200, '{"ok":true}'],
    ['/readyz', 200, '{"ok":true}'],
    ['/favicon.ico', 204, ''],
    ['/widget.js', 200, ''],
    ['/hooks/site/config', 200, '"textLength"'],
  ])('%s', async (path, status, found) => {
    const answer = await hub.ask(path)
    expect(answer.status).toBe(status)
    expect(answer.text).toContain(found)
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
  })

  it('says to staff how it goes, in numbers alone', async () => {
    const { status, text, headers } = await hub.staff('/metrics')
    expect(status).toBe(200)
    expect(headers['content-type']).toContain('text/plain')
    for (const name of [
      'conversations_waiting',
      'conversations_with_agent',
      'dead_letters',
      'effects_doubtful',
      'lanes_due',
    ]) {
      expect(text).toMatch(new RegExp(`^baton_${name} \\d+$`, 'm'))
    }
  })
})

describe('pages', () => {
  it.each(['/chat/site', '/demo/'])('%s runs nothing that is not ours', async (path) => {
    const { status, headers, text } = await hub.ask(path)
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    const policy = headers['content-security-policy']!
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "base-uri 'none'",
      "frame-ancestors 'self'",
      "form-action 'self'",
    ]) {
      expect(policy).toContain(rule)
    }
    expect(policy).not.toMatch(/unsafe-(inline|eval)|\*/)
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' })
    expect(text).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>|\son\w+=|<style|\sstyle=/i)
  })

  it.each([
    ['/inbox', '/console/inbox'],
    ['/inbox/', '/console/inbox'],
    ['/chat', '/chat/site'],
  ])('%s leads to %s', async (path, to) => {
    const { status, headers } = await hub.ask(path)
    expect([status, headers.location]).toEqual([302, to])
  })

  it('shows the survey to nobody without a link of theirs, under a policy too', async () => {
    const { status, headers } = await hub.ask(`/hooks/how-was-it/answers/${'x'.repeat(43)}`)
    expect(status).toBe(404)
    expect(headers['content-security-policy']).toContain("default-src 'none'")
  })

  it('may be loaded from other sites as far as the widget needs it', async () => {
    expect((await hub.ask('/widget.js')).headers['cross-origin-resource-policy']).toBe('cross-origin')
    expect((await hub.ask('/demo/')).headers['cross-origin-resource-policy']).toBeUndefined()
    expect((await hub.ask('/demo/')).headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('what is not there', () => {
  const outside = [
    '/widget/..%2f..%2fpackage.json',
    '/widget/../../package.json',
    '/widget/%2e%2e/%2e%2e/package.json',
    '/widget/..%5c..%5cpackage.json',
    '/widget/....//....//package.json',
    '/widget/%252e%252e%252fpackage.json',
    '/widget//etc/passwd',
    '/widget/../pages.ts',
    '/widget/types.ts',
    '/widget/.env',
    '/widget/widget.js%00.png',
    '/inbox/..%2fpages.ts',
    '/inbox/../../package.json',
    '/demo/..%2f..%2fconfig%2fdemo.yaml',
    '/widget.js/..%2fpages.ts',
    '/chat/..%2f..%2fpackage.json',
    '/chat/people',
    '/chat/<script>',
    '/package.json',
    '/.git/config',
    '/data/token',
    '/hooks/site/files/..%2f..%2ftoken',
    '/hooks/nobody',
    '/hooks',
    '/api/v1',
    '/api/v2/conversations',
    '/%',
    '/%c0%ae%c0%ae/',
    `/inbox/${'a'.repeat(300)}`,
    '/constructor',
    '/__proto__',
  ]
  it.each(outside)('%s', async (path) => {
    const answer = await hub.ask(path)
    expect(answer.status).toBe(404)
    expect(Object.keys(answer.json).sort()).toEqual(['error', 'message'])
    expect(answer.json.error).toBe('unknown')
    expect(answer.text).not.toMatch(/"dependencies"|root:|connections:/)
    expect(answer.text.replace(path, '')).not.toMatch(inside)
  })

  it('repeats neither the query nor a token in it', async () => {
    const { text } = await hub.ask('/nothing?token=do-not-repeat-me')
    expect(text).toContain('There is nothing at GET /nothing')
    expect(text).not.toContain('do-not-repeat-me')
  })

  it.each([
    ['DELETE', '/api/v1/conversations'],
    ['PUT', '/api/v1/conversations/1'],
    ['GET', '/api/v1/erasures'],
    ['POST', '/livez'],
    ['POST', '/metrics'],
    ['DELETE', '/hooks/site/messages'],
    ['TRACE', '/livez'],
    ['PATCH', '/inbox/'],
  ])('%s %s: the method', async (method, path) => {
    const answer = await hub.staff(path, { method })
    expect(answer.status).toBe(404)
    expect(answer.json).toEqual({ error: 'unknown', message: `There is nothing at ${method} ${path}` })
  })
})

describe('what cannot be read', () => {
  const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
  const bodies: [string, string][] = [
    ['no JSON', '{"do": '],
    ['nothing', ''],
    ['a list', '[1, 2]'],
    ['null', 'null'],
    ['a number', '5'],
    ['an unknown field', '{"do": "move", "by": "the boss"}'],
    ['a field of another variant', '{"do": "move", "outcome": "resolved"}'],
    ['an unknown word', '{"do": "explode"}'],
    ['a wrong type', '{"do": 5}'],
    ['a word that would have to be converted', '{"do": ["move"]}'],
    ['an outcome that is none', '{"do": "end", "outcome": "failed"}'],
    ['no outcome', '{"do": "end"}'],
    ['a prototype', '{"__proto__": {"do": "move"}}'],
    ['a constructor', '{"do": "move", "constructor": {"prototype": {"polluted": true}}}'],
    ['deep nesting', deep(20_000)],
    ['a surprise behind it', '{"do": "move"} DROP TABLE'],
  ]
  it.each(bodies)('a command with %s', async (_what, body) => {
    const visitor = await aVisitor(hub.url)
    await visitor.say('hello there')
    const { json } = await hub.staff('/api/v1/conversations')
    const answer = await hub.staff(`/api/v1/conversations/${json.conversations[0].id}/commands`, {
      method: 'POST',
      body,
    })
    expect([answer.status, answer.json.error]).toEqual([400, 'invalid'])
    expect(answer.text.length).toBeLessThan(2_000)
    expect(answer.text).not.toMatch(inside)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    const { rowCount } = await hub.database.pool.query(`SELECT 1 FROM events WHERE type = 'staff-command'`)
    expect(rowCount).toBe(0)
  })

  it.each([
    ['/api/v1/conversations/0', 400],
    ['/api/v1/conversations/-1', 400],
    ['/api/v1/conversations/1.5', 400],
    ['/api/v1/conversations/one', 400],
    ["/api/v1/conversations/1'%20OR%20'1'='1", 400],
    ['/api/v1/conversations/99999999999999999999', 400],
    ['/api/v1/conversations/987654321', 404],
    ['/api/v1/conversations?limit=0', 400],
    ['/api/v1/conversations?limit=201', 400],
    ['/api/v1/conversations?limit=many', 400],
    ['/api/v1/conversations?control=nobody', 400],
    ['/api/v1/conversations?before=99999999999999999999', 400],
    ['/api/v1/conversations?before=9007199254740991', 400],
    ['/api/v1/conversations?sort=name', 400],
    ['/api/v1/dead-letters?limit=1000', 400],
  ])('%s', async (path, status) => {
    const answer = await hub.staff(path)
    expect([answer.status, answer.json.error]).toEqual([status, status === 404 ? 'unknown' : 'invalid'])
    expect(answer.text).not.toMatch(inside)
  })

  it.each([
    ['/api/v1/erasures', {}],
    ['/api/v1/erasures', { email: '' }],
    ['/api/v1/erasures', { email: 'a\u0000b' }],
    ['/api/v1/erasures', { email: 5 }],
    ['/api/v1/erasures', { everybody: true }],
    ['/api/v1/erasures', { conversation: '1' }],
    ['/api/v1/erasures', { conversation: 1e20 }],
    ['/api/v1/dead-letters/replay', { conversation: 1, lane: 'a' }],
    ['/api/v1/dead-letters/replay', { conversation: 1, lane: 'a\u0000', n: 1 }],
    ['/api/v1/dead-letters/dismiss', { conversation: 1, lane: 'a', n: 1.5 }],
    ['/hooks/site/sessions', '{"language": '],
    ['/hooks/site/sessions', '[]'],
    ['/hooks/people/demo', '{"name": 5, '],
  ])('%s with %j', async (path, body) => {
    const answer = await hub.staff(path, { method: 'POST', body })
    expect([answer.status, answer.json.error]).toEqual([400, 'invalid'])
    expect(answer.text).not.toMatch(inside)
  })

  it('another content type than JSON', async () => {
    const headers = { 'content-type': 'text/xml' }
    const answer = await hub.staff('/api/v1/erasures', { method: 'POST', headers, body: '<email/>' })
    expect([answer.status, answer.json.error]).toEqual([415, 'invalid'])
  })
})

describe('what is too large', () => {
  it.each(['/api/v1/erasures', '/hooks/site/messages', '/hooks/people/demo'])(
    '%s is refused before it is read',
    async (path) => {
      const head = [
        `POST ${path} HTTP/1.1`,
        'Host: 127.0.0.1',
        `Authorization: Bearer ${hub.app.token}`,
        'Content-Type: application/json',
        'Content-Length: 307200',
        '',
        '{',
      ]
      const answer = await converse(head.join('\r\n'))
      expect(answer).toMatch(/^HTTP\/1\.1 413 /)
      expect(answer).toContain('"error":"invalid"')
    },
  )

  it('is refused also when its size was not told', async () => {
    const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`
    const head = [
      'POST /api/v1/erasures HTTP/1.1',
      'Host: x',
      `Authorization: Bearer ${hub.app.token}`,
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
      '',
      '',
    ]
    expect(await converse(head.join('\r\n') + chunk.repeat(5))).toMatch(/^HTTP\/1\.1 413 /)
  })

  it.each([
    ['two lengths', 'POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello'],
    [
      'a length and chunks',
      'POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a broken line', 'GET /livez\r\nHost x\r\n\r\n'],
  ])('%s are no request', async (_what, sent) => {
    const answer = await converse(sent)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).not.toMatch(inside)
  })

  it('a header without end', async () => {
    expect(await converse(`GET /livez HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(40_000)}`)).toMatch(/^HTTP\/1\.1 431 /)
  })
})

/** Says it and reads until the other side ends, or has said something and then nothing for a moment. */
function converse(said: string): Promise<string> {
  const { hostname, port } = new URL(hub.url)
  return new Promise((resolve, reject) => {
    let heard = ''
    const socket = connect(Number(port), hostname, () => socket.write(said))
    socket.on('data', (data) => {
      heard += data
      socket.setTimeout(150)
    })
    socket.setTimeout(10_000)
    socket.on('timeout', () => socket.destroy())
    socket.on('error', (error) => (heard ? resolve(heard) : reject(error)))
    socket.on('close', () => resolve(heard))
  })
}
