import { describe, expect, it } from 'vitest'
import { aSite, png, type Site, useSites } from './site.ts'

useSites()

describe('files', () => {
  const upload = (site: Site, token: string, name: string, content: Buffer | string) => {
    const body = new FormData()
    body.append('file', new Blob([content as never]), name)
    return site.call('/files', { method: 'POST', token, body })
  }

  it('keeps a picture, lets it be said, and gives it out so that it can do no harm', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    const response = await upload(site, token, 'my (photo)é.png', png)
    expect(response.status).toBe(201)
    const file = (await response.json()) as { id: string; url: string; name: string; mime: string; bytes: number }
    expect(file).toMatchObject({ name: 'my (photo)é.png', mime: 'image/png', bytes: png.length })
    expect(file.url).toMatch(/\/files\/[\w-]{43}$/)
    const said = await site.call('/messages', { method: 'POST', token, body: { id: 'client-01', file: file.id } })
    expect(said.status).toBe(200)
    expect(site.host.received[0]).toMatchObject({ message: { parts: [{ kind: 'file', url: file.url }] } })
    const got = await site.call(`/files/${file.id}`)
    expect(Buffer.from(await got.arrayBuffer())).toEqual(png)
    expect(Object.fromEntries(got.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'content-disposition': "inline; filename*=UTF-8''my%20%28photo%29%C3%A9.png",
    })
  })

  it.each([
    ['an empty one', 'a.txt', '', 400, 'empty'],
    ['too large a one', 'a.txt', 'x'.repeat(2049), 413, '2 KB'],
    ['a program', 'a.bin', Buffer.from('\x7fELF\x02\x01\x01\x00', 'latin1'), 415, 'not permitted'],
    ['a program called a picture', 'a.png', Buffer.from('MZ\x90\x00\x03', 'latin1'), 415, 'not permitted'],
    ['a page called a picture', 'a.png', '<script>alert(1)</script>', 415, 'the content is TXT'],
    ['a picture called a text', 'a.txt', png, 415, 'the content is PNG'],
    ['a drawing with scripts', 'a.svg', '<svg onload="alert(1)"/>', 415, 'ends in ".svg"'],
    ['a page', 'a.html', '<script>alert(1)</script>', 415, 'ends in ".html"'],
    ['a type that is switched off', 'a.pdf', '%PDF-1.7', 415, 'right is PNG, TXT'],
  ] as [string, string, Buffer | string, number, string][])(
    'refuses %s',
    async (_what, name, content, status, sentence) => {
      const site = await aSite({ files: { maxBytes: 2048, types: ['image/png', 'text/plain'] } })
      const { token } = await site.begin()
      const response = await upload(site, token, name, content)
      expect(response.status).toBe(status)
      expect(((await response.json()) as { message: string }).message).toContain(sentence)
      expect((await site.host.pool.query('select 1 from webchat_files')).rowCount).toBe(0)
    },
  )

  it('repairs the name of a picture, and takes paths out of names', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    const name = async (given: string): Promise<string> => {
      const response = await upload(site, token, given, png)
      return ((await response.json()) as { name: string }).name
    }
    expect(await name('IMG.jpg')).toBe('IMG.png')
    expect(await name('..\\..\\passwd.png')).toBe('passwd.png')
    expect(await name('shot')).toBe('shot.png')
  })

  it('does not let one visitor say the file of another', async () => {
    const site = await aSite()
    const [mine, other] = [await site.begin(), await site.begin()]
    const { id } = (await (await upload(site, mine.token, 'a.png', png)).json()) as { id: string }
    const body = { id: 'client-01', file: id }
    expect((await site.call('/messages', { method: 'POST', token: other.token, body })).status).toBe(404)
  })

  it('limits all files of one visitor together, and forgets what no message carried', async () => {
    const site = await aSite({ files: { threadBytes: 1024 } })
    const { token } = await site.begin()
    expect((await upload(site, token, 'a.txt', 'x'.repeat(700))).status).toBe(201)
    expect((await upload(site, token, 'b.txt', 'x'.repeat(700))).status).toBe(413)
    site.host.advance(86_400_001)
    await site.poll()
    expect((await upload(site, token, 'b.txt', 'x'.repeat(700))).status).toBe(201)
  })
})
