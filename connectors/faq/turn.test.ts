/** What the bot decides, on the demo shop's content. */
import { beforeAll, describe, expect, it } from 'vitest'
import { type Message, plainText, text } from '#hub/message.ts'
import { type FaqIntent, joinIntents } from './content.ts'
import { readFolder } from './folder.ts'
import { learn, type Snapshot } from './model.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'
import { smallTalk } from './smalltalk.ts'
import { unknownTexts } from './texts.ts'
import { decide } from './turn.ts'

const settings: Settings = { language: 'en', threshold: 0.4, articleThreshold: 0.6, articles: 3, smallTalk: true }
let snapshot: Snapshot
let intents: ReadonlyMap<string, FaqIntent>

beforeAll(async () => {
  const content = await readFolder(new URL('../../config/demo/faq', import.meta.url).pathname)
  snapshot = await learn({ intents: joinIntents(smallTalk, content.intents), articles: content.articles })
  intents = snapshot.intents
})

const say = (said: string | Message, session: Session = {}, over: Partial<Settings> = {}) =>
  decide({
    said: typeof said === 'string' ? text(said) : said,
    session,
    snapshot,
    settings: { ...settings, ...over },
  })
const spoken = (decision: ReturnType<typeof decide>) => decision.turn.messages.map(plainText)

describe('an intent', () => {
  it.each([
    ["where's my parcel", 'order-status'],
    ['can I get my money back', 'refund'],
    ['wo bleibt mein paket', 'order-status'],
    ['Wie kann ich zahlen?', 'payment-methods'],
    ['are you open tomorrow?', 'opening-hours'],
    ['which paymnet metods do you accept', 'payment-methods'],
    ['Bonjour !', 'smalltalk.hello'],
    ['¡Muchas gracias!', 'smalltalk.thanks'],
    ['até logo', 'smalltalk.bye'],
    ['let me speak with a real person please', 'smalltalk.human'],
    ['thanks a lot for your help, my refund is missing', 'refund'],
  ])('is recognised from a handful of examples: %s', (words, intent) => {
    expect(say(words).turn).toMatchObject({ intent })
    expect(say(words).turn.noMatch).toBeUndefined()
  })

  it('is answered in the customer’s language, said or seen, else in the default', () => {
    expect(spoken(say('Wie kann ich bezahlen?'))[0]).toContain('Kreditkarte')
    expect(spoken(say({ ...text('paypal'), language: 'de-AT' }))[0]).toContain('Kreditkarte')
    expect(spoken(say({ ...text('paypal'), language: 'fr' }))[0]).toContain('credit card')
    expect(spoken(say('paypal', {}, { language: 'de' }))[0]).toContain('Kreditkarte')
  })

  it('brings what it wants: a human, or the end', () => {
    expect(say('I want to talk to a human').turn).toMatchObject({ wants: 'human', messages: [] })
    expect(say('goodbye').turn.wants).toBe('end')
    expect(say('when are you open').turn.wants).toBeUndefined()
  })

  it('that was picked from the choices needs no guessing', () => {
    const offered = say('how do I return something').turn.messages[0]!.parts[1]
    expect(offered).toMatchObject({
      kind: 'choices',
      choices: [{ value: 'intent:refund' }, { value: 'intent:smalltalk.human' }],
    })
    const pick = say({ ...text('When do I get my money back?'), choice: 'intent:refund' })
    expect(pick.turn).toMatchObject({ intent: 'refund', confidence: 1 })
  })

  it('that comes with another one is answered too, in the order they were said', () => {
    const both = say('I need an invoice and I want to send this back')
    expect(both.turn.intents).toBe(2)
    expect(spoken(both)[0]).toContain('as a PDF')
    expect(spoken(both)[1]).toContain('30 days')
    expect(say('I need an invoice').turn.intents).toBeUndefined()
  })
})

describe('what no intent answers', () => {
  it('is answered by fitting articles, which is no "I don’t know"', () => {
    const { turn } = say('how do I wash a wool jumper?')
    expect(turn.noMatch).toBeUndefined()
    expect(turn.articles?.[0]?.title).toBe('Washing and caring for wool')
    expect(turn.messages[0]?.parts).toMatchObject([{ kind: 'text', text: 'This may help:' }, { kind: 'articles' }])
  })

  it.each(['who won the world cup', 'tell me a joke', 'asdf qwer', '', 'do you sell bicycles', '!!!'])(
    'nor any article is honestly unknown: "%s"',
    (words) => {
      const { turn } = say(words)
      expect(turn).toMatchObject({ noMatch: true, articles: [] })
      expect(spoken(say(words))).toEqual([unknownTexts.en])
    },
  )

  it('is said in the customer’s language, or in the company’s own words', () => {
    expect(spoken(say('Wer ist der Präsident von Frankreich?'))).toEqual([unknownTexts.de])
    expect(spoken(say('xyzzy', {}, { unknown: { en: 'No idea.' } }))).toEqual(['No idea.'])
  })
})

describe('after a person', () => {
  it('the bot does not greet again', () => {
    expect(spoken(say('hello'))).toEqual(['Hello! How can I help you?'])
    expect(spoken(say('hello', { handled: true }))).toEqual(['Is there anything else I can do for you?'])
  })

  it('the next turn begins with the intent the person asked for, and the one after does not', () => {
    const resumed = say('ok, thanks', { handled: true, resume: 'invoice' })
    expect(resumed.turn).toMatchObject({ intent: 'invoice', confidence: 1 })
    expect(spoken(resumed)).toEqual([intents.get('invoice')!.answers.en])
    expect(resumed.session).toEqual({ handled: true })
  })

  it('a question of the customer’s own is answered after it', () => {
    const resumed = say('when are you open?', { handled: true, resume: 'invoice' })
    expect(spoken(resumed)).toEqual([intents.get('invoice')!.answers.en, intents.get('opening-hours')!.answers.en])
    expect(resumed.turn.intent).toBe('opening-hours')
  })

  it('an intent that does not exist is passed over', () => {
    expect(say('when are you open?', { resume: 'gone' }).turn.intent).toBe('opening-hours')
  })
})

describe('an intent that needs something', () => {
  it('asks for it, takes it, and answers', () => {
    const asked = say('where is my order?')
    expect(asked.turn.slots).toEqual({ open: 1, filled: {} })
    expect(spoken(asked)[0]).toContain('What is your order number?')
    const told = say('it is 20533, I think', asked.session)
    expect(told.turn.slots).toEqual({ open: 0, filled: { order: '20533' } })
    expect(spoken(told)[0]).toContain('/track/20533')
    expect(told.session.pending).toBeUndefined()
  })

  it('takes it from the first sentence', () => {
    expect(spoken(say('where is my order 20533'))[0]).toContain('/track/20533')
  })

  it('asks once more, then says that it does not understand and asks no longer', () => {
    const asked = say('where is my order?')
    const once = say('the blue one', asked.session)
    expect(once.turn).toMatchObject({ noMatch: true, slots: { open: 1 } })
    const twice = say('you know, the blue one', once.session)
    expect(twice.turn.noMatch).toBe(true)
    expect(twice.session.pending).toBeUndefined()
  })

  it('lets the customer change the subject', () => {
    const asked = say('where is my order?')
    const changed = say('what are your opening hours', asked.session)
    expect(changed.turn.intent).toBe('opening-hours')
    expect(changed.session.pending).toBeUndefined()
  })
})
