// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to secrets, as the YAML has them
import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { maskText } from './masked-text.ts'

const desk = Type.Object({
  url: Type.String(),
  token: Type.String({ writeOnly: true }),
  keys: Type.Optional(Type.Array(Type.String({ writeOnly: true }))),
})
const mask = (text: string, secrets: string[] = []) =>
  maskText(text, (use) => (use === 'desk' ? (desk as never) : undefined), secrets)

describe('the text of a configuration', () => {
  it('hides what is write-only, and nothing else', () =>
    expect(mask('connections:\n  people: { use: desk, url: https://x, token: s3cret }\n')).toBe(
      'connections:\n  people: { use: desk, url: https://x, token: (hidden) }\n',
    ))

  it('shows where a secret comes from', () => {
    const text = 'connections:\n  people:\n    use: desk\n    token: ${env:TOKEN}\n    keys: [ "${file:k}", plain ]\n'
    expect(mask(text)).toBe(text.replace('plain', '(hidden)'))
  })

  it('keeps the lines of a secret that has several', () => {
    const text =
      'connections:\n  people:\n    use: desk\n    token: |\n      one\n      two\n    url: x\nmappings: []\n'
    const masked = mask(text)
    expect(masked).not.toMatch(/one|two/)
    expect(masked.split('\n').findIndex((line) => line.startsWith('mappings'))).toBe(7)
  })

  it('hides all of a connector that is not known, and of a field that is none', () => {
    const masked = mask('connections:\n  a: { use: other, anything: s1 }\n  b: { use: desk, tokn: s2 }\nelse: s3\n')
    expect(masked).not.toMatch(/s1|s2|s3/)
    expect(masked).toContain('use: other')
  })

  it('hides what an alias brings in', () =>
    expect(mask('connections:\n  a: { use: desk, url: &x s3cret, token: *x }\n')).not.toContain('s3cret'))

  it('hides secrets in comments, in addresses, and wherever the running ones stand', () => {
    const masked = mask('# token: old-one\n# was r0nning once\nmappings: [{ to: https://me:pw1@host/ }]\n', ['r0nning'])
    expect(masked).not.toMatch(/old-one|r0nning|pw1/)
    expect(masked).toContain('host')
  })

  it('hides by name where it is no YAML', () => {
    const masked = mask(
      'connections: [\n  token: s1\n  apiKey: |\n    s2\n  url: x\n a: { use: y, webhookSecret: s3 }\n',
    )
    expect(masked).not.toMatch(/s1|s2|s3/)
    expect(masked).toContain('url: x')
  })
})
