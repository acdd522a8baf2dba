/** Intents every bot needs, so that nobody has to write them again. Switched off by `smallTalk: false`. */
import type { FaqIntent, Texts } from './content.ts'

export const helloIntent = 'smalltalk.hello'

export const smallTalk: readonly FaqIntent[] = [
  talk(
    helloIntent,
    [
      'hi, hello, hey, hey there, hi there, hello there, good morning, good afternoon, good evening, greetings',
      'hallo, guten tag, guten morgen, guten abend, moin, servus, grüß gott, hallo zusammen',
      'bonjour, salut, bonsoir, coucou, bonjour à tous',
      'hola, buenos días, buenas tardes, buenas noches, buenas',
      'olá, oi, bom dia, boa tarde, boa noite',
      'مرحبا, أهلا, السلام عليكم, صباح الخير, مساء الخير, أهلا وسهلا',
    ],
    {
      en: 'Hello! How can I help you?',
      de: 'Hallo! Wie kann ich helfen?',
      fr: 'Bonjour ! Comment puis-je vous aider ?',
      es: '¡Hola! ¿En qué puedo ayudarle?',
      pt: 'Olá! Como posso ajudar?',
      ar: 'مرحبًا! كيف يمكنني المساعدة؟',
    },
  ),
  talk(
    'smalltalk.thanks',
    [
      'thanks, thank you, thank you very much, thanks a lot, many thanks, great thanks, thanks for your help, thx, cheers, perfect thank you',
      'danke, danke schön, vielen dank, danke für die hilfe, besten dank, super danke',
      'merci, merci beaucoup, merci pour votre aide, un grand merci',
      'gracias, muchas gracias, gracias por su ayuda, mil gracias',
      'obrigado, obrigada, muito obrigado, muito obrigada, obrigado pela ajuda, valeu',
      'شكرا, شكرا جزيلا, شكرا لك, شكرا على المساعدة, ألف شكر',
    ],
    {
      en: "You're welcome!",
      de: 'Gern geschehen!',
      fr: 'Avec plaisir !',
      es: '¡De nada!',
      pt: 'De nada!',
      ar: 'على الرحب والسعة!',
    },
  ),
  talk(
    'smalltalk.bye',
    [
      'bye, goodbye, bye bye, see you, see you later, have a nice day, that is all bye, good night',
      'tschüss, auf wiedersehen, bis bald, ciao, schönen tag noch, bis später',
      'au revoir, à bientôt, bonne journée, adieu, à plus tard',
      'adiós, hasta luego, hasta pronto, chao, que tenga un buen día',
      'tchau, adeus, até logo, até breve, tenha um bom dia',
      'مع السلامة, إلى اللقاء, وداعا, أراك لاحقا',
    ],
    {
      en: 'Goodbye, and have a nice day!',
      de: 'Auf Wiedersehen und einen schönen Tag!',
      fr: 'Au revoir et bonne journée !',
      es: '¡Hasta luego y que tenga un buen día!',
      pt: 'Até logo e tenha um bom dia!',
      ar: 'مع السلامة، ونهارك سعيد!',
    },
    'end',
  ),
  // No answer: whether a person comes is for the hub to say, when it is true.
  talk(
    'smalltalk.human',
    [
      'human, agent, i want to talk to a human, talk to a person, can i speak to an agent, connect me to a real person, speak to someone, customer service representative please, live agent, let me talk to a human being, i want a person not a bot',
      'mensch, mitarbeiter, ich möchte mit einem menschen sprechen, mit einem mitarbeiter sprechen, kann ich mit jemandem reden, bitte einen echten menschen, verbinden sie mich mit einem mitarbeiter',
      'un humain, un conseiller, je veux parler à un humain, parler à un conseiller, puis-je parler à une vraie personne, mettez-moi en relation avec un conseiller',
      'un humano, un agente, quiero hablar con una persona, hablar con un agente, puedo hablar con alguien, una persona real por favor',
      'um humano, um atendente, quero falar com uma pessoa, falar com um atendente, posso falar com alguém, uma pessoa de verdade por favor',
      'موظف, إنسان, أريد التحدث إلى موظف, أريد التحدث إلى شخص, هل يمكنني التحدث إلى موظف, حولني إلى موظف من فضلك, أريد شخصا حقيقيا',
    ],
    {},
    'human',
  ),
]

function talk(name: string, phrases: readonly string[], answers: Texts, wants?: 'human' | 'end'): FaqIntent {
  const all = phrases.flatMap((line) => line.split(', '))
  return { name, phrases: all, answers, choices: [], needs: [], smallTalk: true, ...(wants && { wants }) }
}
