/** Reading the folder's files: what they mean, and what is said of mistakes. */
import { describe, expect, it } from 'vitest'
import { parseArticle } from './articles.ts'
import { readFolder } from './folder.ts'
import { parseIntents } from './intents.ts'
import { openLibrary } from './library.ts'

describe('intents.yaml', () => {
  it('is read whole', () => {
    const source = `
- intent: order-status
  examples: [where is my order, track it]
  answers: { en: Here., pt-BR: Aqui. }
  choices: [Yes, { label: Refund, intent: refund }]
  wants: end
  needs: [{ slot: order, ask: Which one?, pattern: '\\d+' }]
`
    expect(parseIntents(source, 'intents.yaml')).toEqual([
      {
        name: 'order-status',
        phrases: ['where is my order', 'track it'],
        answers: { en: 'Here.', 'pt-BR': 'Aqui.' },
        choices: [{ label: 'Yes' }, { label: 'Refund', intent: 'refund' }],
        wants: 'end',
        needs: [{ slot: 'order', ask: { '': 'Which one?' }, pattern: /\d+/iu }],
      },
    ])
    expect(parseIntents('', 'intents.yaml')).toEqual([])
  })

  it.each([
    ['no list', 'intent: a\n', ':1: "the file" must be a list'],
    ['no name', '- examples: [a]\n  answer: b\n', ':1: an intent needs a name'],
    ['no examples', '- intent: a\n  answer: b\n', ':1: intent "a" needs "examples"'],
    [
      'examples that are no list',
      '- intent: a\n  examples: hello\n  answer: b\n',
      ':2: "examples" must be a list, each entry on a line beginning with "-", found string "hello"',
    ],
    [
      'an empty example',
      '- intent: a\n  examples:\n    - hi\n    -\n  answer: b\n',
      ':4: "examples" must be a text, found nothing',
    ],
    ['no answer', '- intent: a\n  examples: [hi]\n', ':1: intent "a" needs an "answer"'],
    [
      'two kinds of answer',
      '- intent: a\n  examples: [hi]\n  answer: x\n  answers: { en: y }\n',
      ':4: give "answer" or "answers", not both',
    ],
    [
      'a mistyped key',
      '- intent: a\n  example: [hi]\n',
      ':2: "example" is not known here; permitted are intent, examples',
    ],
    [
      'a wrong wish',
      '- intent: a\n  examples: [hi]\n  wants: robot\n',
      ':3: "wants" is "robot"; permitted values are human, end',
    ],
    [
      'a wrong language',
      '- intent: a\n  examples: [hi]\n  answers: { English: y }\n',
      ':3: "English" is not a language',
    ],
    [
      'a wrong pattern',
      "- intent: a\n  examples: [hi]\n  answer: x\n  needs: [{ slot: s, ask: q, pattern: '(' }]\n",
      ':4: "pattern" is no regular expression',
    ],
    [
      'a name that is there twice',
      '- { intent: a, examples: [x], answer: y }\n- { intent: a, examples: [z], answer: y }\n',
      ':2: intent "a" is there twice',
    ],
    ['broken YAML', '- intent: a\n  examples: [hi\n', ': not readable as YAML'],
  ])('with %s names file and line', (_, source, message) => {
    expect(() => parseIntents(source, 'intents.yaml')).toThrow(/^intents\.yaml:\d+: /)
    expect(() => parseIntents(source, 'intents.yaml')).toThrow(message)
  })
})

describe('an article', () => {
  it('has front matter, or a heading for its title', () => {
    const full = '---\ntitle: Returns\nurl: https://example.com\ntags: a, b\n---\nSend it *back*.\n'
    expect(parseArticle(full, 'articles/r.md', 'file:r.md')).toEqual({
      id: 'file:r.md',
      title: 'Returns',
      url: 'https://example.com',
      tags: ['a', 'b'],
      body: 'Send it *back*.',
    })
    expect(parseArticle('# Returns\n\nBack.', 'r.md', 'r')).toEqual({
      id: 'r',
      title: 'Returns',
      tags: [],
      body: 'Back.',
    })
  })

  it.each([
    ['no title', 'Just words.', ':1: has no title'],
    ['no text', '---\ntitle: T\n---\n', ':1: has a title but no text'],
    ['no end of its front matter', '---\ntitle: T\n', ':1: begins with "---" but has no second "---"'],
    [
      'a mistyped key',
      '---\ntitle: T\nlink: x\n---\nBody',
      ':3: "link" is not known here; permitted are title, url, tags',
    ],
  ])('with %s names file and line', (_, source, message) => {
    expect(() => parseArticle(source, 'articles/r.md', 'r')).toThrow(`articles/r.md${message}`)
  })
})

it('a folder that does not exist says what to do', async () => {
  await expect(readFolder('/nowhere/faq')).rejects.toThrow('folder "/nowhere/faq" does not exist; make it')
})

describe('the library', () => {
  const library = openLibrary([
    { id: '1', title: 'Returning shoes', body: 'Send shoes back within 30 days.', tags: [] },
    {
      id: '2',
      title: 'Washing wool',
      body: 'Wash it cold. A [dryer](https://example.com) shrinks it.',
      tags: ['jumper'],
    },
    { id: '3', title: 'Gift cards', body: 'Shoes and wool can be paid by gift card.', tags: [] },
  ])
  const titles = (question: string, least = 0.5) => library.search(question, 5, least).map(({ title }) => title)

  it('finds by the beginning of a word, with a typing mistake, and by tag', () => {
    expect(titles('return')).toEqual(['Returning shoes'])
    expect(titles('washng a jumper')).toEqual(['Washing wool'])
  })

  it('holds a title for more than a mention', () => {
    const [first, second] = library.search('wool', 5, 0)
    expect([first?.title, second?.title]).toEqual(['Washing wool', 'Gift cards'])
    expect(first!.score).toBe(1)
    expect(second!.score).toBeLessThan(1)
  })

  it('counts words that no article has against all of them', () => {
    expect(titles('quantum wool entanglement theory')).toEqual([])
  })

  it('shows plain words as excerpt', () => {
    expect(library.search('wool dryer', 1, 0)[0]?.excerpt).toBe('Wash it cold. A dryer shrinks it.')
  })
})
