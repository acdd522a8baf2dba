import { describe, expect, it } from 'vitest'
import { isYes, readContact, readLanguage, readTimeZone } from '../src/step/reading.ts'
import { sayWhen } from '../src/step/when.ts'
import { languages, wording, wordKeys } from '../src/words.ts'

const slots = (sentence: string): string[] => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort()

describe('the shipped sentences', () => {
  it.each(Object.entries(languages))('%s says everything, with the same values as English', (_, words) => {
    expect(Object.keys(words).sort()).toEqual([...wordKeys].sort())
    for (const key of wordKeys) {
      expect(words[key].trim(), key).not.toBe('')
      expect(slots(words[key]), key).toEqual(slots(languages.en[key]))
    }
  })

  it('differ between the languages', () => {
    const english = new Set<string>(Object.values(languages.en))
    for (const [language, words] of Object.entries(languages)) {
      const same = wordKeys.filter((key) => english.has(words[key]))
      expect(same, language).toEqual(language === 'en' ? wordKeys : [])
    }
  })
})

describe('wording', () => {
  it.each([
    ['the language', undefined, 'de', languages.de.goOn],
    ['its region is not looked at', undefined, 'pt-BR', languages.pt.goOn],
    ['capitals neither', undefined, 'FR-ca', languages.fr.goOn],
    ['an unknown one is answered in English', undefined, 'ja', languages.en.goOn],
    ['the mapping’s own sentence', { de: { goOn: 'Weiter gehts.' } }, 'de-CH', 'Weiter gehts.'],
    ['the mapping’s own language', { ja: { goOn: '続けましょう' } }, 'ja', '続けましょう'],
    ['another key of the mapping stands aside', { de: { yes: 'Ja' } }, 'de', languages.de.goOn],
  ])('%s', (_, own, language, sentence) => {
    expect(wording(own, language, 'goOn')).toBe(sentence)
  })

  it('fills in values, and leaves what has none readable', () => {
    expect(wording(undefined, 'en', 'eta', { from: 1, to: 2 })).toBe('It should take about 1 to 2 minutes.')
    expect(wording(undefined, 'en', 'joined')).toBe('{agent} has joined the conversation.')
    expect(wording(undefined, 'en', 'joined', { agent: '$& {name}' })).toBe('$& {name} has joined the conversation.')
  })
})

describe('a plain yes', () => {
  it.each(['yes', 'Yes, please!', 'OK', 'Ja, bitte.', 'd’accord', 'Sí', 'sim por favor', 'نعم', 'حسنًا!', 'أجل'])(
    '%s',
    (said) => {
      expect(isYes(said)).toBe(true)
    },
  )
  it.each(['', 'no', 'yes but not now', 'yesterday', 'not ok', 'nein', 'please explain', 'لا', 'نعم ولكن لاحقا'])(
    'not: "%s"',
    (said) => {
      expect(isYes(said)).toBe(false)
    },
  )
})

describe('an address or number', () => {
  it.each([
    ['ana@example.com', { email: 'ana@example.com' }],
    ['Write to ana@example.com.', { email: 'ana@example.com' }],
    ['mail: <a.b+c@mail.example.co.uk>, thanks!', { email: 'a.b+c@mail.example.co.uk' }],
    ['is it ana@example.com?', { email: 'ana@example.com' }],
    ['+49 (30) 123-45 67', { phone: '+49301234567' }],
    ['call 0301234567', { phone: '0301234567' }],
    ['no thanks', undefined],
    ['order 4711', undefined],
    ['@home', undefined],
  ])('%s', (said, found) => {
    expect(readContact(said)).toEqual(found)
  })
})

it.each([
  ['de', 'de'],
  ['en_us', 'en-US'],
  ['pt-BR', 'pt-BR'],
  ['constructor', undefined],
  ['de-419-DE', undefined],
  ['', undefined],
  [undefined, undefined],
])('the language tag %s', (tag, language) => {
  expect(readLanguage(tag)).toBe(language)
})

it.each([
  ['Europe/Berlin', 'Europe/Berlin'],
  ['Mars/Olympus', undefined],
  ['', undefined],
])('the time zone "%s"', (zone, known) => {
  expect(readTimeZone(zone)).toBe(known)
})

describe('a moment', () => {
  const now = Date.UTC(2026, 0, 13, 22, 30)
  it.each([
    ['today', 'en', 'UTC', now + 3_600_000, 'today, 11:30 PM'],
    [
      'tomorrow in the customer’s zone, still today elsewhere',
      'en',
      'Europe/Berlin',
      now + 3_600_000,
      'tomorrow, 12:30 AM',
    ],
    ['tomorrow, in German', 'de', 'Europe/Berlin', Date.UTC(2026, 0, 14, 8), 'morgen, 09:00'],
    ['within a week', 'fr', 'UTC', Date.UTC(2026, 0, 16, 8), 'vendredi, 08:00'],
    ['within a week, in Arabic', 'ar', 'UTC', Date.UTC(2026, 0, 16, 8), 'الجمعة، 08:00 ص'],
    ['further away', 'de', 'UTC', Date.UTC(2026, 0, 26, 8), '26.01.2026, 08:00'],
  ])('%s', (_, language, zone, moment, said) => {
    const plain = sayWhen(moment, now, zone, language).replaceAll(/\s/g, ' ')
    // An hour is spelt differently from one edition of the locale data to the next.
    expect(plain.replace('12:30', '0:30').replace(/\b0(?=0:30)/, '')).toBe(said.replace('12:30', '0:30'))
  })
})
