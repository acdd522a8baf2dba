/** What the bot says of its own, in the six languages it speaks from the start. */
import type { Texts } from './content.ts'

export const unknownTexts: Texts = {
  en: "I'm sorry, I don't know the answer to that. Could you put it another way?",
  de: 'Das weiß ich leider nicht. Können Sie es noch einmal anders sagen?',
  fr: "Je suis désolé, je n'ai pas la réponse. Pouvez-vous le dire autrement ?",
  es: 'Lo siento, no sé la respuesta. ¿Puede decirlo de otra manera?',
  pt: 'Desculpe, não sei a resposta. Pode dizer de outra forma?',
  ar: 'عذرًا، لا أعرف الجواب عن ذلك. هل يمكنك قول ذلك بطريقة أخرى؟',
}

export const articleTexts: Texts = {
  en: 'This may help:',
  de: 'Das könnte helfen:',
  fr: 'Ceci peut vous aider :',
  es: 'Esto puede ayudarle:',
  pt: 'Isto pode ajudar:',
  ar: 'قد يساعدك هذا:',
}

/** For a "hello" after a person has been there: the customer is known by now. */
export const againTexts: Texts = {
  en: 'Is there anything else I can do for you?',
  de: 'Kann ich noch etwas für Sie tun?',
  fr: 'Puis-je faire autre chose pour vous ?',
  es: '¿Puedo hacer algo más por usted?',
  pt: 'Posso ajudar em mais alguma coisa?',
  ar: 'هل من شيء آخر يمكنني فعله من أجلك؟',
}
