import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guessLanguage } from './language.ts'
import { feel } from './sentiment.ts'
import { readWords, textLimit } from './words.ts'

describe('what one complaint weighs', () => {
  it.each([
    ['en', 'I was charged twice and nobody answers'],
    ['en', 'this is absolutely unacceptable, you keep asking the same thing'],
    ['en', 'For the third time: it is still not working'],
    ['de', 'Das ist jetzt das dritte Mal und niemand antwortet mir'],
    ['de', 'Es funktioniert immer noch nicht, das ist eine Frechheit'],
    ['fr', "C'est la troisième fois et personne ne répond"],
    ['fr', "Ça ne marche toujours pas, c'est scandaleux"],
    ['es', 'Es la tercera vez y nadie responde'],
    ['es', 'Esto es una vergüenza, sigue sin funcionar'],
    ['pt', 'É a terceira vez e ninguém responde'],
    ['pt', 'Ainda não funciona, isso é uma vergonha'],
    ['ar', 'هذه هي المرة الثالثة ولا أحد يرد، هذا غير مقبول'],
    ['ar', 'أنتظر منذ ساعات والتطبيق ما زال لا يعمل'],
    ['ar', 'خدمة فاشلة، لقد أخبرتكم بذلك من قبل'],
  ])('%s: %s is strong', (language, text) => {
    const felt = feel(text)
    expect(felt.language).toBe(language)
    expect(felt.score).toBeLessThanOrEqual(-0.6)
    expect(felt.evidence.length).toBeGreaterThan(0)
    for (const words of felt.evidence) expect(text).toContain(words)
  })

  it.each([
    'this is frustrating',
    'nobody answers',
    'that is not what I asked',
    'ich bin enttäuscht',
    'immer noch nicht da',
    'je suis déçu',
    'nadie me ayuda',
    'ninguém me ajuda',
    'لا أحد يساعدني',
    'أنا محبط',
  ])('%s is mild', (text) => {
    expect(feel(text).score).toBeLessThanOrEqual(-0.3)
    expect(feel(text).score).toBeGreaterThan(-0.6)
  })
})

describe('what is no anger', () => {
  it.each([
    'I lost my card and my account is blocked',
    'I want to cancel my order, there is a problem with the payment',
    'No thanks, that is all',
    'No, I need it for 5 people instead',
    'My internet does not work since yesterday',
    'I would like to watch Die Hard or a horror movie about a murder',
    'Sorry, wrong date, I missed my flight',
    'Meine Karte wurde gestohlen, ich möchte sie sperren',
    'Nein danke, das war alles',
    'J’ai perdu ma carte, il y a une erreur sur ma facture',
    'Perdí mi tarjeta, hay un problema con el pago',
    'Perdi meu cartão, há um erro na fatura',
    'فقدت بطاقتي وحسابي مغلق، هناك مشكلة في الدفع',
    'أريد إلغاء الطلب من فضلكم، المنتج فيه عيب',
    'لا شكرا، هذا كل شيء',
    'متى يصل الطلب؟ أنتظر منذ أمس',
    'hello???',
    'Do I have enough money for a bat?',
    'tell me a joke',
    '',
    '12345',
  ])('%s', (text) => {
    expect(feel(text).score).toBeGreaterThan(-0.3)
    expect(feel(text).loud).toBe(false)
  })

  it.each([
    'Perfect, thank you so much!',
    'Vielen Dank, sehr hilfreich',
    'Merci, parfait',
    'Muchas gracias, excelente',
    'Muito obrigado, perfeito',
    'شكراً جزيلاً، خدمة ممتازة',
  ])('%s is positive', (text) => expect(feel(text).score).toBeGreaterThan(0.3))
})

describe('around the words', () => {
  it('turns praise around under a negation, in the same clause only', () => {
    expect(feel('that was helpful').score).toBeGreaterThan(0.3)
    expect(feel('that was not helpful').score).toBeLessThan(-0.3)
    expect(feel('No, that was helpful').score).toBeGreaterThan(0.3)
  })

  it('weighs intensifiers, diminishers and repeated marks', () => {
    const plain = feel('I am disappointed').score
    expect(feel('I am very disappointed').score).toBeLessThan(plain)
    expect(feel('I am slightly disappointed').score).toBeGreaterThan(plain)
    expect(feel('I am disappointed!!!').score).toBeLessThan(plain)
  })

  it('hears shouting, but not codes, abbreviations or joy', () => {
    expect(feel('I WANT MY MONEY BACK NOW').loud).toBe(true)
    expect(feel('ICH WILL MEIN GELD ZURÜCK').loud).toBe(true)
    expect(feel('My order is ABCD-1234-EFGH-99').loud).toBe(false)
    expect(feel('Is the IBAN or the BIC needed for SEPA?').loud).toBe(false)
    expect(feel('THANK YOU SO MUCH, PERFECT').loud).toBe(false)
  })

  it.each(['this is bullshit', 'du idiot', 'quelle merde', 'que mierda', 'que merda', 'يا له من بوت غبي'])(
    '%s is loud',
    (text) => {
      expect(feel(text).loud).toBe(true)
    },
  )

  it('uses the given language, also one that only the word lists know', () => {
    expect(feel('tragico e disgustoso', 'it').score).toBeLessThan(0)
    expect(feel('anything', '../../package').score).toBe(0)
  })
})

it('keeps −1…1 and finite for any text, and looks at a bounded part of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      const { score } = feel(text)
      expect(score).toBeGreaterThanOrEqual(-1)
      expect(score).toBeLessThanOrEqual(1)
    }),
    { numRuns: 200 },
  )
  const filler = 'a '.repeat(textLimit)
  expect(feel(`${filler}this is useless shit`)).toEqual(feel(filler))
})

it.each([
  ['Where is my order?', 'en'],
  ['Wo ist meine Bestellung?', 'de'],
  ['Où est ma commande ?', 'fr'],
  ['¿Dónde está mi pedido?', 'es'],
  ['Onde está o meu pedido?', 'pt'],
  ['أين طلبي؟', 'ar'],
  ['xyzzy', 'de'],
])('guesses the language of %s', (text, language) => {
  expect(guessLanguage(readWords(text), text === 'xyzzy' ? 'de' : 'xx')).toBe(language)
})
