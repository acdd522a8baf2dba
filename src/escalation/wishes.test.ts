import { describe, expect, it } from 'vitest'
import { findDanger } from './safety.ts'
import { findWish } from './wishes.ts'
import { readWords } from './words.ts'

const wish = (text: string) => findWish(readWords(text))

describe('a clear wish for a person', () => {
  it.each([
    'I want to talk to a human',
    'let me speak with an agent',
    'representative please',
    'Can I speak to a real person?',
    'connect me to customer service, please',
    'Please transfer me to someone who can help',
    'get me a human',
    'No, I want to talk to a person!',
    'Why can I not talk to a human?',
    'I don’t want a bot, I want to speak to a human',
    'Are you a bot? I want a human.',
    'mit einem Mitarbeiter sprechen',
    'Ich möchte bitte mit einem echten Menschen reden',
    'Verbinden Sie mich mit einem Berater',
    'Je voudrais parler à un conseiller',
    'Passez-moi quelqu’un',
    'Quiero hablar con una persona',
    'No, quiero hablar con un agente',
    'Quero falar com um atendente',
    'Posso falar com uma pessoa de verdade?',
    'أريد التحدث إلى شخص',
    'هل يمكنني التحدث إلى موظف؟',
    'حوّلني إلى موظف من فضلك',
    'لا، أريد أن أتكلم مع إنسان',
    'أريد موظفًا',
    'أريد التواصل مع خدمة العملاء',
  ])('%s', (text) => {
    const { score, evidence } = wish(text)
    expect(score).toBeGreaterThanOrEqual(0.8)
    for (const words of evidence) expect(text).toContain(words)
  })
})

describe('a vague wish', () => {
  it.each([
    'agent',
    'an agent',
    'support',
    'help',
    'I need help',
    'Hilfe',
    'ayuda por favor',
    'un agent',
    'aide',
    'موظف',
    'أحتاج إلى مساعدة',
  ])('%s', (text) => {
    expect(wish(text).score).toBeGreaterThanOrEqual(0.5)
    expect(wish(text).score).toBeLessThan(0.8)
  })
})

describe('no wish', () => {
  it.each([
    'I don’t want to talk to a person',
    'are you a human?',
    'may I know if you are a real person',
    'could you be a real person',
    'he is an awful human being',
    'Am I talking to a bot or a human?',
    'Ich möchte nicht mit einem Mitarbeiter sprechen',
    'Bist du ein Mensch?',
    'Je ne veux pas parler à un conseiller',
    'No quiero hablar con una persona',
    '¿Eres una persona o un robot?',
    'Não quero falar com um atendente',
    'لا أريد التحدث إلى موظف',
    'هل أنت إنسان؟',
    'هل أتحدث إلى روبوت أم إنسان؟',
    'متى يصل الطرد إلى الموظف',
    'Can you help me find a restaurant for 4 people?',
    'Book a table for one person please',
    'I need help with my invoice from March',
    'Who is the manager of the hotel?',
    'What is the phone number of the agent?',
    'hello',
    '',
  ])('%s', (text) => expect(wish(text).score).toBeLessThan(0.5))
})

describe('safety', () => {
  it.each([
    ['self-harm', 'I want to kill myself'],
    ['self-harm', 'Ich will nicht mehr leben'],
    ['self-harm', 'quiero morirme'],
    ['threat', 'I will burn your office down'],
    ['threat', 'je vais vous tuer'],
    ['legal action', 'you will hear from my lawyer, my lawyer will call'],
    ['legal action', 'Ich schalte meinen Anwalt ein'],
    ['legal action', 'vou processar vocês'],
    ['data breach', 'my account has been hacked'],
    ['data breach', 'I can see another customer’s invoices and data'],
    ['medical emergency', 'I have chest pain and can’t breathe'],
    ['medical emergency', 'preciso de uma ambulância'],
    ['accessibility need', 'I am blind and my screen reader cannot read this'],
    ['accessibility need', 'Je suis malvoyant'],
    ['self-harm', 'لا أريد الحياة، أفكر في الانتحار'],
    ['threat', 'أعرف أين تسكنون، سأقتلكم'],
    ['legal action', 'سأرفع دعوى قضائية ضدكم'],
    ['data breach', 'تم اختراق حسابي'],
    ['medical emergency', 'أحتاج سيارة إسعاف، لا أستطيع التنفس'],
    ['accessibility need', 'أنا كفيف ولا أرى الأزرار'],
  ])('%s: %s', (hazard, text) => {
    const danger = findDanger(readWords(text))
    expect(danger?.hazard).toBe(hazard)
    for (const words of danger!.evidence) expect(text).toContain(words)
  })

  it('names the gravest of several', () => {
    expect(findDanger(readWords('My lawyer will call. I want to die.'))?.hazard).toBe('self-harm')
  })

  it.each([
    'I want to watch A Good Day to Die Hard',
    'This delay is killing me',
    'Do they have wheelchair access?',
    'Is there a hospital near the hotel?',
    'My card was stolen',
    'Find me a lawyer movie',
    'I broke my phone screen and cannot use it',
    'أريد رفع شكوى على الطلب',
    'هل يوجد مستشفى قريب من الفندق؟',
    'كسرت شاشة هاتفي',
  ])('not: %s', (text) => expect(findDanger(readWords(text))).toBeUndefined())
})

it('looks at no more than a bounded part of a huge message', () => {
  const huge = 'talk to '.repeat(6_000)
  expect(huge.length).toBeGreaterThan(40_000)
  expect(readWords(huge).text.length).toBe(2_000)
  expect(wish(`${huge} a human`).score).toBe(0)
})
